import path from 'node:path';
import {execa} from 'execa';
import {lastLines} from '../../sandbox/daemon.ts';
import {statePaths} from '../../sandbox/state.ts';
import type {TestSandbox} from './sandbox.ts';

/** What stood there when a command took too long: the pods, and the ends of the stand-ins' logs. */
export const lookAround = async ({state, env}: TestSandbox): Promise<string> => {
	const pods = await execa('kubectl', ['get', 'pods', '--all-namespaces', '--output=wide', '--request-timeout=10s'], {env, reject: false, all: true});
	const {logs} = statePaths(state);
	const ends = await Promise.all(['kubelet', 'operator'].map(async name => `${name}:\n${await lastLines(path.join(logs, `${name}.log`))}`));
	return ['it took too long; the pods then:', pods.all, ...ends].join('\n');
};
