import {Buffer} from 'node:buffer';
import type {IncomingMessage} from 'node:http';
import https from 'node:https';
import {setTimeout as sleep} from 'node:timers/promises';
import type tls from 'node:tls';
import type {Identity} from './dial.ts';
import type {Place} from './directions.ts';

/** What a client saw of PD's quorum. Lengths in milliseconds. */
export type Quorum = {
	looks: number;
	/** The fewest healthy members that any answer named; undefined without an answer. */
	fewestHealthy?: number;
	/** The longest time in which no member answered with a list of healthy members: a leader is being elected. */
	longestGap: number;
	/** Looks that no member answered. */
	unanswered: number;
};

type Member = {name: string; health: boolean};

const patience = 1500;

const open = async ({address, servername}: Place, {context}: Identity): Promise<IncomingMessage> => new Promise((resolve, reject) => {
	// The declared type knows `secureContext` only for sockets.
	const options: https.RequestOptions & tls.ConnectionOptions = {
		host: address, port: 2379, path: '/pd/api/v1/health', servername, secureContext: context, agent: false, timeout: patience,
	};
	const request = https.get(options, resolve);
	request.on('timeout', () => {
		request.destroy(new Error('silent'));
	});
	request.on('error', reject);
});

const ask = async (place: Place, identity: Identity): Promise<Member[]> => {
	const response = await open(place, identity);
	const parts: Uint8Array[] = [];
	for await (const part of response) {
		parts.push(part as Uint8Array);
	}

	if (response.statusCode !== 200) {
		throw new Error(`status ${response.statusCode}`);
	}

	return JSON.parse(Buffer.concat(parts).toString('utf8')) as Member[];
};

const healthyMembers = async (places: Place[], identity: () => Identity): Promise<number | undefined> => {
	for (const place of places) {
		try {
			// A client asks the next member only when one does not answer.
			const members = await ask(place, identity());
			return members.filter(member => member.health).length;
		} catch {}
	}

	return undefined;
};

/**
Asks PD every half second, as a client with the live Secret, which members are healthy, until `signal` says stop.

@returns what was seen, from the first answer on.
*/
export const watchQuorum = async (places: Place[], identity: () => Identity, signal: AbortSignal): Promise<Quorum> => {
	const pds = places.filter(place => place.component === 'pd');
	const quorum: Quorum = {looks: 0, longestGap: 0, unanswered: 0};
	let last = Date.now();
	while (!signal.aborted) {
		const first = quorum.looks % pds.length;
		const healthy = await healthyMembers([...pds.slice(first), ...pds.slice(0, first)], identity);
		quorum.looks++;
		if (healthy === undefined) {
			quorum.unanswered++;
		} else {
			quorum.fewestHealthy = Math.min(healthy, quorum.fewestHealthy ?? Infinity);
			quorum.longestGap = Math.max(quorum.longestGap, Date.now() - last);
			last = Date.now();
		}

		await sleep(500, undefined, {signal}).catch(() => undefined);
	}

	return quorum;
};
