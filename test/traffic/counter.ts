import {setTimeout as sleep} from 'node:timers/promises';
import {connect} from '../sandbox/kube.ts';
import {
	dmOf,
	eachCluster,
	readState,
	secondOf,
	statePaths,
} from '../sandbox/state.ts';
import {followSecret} from './client-secret.ts';
import {makeCounter, type Tally} from './count.ts';
import {dial} from './dial.ts';
import {
	type Outsider,
	placesOf,
	type Route,
	routesAmong,
} from './directions.ts';
import {type Quorum, watchQuorum} from './health.ts';
import {makeContexts, type Material, materialOf} from './identity.ts';
import {makeProcessTable, wasRestarting} from './processes.ts';

export type CounterOptions = {
	/** The sandbox's state folder. */
	state: string;
	/** Connections a second. */
	rate: number;
	/** After the signal it goes on until there were so many attempts, though not for longer than two minutes. */
	least: number;
	/** Called when it begins to connect. */
	onBegin?: () => void;
};

export type Report = Tally & {
	/** ISO 8601. */
	startedAt: string;
	/** Until the signal. */
	attemptsBefore: number;
	endedAt: string;
	/** Restarts of processes, by pod name. */
	restarts: Record<string, number>;
	quorum: Quorum;
};

/** Connections that are under way at most: a cluster that hangs must not fill the machine. */
const mostUnderWay = 100;

/** Milliseconds. */
const longestRest = 120_000;
const lookInterval = 100;

/**
Makes mTLS connections at a steady rate in every direction that the components use, each with the leaf and the bundle that a process of
that age holds (design.md 5), until `signal` says stop.

@returns the counts.
@throws Error when the sandbox's API server or the cluster client Secret is not there.
*/
export const countTraffic = async ({state, rate, least, onBegin}: CounterOptions, signal: AbortSignal): Promise<Report> => {
	const over = new AbortController();
	const sandbox = await readState(state);
	const kube = await connect(statePaths(state).kubeconfig);
	const own = placesOf(sandbox);
	// Clusters that share a CA let each other's pods and clients in.
	const places = [...eachCluster(sandbox), ...(sandbox.dm > 0 ? [dmOf(sandbox)] : [])].flatMap(one => placesOf(one));
	const routes = routesAmong(places, {...sandbox, second: sandbox.second !== undefined});
	const table = makeProcessTable(state, places);
	await table.refresh();
	const follow = async (name: string, {namespace, cluster} = sandbox) => followSecret(kube, {namespace, name: `${cluster}-${name}`}, over.signal);
	const [client, mysql, second, dm] = await Promise.all([
		follow('cluster-client-secret'),
		sandbox.mysql ? follow('tidb-client-secret') : undefined,
		sandbox.second === undefined ? undefined : follow('cluster-client-secret', secondOf(sandbox)),
		sandbox.dm > 0 ? follow('dm-client-secret', dmOf(sandbox)) : undefined,
	]);
	const outsiders: Record<Outsider, () => Material> = {
		client: client.now,
		'mysql client': () => mysql!.now(),
		'mysql password': () => ({ca: mysql!.now().ca}),
		'second client': () => second!.now(),
		'dm client': () => dm!.now(),
	};
	const context = makeContexts();
	const counter = makeCounter();
	const underWay = new Set<Promise<void>>();
	const startedAt = Date.now();

	const call = async (route: Route): Promise<void> => {
		const {direction, from, to} = route;
		const isOutside = typeof from === 'string';
		const material = isOutside ? outsiders[from]() : await materialOf(table.get(from.name)!);
		const time = Date.now();
		const dialled = await dial(route, context(material), isOutside ? {} : {localAddress: from.address});
		counter.add({
			time, direction, from: isOutside ? from : from.name, to: to.name, ...dialled,
		});
	};

	let next = 0;
	const begin = (): void => {
		const route = routes[next++ % routes.length]!;
		// A process that does not run makes no connections.
		if (underWay.size >= mostUnderWay || (typeof route.from !== 'string' && !table.get(route.from.name)?.alive)) {
			return;
		}

		// A pod's volume may go at the moment when it is read: that process makes no connection either.
		const one = call(route).catch(() => undefined).finally(() => {
			underWay.delete(one);
		});
		underWay.add(one);
	};

	let attemptsBefore = 0;
	signal.addEventListener('abort', () => {
		attemptsBefore = counter.attempts();
	});
	const quorum = watchQuorum(own, () => context(client.now()), over.signal);
	let begun = 0;
	let lookAt = 0;
	let endAt = Infinity;
	onBegin?.();
	while (!signal.aborted || (counter.attempts() < least && Date.now() < endAt)) {
		if (endAt === Infinity && signal.aborted) {
			endAt = Date.now() + longestRest;
		}

		if (Date.now() >= lookAt) {
			lookAt = Date.now() + lookInterval;
			await table.refresh();
		}

		for (const due = Math.floor((Date.now() - startedAt) * rate / 1000); begun < due; begun++) {
			begin();
		}

		await sleep(20);
	}

	over.abort();
	await Promise.all(underWay);
	// A process that was just told to end may not have gone yet.
	await table.refresh();
	const seen = await quorum;
	kube.close();
	const restarts = Object.fromEntries(places.map(({name}) => [name, table.restarts.filter(restart => restart.pod === name).length]));
	return {
		startedAt: new Date(startedAt).toISOString(),
		attemptsBefore,
		endedAt: new Date().toISOString(),
		restarts,
		quorum: seen,
		...counter.tally(({to, time}) => wasRestarting(table.restarts, to, time)),
	};
};
