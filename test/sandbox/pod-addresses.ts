import {isMicroservice} from '../../src/cluster/components.ts';
import type {Microservice} from '../../src/cluster/types.ts';
import {podAddress} from './address.ts';
import type {Sandbox} from './state.ts';

const all = ['pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash', 'tso', 'scheduling', 'dm-master', 'dm-worker'] as const;

/** A component that serves a certificate with hosts. */
export type Server = typeof all[number];

/** Those of the sandbox's cluster, in the documents' order. */
export const serversOf = (sandbox: Pick<Sandbox, Server>): Server[] => all.filter(component => sandbox[component] > 0);

/** Those of them that have a Secret of their own: with TLS for MySQL clients TiProxy has none (tidb-facts 1.4), and PD's microservices have PD's. */
export const certifiedOf = (sandbox: Sandbox): Server[] => serversOf(sandbox).filter(component => !(component === 'tiproxy' && sandbox.mysql) && !isMicroservice(component));

/** PD's microservices that a sandbox's cluster has. */
export const microservicesOf = (sandbox: Pick<Sandbox, Server>): Microservice[] => serversOf(sandbox).filter(component => isMicroservice(component));

/** Who serves a component's certificate: itself, and of PD's its microservices. */
const serving = (sandbox: Sandbox, component: Server): Server[] => [component, ...(component === 'pd' ? microservicesOf(sandbox) : [])];

/** Room for scaling out: so many more pods than there are have their addresses in the certificates. */
const spare = 2;

/** The addresses that a component's certificate needs: there is no DNS in the sandbox, processes dial addresses. */
export const podAddresses = (sandbox: Sandbox, component: Server): string[] => {
	const {cluster, namespace, network} = sandbox;
	return serving(sandbox, component).flatMap(one => Array.from({length: sandbox[one] + spare}, (_, ordinal) => podAddress({
		network, namespace, set: `${cluster}-${one}`, ordinal,
	})));
};
