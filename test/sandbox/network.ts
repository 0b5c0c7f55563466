import {once} from 'node:events';
import {createServer} from 'node:net';
import {controlPlaneAddress} from './address.ts';
import {
	type Daemon,
	isRunning,
	startDaemon,
	waitFor,
} from './daemon.ts';
import {statePaths} from './state.ts';

/** Ports of the control plane, on the first address of the sandbox's network. */
export const ports = {
	etcd: 2379, etcdPeer: 2380, apiserver: 6443, kwok: 10_247, certManager: 9402,
};

export const isFree = async (host: string, port: number): Promise<boolean> => {
	const server = createServer();
	server.listen(port, host);
	try {
		await once(server, 'listening');
		return true;
	} catch {
		return false;
	} finally {
		server.close();
	}
};

const startEtcd = async (state: string, file: string, network: number): Promise<Daemon> => {
	const address = controlPlaneAddress(network);
	const client = `http://${address}:${ports.etcd}`;
	const peer = `http://${address}:${ports.etcdPeer}`;
	return startDaemon(state, {name: 'etcd', file}, [
		'--name=sandbox',
		`--data-dir=${statePaths(state).etcd}`,
		'--unsafe-no-fsync',
		'--log-level=warn',
		`--listen-client-urls=${client}`,
		`--advertise-client-urls=${client}`,
		`--listen-peer-urls=${peer}`,
		`--initial-advertise-peer-urls=${peer}`,
		`--initial-cluster=sandbox=${peer}`,
	]);
};

/**
Starts etcd on the first free network, 127.100.0.0/16 to 127.199.0.0/16. That etcd has bound its port is the claim to the network.

@returns N of 127.N.0.0/16.
*/
export const claimNetwork = async (state: string, etcd: string): Promise<number> => {
	for (let network = 100; network < 200; network++) {
		const address = controlPlaneAddress(network);
		const probes = await Promise.all(Object.values(ports).map(async port => isFree(address, port)));
		if (probes.includes(false)) {
			continue;
		}

		const running = await startEtcd(state, etcd, network);
		try {
			await waitFor(running, async () => {
				const response = await fetch(`http://${address}:${ports.etcd}/health`);
				// Another sandbox's etcd may answer, if it was faster.
				return response.ok && isRunning(running);
			});
			return network;
		} catch (error) {
			if (!(error as Error).message.includes('address already in use')) {
				throw error;
			}
		}
	}

	throw new Error('no free network for the sandbox: 127.100.0.1 to 127.199.0.1 are all in use');
};
