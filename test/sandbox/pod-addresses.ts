import {podAddress} from './address.ts';
import type {Sandbox} from './state.ts';

/** The components of the sandbox's cluster whose certificates have hosts. */
export const servers = ['pd', 'tikv', 'tidb'] as const;

/** Room for scaling out: so many more pods than there are have their addresses in the certificates. */
const spare = 2;

/** The addresses that a component's certificate needs: there is no DNS in the sandbox, processes dial addresses. */
export const podAddresses = (sandbox: Sandbox, component: typeof servers[number]): string[] => {
	const {cluster, namespace, network} = sandbox;
	return Array.from({length: sandbox[component] + spare}, (_, ordinal) => podAddress({
		network, namespace, set: `${cluster}-${component}`, ordinal,
	}));
};
