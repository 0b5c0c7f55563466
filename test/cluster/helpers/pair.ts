import path from 'node:path';
import {secondOf} from '../../sandbox/state.ts';
import {textsOf} from './mysql.ts';
import {startSandbox, type TestSandbox} from './sandbox.ts';
import {secretsOf} from './state-of.ts';
import {startTraffic} from './traffic.ts';

/** Starts a sandbox of stand-ins with two TidbClusters in two namespaces on one CA, each with a pod of every kind; `second`: what the other one is called. */
export const startPair = async (name: string, second: string): Promise<TestSandbox[]> => {
	const first = await startSandbox(name, ['--profile', 'light', '--pd', '1', '--tikv', '1', '--tidb', '1', '--second', second]);
	const other = secondOf(first);
	return [first, {...first, ...other, folder: path.join(path.dirname(first.folder), other.folderName)}];
};

/** What the Secrets of both hold, as text. */
export const textsOfBoth = async (both: TestSandbox[]) => Promise.all(both.map(async one => textsOf(await secretsOf(one))));

/** Every CA in the bundles of both, as many times as there are bundles. */
export const casOfBoth = async (both: TestSandbox[]): Promise<string[]> => {
	const states = await Promise.all(both.map(async one => secretsOf(one)));
	return states.flatMap(secrets => Object.values(secrets).flatMap(({bundle}) => bundle));
};

/** Runs it while every pod and client of both connects to those of both. */
export const underTraffic = async <Of>(both: TestSandbox[], work: () => Promise<Of>) => {
	const counter = await startTraffic(both[0]!, 20);
	const ran = await work();
	const {restarts, total, examples} = await counter.stop();
	return {
		ran, total, examples, restarts,
	};
};
