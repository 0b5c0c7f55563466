import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Port} from '../../cluster/types.ts';
import type {ClientMaterial} from '../../observe/client-secret.ts';
import type {SteadyForward} from '../../observe/forward.ts';
import {shake} from '../../observe/handshake.ts';
import type {Target} from '../../observe/shake-all.ts';
import {type Attempt, outcomeOf} from './count.ts';

/** A pod with the forward that leads to it. */
export type Linked = {target: Target; link: SteadyForward};

/** Milliseconds, for one connection. */
const limit = 5000;
/** A forwarder ends a moment after the connection that ended it, in milliseconds. */
const settling = 250;

/**
One full handshake at a port of a pod, with the client Secret's leaf, judged by its bundle.
@returns undefined when the forwarder died over it: nobody knows what the pod would have said.
@throws Error when no forwarder could be started.
*/
export const tryPort = async ({target, link}: Linked, {port, protocol}: Port, {cert, key, bundle}: ClientMaterial): Promise<Attempt | undefined> => {
	const local = await link.local(port);
	const lost = link.lost();
	const result = await shake({
		...local, servername: target.servername, protocol, cert, key, timeout: limit,
	});
	const attempt = {...outcomeOf(result, bundle, Date.now()), at: performance.now()};
	if (attempt.outcome !== 'other') {
		return attempt;
	}

	await sleep(settling);
	return link.lost() > lost ? undefined : attempt;
};
