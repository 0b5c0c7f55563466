import {createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {podAddress} from '../../sandbox/address.ts';
import type {Place} from './place.ts';

/**
Waits until the port of a pod's process is free, and takes it: the pod's next process cannot listen there, and ends.

@returns a function that gives the port back.
*/
export const takePort = async ({network, namespace, cluster}: Place, component: string, port: number): Promise<() => Promise<void>> => {
	const host = podAddress({
		network, namespace, set: `${cluster}-${component}`, ordinal: 0,
	});
	for (;;) {
		const server = createServer(socket => {
			socket.destroy();
		});
		const {promise, resolve} = Promise.withResolvers<boolean>();
		server.once('error', () => {
			resolve(false);
		});
		server.listen(port, host, () => {
			resolve(true);
		});
		if (await promise) {
			return async () => {
				const closed = Promise.withResolvers<void>();
				server.close(() => {
					closed.resolve();
				});
				await closed.promise;
			};
		}

		await sleep(2);
	}
};
