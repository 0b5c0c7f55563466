import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Sandbox} from '../state.ts';
import {components, type Port} from './components.ts';
import {configOf, tlsOf} from './launch-files.ts';
import {launchMicroservice, launchPd} from './launch-pd.ts';
import {launchStandin} from './launch-standin.ts';
import {launchTidb} from './launch-tidb.ts';
import type {Member} from './peers.ts';
import {componentOf, type Pod} from './types.ts';

/** A program to start, with its arguments and what its environment has besides ours. */
export type Launch = {file: string; args: string[]; env?: Record<string, string>};

/** Certificate files on this machine. */
export type Tls = {folder: string; ca: string; cert: string; key: string};

export type LaunchOptions = {
	sandbox: Sandbox;
	pod: Pod;
	address: string;
	/** The folder of all pods of this name. */
	folder: string;
	/** The folder of this pod's volumes. */
	volumes: string;
	/** All pods of the StatefulSet. */
	members: Member[];
	/** The stand-in's program. */
	standin: string;
};

/** What each way to start a process gets; without `tls` the cluster has no TLS. */
export type LaunchInput = LaunchOptions & {tls: Tls | undefined; config: string; ports: Port[]};

/** A component that the table does not know has the ports of its containers. */
const portsIn = (pod: Pod): Port[] => components[componentOf(pod)]?.ports ?? pod.spec.containers.flatMap(({ports = []}) =>
	ports.filter(({protocol = 'TCP'}) => protocol === 'TCP').map(({containerPort}) => ({port: containerPort, protocol: 'http'})));

/** The ports that a pod's process listens on, whichever program it is. */
export const portsOf = (pod: Pod): number[] => portsIn(pod).map(({port}) => port);

/**
Make the files that a pod's process reads, and say how to start it. The program is chosen by the component label, not by the
container's command.
*/
export const prepareLaunch = async (options: LaunchOptions): Promise<Launch> => {
	const config = path.join(path.dirname(options.volumes), 'config.toml');
	await writeFile(config, await configOf(options), {mode: 0o600});
	const input = {
		...options, tls: tlsOf(options), config, ports: portsIn(options.pod),
	};
	const component = options.sandbox.profile === 'real' ? componentOf(options.pod) : '';
	switch (component) {
		case 'pd': {
			return launchPd(input);
		}

		case 'tso':
		case 'scheduling': {
			return launchMicroservice(input, component);
		}

		case 'tidb': {
			return launchTidb(input);
		}

		default: {
			return launchStandin(input);
		}
	}
};
