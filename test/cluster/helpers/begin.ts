import process from 'node:process';
import {execa} from 'execa';
import type {Ended, Place} from './place.ts';
import {root} from './sandbox.ts';

/** A rotation under way. */
export type Begun = {
	pid: number;
	kill: (signal: NodeJS.Signals) => void;
	/** How it ended; -1 when a signal ended it. */
	ended: Promise<Ended>;
};

/** Starts `rotate` for the place's cluster, without a terminal and without a question. */
export const beginRotation = ({env: placeEnv, cluster}: Place, args: string[], env: Record<string, string> = {}): Begun => {
	const child = execa(process.execPath, ['scripts/rotate.ts', '--cluster', cluster, '--yes', ...args], {
		cwd: root, reject: false, stdin: 'ignore', timeout: 280_000, env: {...placeEnv, ...env},
	});
	return {
		pid: child.pid!,
		kill(signal) {
			child.kill(signal);
		},
		ended: (async () => {
			const {exitCode = -1, stdout, stderr} = await child;
			return {status: exitCode, stdout, stderr};
		})(),
	};
};
