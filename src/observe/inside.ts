import {createHash} from 'node:crypto';
import {ProgramError, runProgram} from '../run/program.ts';
import type {Inside} from './types.ts';

const limit = 10_000;
/** Linux counts process times in these, whatever the machine. */
const ticksPerSecond = 100;

export type Place = {
	namespace: string;
	pod: string;
	container: string;
	/** Where the Secret is mounted in the container. */
	mount: string;
	/** Also look at the mounted leaf. */
	leaf?: boolean;
	/** Chooses kubeconfig and context. */
	env: Record<string, string>;
};

const read = async ({namespace, pod, container, env}: Place, files: string[]): Promise<string> => {
	const {stdout} = await runProgram('kubectl', ['exec', `--namespace=${namespace}`, pod, `--container=${container}`, '--', 'cat', ...files], {
		what: `looking into ${pod}`, env, timeout: limit,
	});
	return stdout;
};

/** Start of process 1 in seconds since the epoch: boot time and field 22 of /proc/1/stat (proc(5)). */
const processStart = (text: string): number | undefined => {
	const boot = /^btime (?<seconds>\d+)$/mv.exec(text)?.groups?.seconds;
	// Field 2 is the program's name in brackets and may hold spaces.
	const fields = text.slice(text.lastIndexOf(')', text.indexOf('\n')) + 2).split(' ');
	const ticks = Number(fields[19]);
	return boot === undefined || Number.isNaN(ticks) ? undefined : Number(boot) + (ticks / ticksPerSecond);
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const wordsOf = (reason: unknown): string => {
	const last = reason instanceof ProgramError ? reason.stderr.trim().split('\n').at(-1) : '';
	return last === undefined || last === '' ? String((reason as Error).message.split('\n', 1)[0]) : last;
};

/**
Looks into a pod's container: the bundle that is mounted there, and since when its process 1 runs. What the container does not
let it see is missing, and `problem` says why. It does not throw.
*/
export const inside = async (place: Place): Promise<Inside> => {
	const {pod, mount, leaf: isLeafAsked = false} = place;
	const [bundle, processes, leaf] = await Promise.allSettled([
		read(place, [`${mount}/ca.crt`]), read(place, ['/proc/1/stat', '/proc/stat']), isLeafAsked ? read(place, [`${mount}/tls.crt`]) : undefined,
	]);
	const processStarted = processes.status === 'fulfilled' ? processStart(processes.value) : undefined;
	const problems = [bundle, processes, leaf].flatMap(result => result.status === 'rejected' ? [wordsOf(result.reason)] : []);
	return {
		pod,
		...(bundle.status === 'fulfilled' && {bundleDigest: sha256(bundle.value)}),
		...(leaf.status === 'fulfilled' && leaf.value !== undefined && {leafDigest: sha256(leaf.value)}),
		...(processStarted !== undefined && {processStarted}),
		...(problems.length > 0 && {problem: [...new Set(problems)].join('; ')}),
	};
};
