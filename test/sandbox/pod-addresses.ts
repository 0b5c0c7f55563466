import {podAddress} from './address.ts';
import type {Sandbox} from './state.ts';

const all = ['pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash', 'dm-master', 'dm-worker'] as const;

/** A component whose certificate has hosts. */
export type Server = typeof all[number];

/** Those of the sandbox's cluster, in the documents' order. */
export const serversOf = (sandbox: Pick<Sandbox, Server>): Server[] => all.filter(component => sandbox[component] > 0);

/** Those of them that have a Secret of their own: with TLS for MySQL clients TiProxy has none (tidb-facts 1.4). */
export const certifiedOf = (sandbox: Sandbox): Server[] => serversOf(sandbox).filter(component => !(component === 'tiproxy' && sandbox.mysql));

/** Room for scaling out: so many more pods than there are have their addresses in the certificates. */
const spare = 2;

/** The addresses that a component's certificate needs: there is no DNS in the sandbox, processes dial addresses. */
export const podAddresses = (sandbox: Sandbox, component: Server): string[] => {
	const {cluster, namespace, network} = sandbox;
	return Array.from({length: sandbox[component] + spare}, (_, ordinal) => podAddress({
		network, namespace, set: `${cluster}-${component}`, ordinal,
	}));
};
