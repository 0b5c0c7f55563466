import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {components} from './components.ts';
import type {Launch, LaunchInput} from './launch.ts';
import {mountedAt} from './launch-files.ts';
import {tomlStrings} from './toml.ts';
import {componentOf} from './types.ts';

/** The mTLS stand-in, told what to play by a file: test/sandbox/standin/config.go says what stands in it. */
export const launchStandin = async ({
	pod, address, folder, volumes, tls, config, ports, members, standin,
}: LaunchInput): Promise<Launch> => {
	const component = componentOf(pod);
	const setting = components[component]?.commonNames;
	const verifyCn = setting === undefined ? [] : tomlStrings(await readFile(config, 'utf8'), setting);
	const asks = {always: true, named: verifyCn.length > 0, never: false};
	const description = {
		name: pod.metadata.name,
		component,
		tls: tls?.folder ?? '',
		mysql: mountedAt({pod, volumes}, '/var/lib/tidb-server-tls') ?? mountedAt({pod, volumes}, '/var/lib/tiproxy-server-tls') ?? '',
		peers: tls ? path.join(folder, 'peers.json') : '',
		members: path.join(folder, 'members.json'),
		// Shared by all members: beside their folders.
		leader: path.join(path.dirname(folder), `${members[0]!.name}.leader`),
		ports: ports.map(({port, protocol, reload = 'leaf', clientCertificate = 'never'}) => ({
			address: `${address}:${port}`, protocol, reload, verifyCn, clientCertificate: asks[clientCertificate],
		})),
	};
	const file = path.join(path.dirname(config), 'standin.json');
	await writeFile(file, JSON.stringify(description, undefined, '\t'));
	return {file: standin, args: ['--config', file]};
};
