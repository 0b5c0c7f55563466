import {setTimeout as sleep} from 'node:timers/promises';
import tls from 'node:tls';
import {shake, type ShakeResult} from '../../src/observe/handshake.ts';
import {refusal} from '../../src/prove/accepts.ts';
import {holdingOf} from '../../src/prove/holding.ts';
import {refusedBetween} from '../../src/prove/meet.ts';
import type {Holding, Party} from '../../src/prove/types.ts';
import {dial, type Dialled} from '../traffic/dial.ts';
import {loadedOf, type MixedCase} from './case.ts';
import {kinds, type MixedPort} from './kinds.ts';
import {
	address,
	bundles,
	leaves,
	materialOf,
	servername,
} from './materials.ts';
import type {OpenServer} from './server.ts';

/** What is possible: that the server accepts its client, and that both accept each other. */
type Computed = {byServer: Set<boolean>; byBoth: Set<boolean>};

/** Each state that a holding allows, as a holding of its own. */
const singles = ({leaves: own, clientsCas, serversCas}: Holding): Holding[] => own.flatMap(leaf => clientsCas.map(bundle => ({leaves: [leaf], clientsCas: [bundle], serversCas})));

/** The verdicts of the proof: by its table of how components take up files, and by its rule of who accepts whom. */
const compute = (one: MixedCase, {checksClients, manner}: MixedPort, now: number): Computed & {holding: Holding} => {
	const holding = holdingOf(manner, [{started: [materialOf(loadedOf(one))], mounted: [materialOf(one.mounted)]}]);
	const {leaf, bundle} = materialOf(one.client);
	// Node is built on OpenSSL, as TiKV is.
	const client: Party = {
		group: {component: 'tikv', pods: [], mounts: {}}, holding: {leaves: [leaf], clientsCas: [bundle], serversCas: [bundle]}, library: 'openssl',
	};
	const found = singles(holding).map(state => {
		const server: Party = {group: {component: kinds[one.kind].component, pods: [], mounts: {}}, holding: state, library: manner.library};
		const refused = refusedBetween(client, server, (...asked) => refusal(...asked, now)).filter(({as}) => as === 'server' || checksClients);
		return {byServer: refused.every(({as}) => as === 'server'), byBoth: refused.length === 0};
	});
	return {byServer: new Set(found.map(({byServer}) => byServer)), byBoth: new Set(found.map(({byBoth}) => byBoth)), holding};
};

const tries = 10;

/** Asks until it is known: a refusal's alert can be lost in a reset connection. */
const untilKnown = async <Result>(ask: () => Promise<Result>, isKnown: (result: Result) => boolean): Promise<Result> => {
	for (let count = 1; ; count++) {
		const result = await ask();
		if (count === tries || isKnown(result)) {
			return result;
		}

		await sleep(100);
	}
};

const words = (possible: Set<boolean>): string => [...possible].map(accepted => accepted ? 'accepted' : 'rejected').join(' or ');

/**
Sets a mixed state up for real, calls the server in it, and compares what comes of it with what the proof says: which leaf is served, whether
the server accepts the client's certificate, and whether both accept each other's.

@returns what came of it, in words.
@throws Error where the two do not agree, or where it cannot be told.
*/
export const tryCase = async (one: MixedCase, server: OpenServer): Promise<string> => {
	const port = kinds[one.kind].ports.find(candidate => candidate.port === one.port)!;
	await server.load(one.kind, loadedOf(one));
	await server.mount(one.kind, one.mounted);
	const {cert, key} = leaves[one.client.leaf]!;
	const shaken = await untilKnown<ShakeResult>(async () => shake({
		host: address, port: port.port, servername, protocol: port.protocol, cert, key, timeout: 5000,
	}), ({verdict}) => verdict !== 'unknown');
	const context = tls.createSecureContext({cert, key, ca: bundles[one.client.bundle]!});
	const route = {
		to: {
			pod: '', component: kinds[one.kind].component, address, servername,
		},
		port: port.port,
		speech: port.protocol,
	};
	const dialled = await untilKnown<Dialled>(async () => dial(route, {context}), ({outcome}) => outcome === 'accepted' || outcome === 'certificate');
	const {byServer, byBoth, holding} = compute(one, port, Date.now());
	const isServerRight = shaken.verdict !== 'unknown' && byServer.has(shaken.verdict === 'accepted');
	const areBothRight = ['accepted', 'certificate'].includes(dialled.outcome) && byBoth.has(dialled.outcome === 'accepted');
	const isStrange = shaken.served && holding.leaves.every(({certificates}) => certificates[0]!.fingerprint !== shaken.served?.fingerprint);
	const problems = [
		...(isServerRight ? [] : [`the server: ${words(byServer)} by the proof, really ${shaken.verdict} (${shaken.detail})`]),
		...(areBothRight ? [] : [`both: ${words(byBoth)} by the proof, really ${dialled.outcome} (${dialled.detail})`]),
		...(isStrange ? [`it serves serial ${shaken.served?.serial}, which it cannot have by the proof`] : []),
	];
	if (problems.length > 0) {
		throw new Error(problems.join('\n'));
	}

	return `${dialled.outcome === 'accepted' ? 'accepted' : `refused by the ${shaken.verdict === 'accepted' ? 'client' : 'server'}`}${byBoth.size > 1 ? ', and the proof knew either possible' : ''}`;
};
