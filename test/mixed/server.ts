import {Buffer} from 'node:buffer';
import {
	mkdir,
	mkdtemp,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa, type ResultPromise} from 'execa';
import {shake} from '../../src/observe/handshake.ts';
import {components} from '../sandbox/kubelet/components.ts';
import type {LaunchInput} from '../sandbox/kubelet/launch.ts';
import {writeVolume} from '../sandbox/kubelet/volumes.ts';
import type {Sandbox} from '../sandbox/state.ts';
import {kinds, type Kind, type MixedPort} from './kinds.ts';
import {
	address,
	filesOf,
	leaves,
	type Names,
	servername,
} from './materials.ts';

/** The programs of the servers, absolute paths. */
export type Programs = {programs: Sandbox['programs']; standin: string};

/** Milliseconds for a server to answer its own certificate. */
const patience = 60_000;

const isSame = (one: Names, other: Names): boolean => one.leaf === other.leaf && one.bundle === other.bundle;

/** One server at a time, with a folder that stands for its mounted Secret. */
export const openServer = async ({programs, standin}: Programs) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	let running: {kind: Kind; loaded: Names; child: ResultPromise} | undefined;

	const paths = (kind: Kind) => {
		const own = path.join(folder, kind.replaceAll(' ', '-'));
		const mounted = path.join(own, 'volumes', 'tls');
		return {own, mounted, config: path.join(own, 'config.toml')};
	};

	const mount = async (kind: Kind, names: Names): Promise<void> => {
		const files = Object.entries(filesOf(names)).map(([name, text]) => [name, Buffer.from(text)] as const);
		await writeVolume(paths(kind).mounted, new Map(files));
	};

	const stop = async (): Promise<void> => {
		running?.child.kill('SIGKILL');
		await running?.child;
		running = undefined;
	};

	/** In an object: what execa gives is awaited where it is returned. */
	const launch = async (kind: Kind): Promise<{child: ResultPromise}> => {
		const {own, mounted, config} = paths(kind);
		const {component, config: text} = kinds[kind];
		const name = `mixed-${component}-0`;
		await mkdir(path.join(own, 'data'), {recursive: true});
		await writeFile(config, text);
		const sandbox: Pick<Sandbox, 'programs'> = {programs};
		const input: unknown = {
			sandbox,
			pod: {
				apiVersion: 'v1', kind: 'Pod', metadata: {name, labels: {'app.kubernetes.io/component': component}}, spec: {containers: []},
			},
			address,
			folder: own,
			volumes: path.join(own, 'volumes'),
			members: [{name, address, dnsName: servername}],
			standin,
			tls: {
				folder: mounted, ca: path.join(mounted, 'ca.crt'), cert: path.join(mounted, 'tls.crt'), key: path.join(mounted, 'tls.key'),
			},
			config,
			ports: components[component]!.ports,
		};
		// What else a sandbox and a pod have, no way to start these servers asks for.
		const {file, args, env = {}} = await kinds[kind].launch(input as LaunchInput);
		const output = {file: path.join(own, 'log'), append: true};
		const child = execa(file, args, {
			cwd: own, env, stdin: 'ignore', stdout: output, stderr: output, buffer: false, reject: false,
		});
		return {child: child as ResultPromise};
	};

	/** Waits until a port answers the server's own leaf in some way. */
	const untilAnswered = async (kind: Kind, {port, protocol}: MixedPort, {leaf}: Names): Promise<void> => {
		const late = Date.now() + patience;
		for (;;) {
			const {verdict, detail} = await shake({
				host: address, port, servername, protocol, ...leaves[leaf]!, timeout: 5000,
			});
			if (verdict !== 'unknown') {
				return;
			}

			if (Date.now() > late) {
				throw new Error(`${kind} does not answer on port ${port}: ${detail}`);
			}

			await sleep(100);
		}
	};

	return {
		/** Sees that the server of this kind runs and has loaded this at its start: starts it, or starts it again, where it is not so. */
		async load(kind: Kind, loaded: Names): Promise<void> {
			if (running?.kind === kind && isSame(running.loaded, loaded) && kinds[kind].isLazy !== true) {
				return;
			}

			await stop();
			await mount(kind, loaded);
			running = {kind, loaded, ...await launch(kind)};
			for (const port of kinds[kind].ports) {
				await untilAnswered(kind, port, loaded);
			}
		},
		mount,
		async close(): Promise<void> {
			await stop();
			await rm(folder, {recursive: true, force: true});
		},
	};
};

export type OpenServer = Awaited<ReturnType<typeof openServer>>;
