import {podAddress} from '../sandbox/address.ts';
import {type Server, serversOf} from '../sandbox/pod-addresses.ts';
import type {Sandbox} from '../sandbox/state.ts';

/** What the first application bytes are asked for with: HTTP/2's preface (gRPC), a plain request, or a login, before which MySQL begins TLS. */
export type Speech = 'h2' | 'http' | 'mysql';

/**
Who is no pod: `client` reads the cluster client Secret at every call, `mysql client` that of the MySQL side; `mysql password` takes only the
CAs from there and presents nothing. `second client` is the client of a second cluster with the same CA, `dm client` that of a DM cluster.
*/
export type Outsider = 'client' | 'mysql client' | 'mysql password' | 'second client' | 'dm client';

/** A pod of the cluster: where it is and by which name its peers check its certificate. In results it has its name, or another where two are called alike. */
export type Place = {pod: string; name: string; namespace: string; component: Server; address: string; servername: string};

/** One connection that a component makes: by the process of a pod, or by a client. */
export type Route = {
	/** `tikv → pd 2379`. */
	direction: string;
	from: Place | Outsider;
	to: Place;
	port: number;
	speech: Speech;
};

type Way = [from: Place['component'] | Outsider, to: Place['component'], port: number, speech: Speech];

/** The ways that the components use (tidb-facts 1); `client` is what the operator does with the cluster client Secret. */
const ways: Way[] = [
	['pd', 'pd', 2380, 'http'],
	['pd', 'pd', 2379, 'h2'],
	['client', 'pd', 2379, 'http'],
	['tikv', 'pd', 2379, 'h2'],
	['tidb', 'pd', 2379, 'h2'],
	['pd', 'tikv', 20_160, 'h2'],
	['tikv', 'tikv', 20_160, 'h2'],
	['tidb', 'tikv', 20_160, 'h2'],
	['client', 'tikv', 20_180, 'http'],
	['client', 'tidb', 10_080, 'http'],
	['tidb', 'tidb', 10_080, 'http'],
	['tiflash', 'pd', 2379, 'h2'],
	['tiflash', 'tikv', 20_160, 'h2'],
	['tidb', 'tiflash', 3930, 'h2'],
	['tikv', 'tiflash', 20_170, 'h2'],
	['client', 'tiflash', 20_292, 'http'],
	['ticdc', 'pd', 2379, 'h2'],
	['ticdc', 'tikv', 20_160, 'h2'],
	['client', 'ticdc', 8301, 'http'],
	['tiproxy', 'pd', 2379, 'h2'],
	['tiproxy', 'tidb', 10_080, 'http'],
	['client', 'tiproxy', 3080, 'http'],
	['tidb', 'pump', 8250, 'h2'],
	['pump', 'pd', 2379, 'h2'],
	['client', 'pump', 8250, 'http'],
	['pd', 'tso', 2379, 'h2'],
	['tidb', 'tso', 2379, 'h2'],
	['tikv', 'tso', 2379, 'h2'],
	['tso', 'pd', 2379, 'h2'],
	['tso', 'tso', 2379, 'h2'],
	['client', 'tso', 2379, 'http'],
	['pd', 'scheduling', 2379, 'h2'],
	['scheduling', 'pd', 2379, 'h2'],
	['scheduling', 'tikv', 20_160, 'h2'],
	['client', 'scheduling', 2379, 'http'],
];

/** Those of a DM cluster. */
const dmWays: Way[] = [
	['dm-master', 'dm-master', 8291, 'http'],
	['dm-master', 'dm-worker', 8262, 'h2'],
	['dm-worker', 'dm-master', 8261, 'h2'],
	['dm client', 'dm-master', 8261, 'http'],
	['dm client', 'dm-worker', 8262, 'http'],
];

/** The ways of MySQL clients, in a cluster that has certificates for them (tidb-facts 1.3). */
const mysqlWays: Way[] = [
	['mysql client', 'tidb', 4000, 'mysql'],
	['mysql password', 'tidb', 4000, 'mysql'],
	['mysql client', 'tiproxy', 6000, 'mysql'],
	['mysql password', 'tiproxy', 6000, 'mysql'],
];

const isOutsider = (from: Way[0]): from is Outsider => from === 'client' || from.includes(' ');

/** The client of a second cluster goes everywhere that the first one's goes. */
const secondWays: Way[] = ways.filter(([from]) => from === 'client').map(([, ...rest]) => ['second client', ...rest]);

/** The pods that a sandbox's cluster shall have. */
export const placesOf = (sandbox: Pick<Sandbox, 'cluster' | 'folderName' | 'namespace' | 'network' | Server>): Place[] =>
	serversOf(sandbox).flatMap(component => Array.from({length: sandbox[component]}, (_, ordinal) => {
		const {cluster, folderName, namespace, network} = sandbox;
		const set = `${cluster}-${component}`;
		const pod = `${set}-${ordinal}`;
		return {
			pod,
			name: folderName === cluster ? pod : `${namespace}/${pod}`,
			namespace,
			component,
			address: podAddress({
				network, namespace, set, ordinal,
			}),
			servername: `${pod}.${component === 'pump' ? set : `${set}-peer`}.${namespace}.svc`,
		};
	}));

/**
Every pair of pods of every way, in an order that spreads one way's pairs over a round; with `mysql`, also those of MySQL clients, with
`second` of another cluster's, with `dm` within a DM cluster. No pod connects to itself.
*/
export const routesAmong = (places: Place[], {mysql = false, second = false, dm = 0} = {}): Route[] => {
	// With TLS for MySQL clients TiProxy's status port has TiDB's certificate (tidb-facts 1.4), which the client does not know.
	const own = mysql ? ways.filter(([, to]) => to !== 'tiproxy') : ways;
	const byWay = [...own, ...(mysql ? mysqlWays : []), ...(second ? secondWays : []), ...(dm > 0 ? dmWays : [])].map(([from, to, port, speech]) => {
		const sources = isOutsider(from) ? [from] : places.filter(place => place.component === from);
		const targets = places.filter(place => place.component === to);
		return sources.flatMap(source => targets.filter(target => target !== source).map((target): Route => ({
			direction: `${from} → ${to} ${port}`, from: source, to: target, port, speech,
		})));
	});
	const longest = Math.max(...byWay.map(routes => routes.length));
	// A way with few pairs has its turn as often as one with many: its pairs come round again.
	return Array.from({length: longest}, (_, index) => byWay.flatMap(routes => routes[index % Math.max(routes.length, 1)] ?? [])).flat();
};
