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
	/** The fewest members that answered a look, whatever they said: that many ran. */
	fewestAnswering?: number;
	/** The longest time in which fewer than a majority could read with the consent of a majority: while a leader is elected nobody can. */
	longestGap: number;
};

/** A read that waits for a leader is answered when there is one. */
const patience = 5000;

const open = async ({address, servername}: Place, {context}: Identity): Promise<IncomingMessage> => new Promise((resolve, reject) => {
	// The declared type knows `secureContext` only for sockets.
	const options: https.RequestOptions & tls.ConnectionOptions = {
		host: address, port: 2379, path: '/health', servername, secureContext: context, agent: false, timeout: patience,
	};
	const request = https.get(options, resolve);
	request.on('timeout', () => {
		request.destroy(new Error('silent'));
	});
	request.on('error', reject);
});

/**
Whether a member has a leader and can read with the consent of a majority: the health of its etcd; undefined when it does not answer. (PD's
own list of healthy members calls members unhealthy that run, for the second in which PD's leader changes.)
*/
const healthOf = async (place: Place, identity: Identity): Promise<boolean | undefined> => {
	try {
		const response = await open(place, identity);
		const parts: Uint8Array[] = [];
		for await (const part of response) {
			parts.push(part as Uint8Array);
		}

		return response.statusCode === 200 && (JSON.parse(Buffer.concat(parts).toString('utf8')) as {health?: string}).health === 'true';
	} catch {
		return undefined;
	}
};

/**
Asks each PD every half second, as a client with the live Secret, whether it has a quorum, until `signal` says stop.

@returns what was seen.
*/
export const watchQuorum = async (places: Place[], identity: () => Identity, signal: AbortSignal): Promise<Quorum> => {
	const pds = places.filter(place => place.component === 'pd');
	const majority = Math.floor(pds.length / 2) + 1;
	const quorum: Quorum = {looks: 0, longestGap: 0};
	let last = Date.now();
	while (!signal.aborted) {
		const answers = await Promise.all(pds.map(async place => healthOf(place, identity())));
		quorum.looks++;
		quorum.fewestAnswering = Math.min(answers.filter(answer => answer !== undefined).length, quorum.fewestAnswering ?? Infinity);
		if (answers.filter(Boolean).length >= majority) {
			quorum.longestGap = Math.max(quorum.longestGap, Date.now() - last);
			last = Date.now();
		}

		await sleep(500, undefined, {signal}).catch(() => undefined);
	}

	return quorum;
};
