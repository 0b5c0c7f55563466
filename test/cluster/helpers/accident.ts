import {setTimeout as sleep} from 'node:timers/promises';
import {keepProcess, restartProcess} from '../../sandbox/kubelet/restart-process.ts';
import {readRecord} from '../../sandbox/kubelet/record.ts';
import type {Place} from './place.ts';
import {hashes} from './snapshot.ts';
import {podUids, secretsOf} from './state-of.ts';
import {until} from './until.ts';

/** Every leaf and its key, by where it stands: the Secrets (serials) and the cluster folder (hashes of files). */
export const leaves = async (place: Place): Promise<Record<string, string>> => {
	const [secrets, files] = await Promise.all([secretsOf(place), hashes(place.folder)]);
	return {
		...Object.fromEntries(Object.entries(secrets).map(([component, {texts}]) => [`Secret of ${component}`, `${texts['tls.crt']}${texts['tls.key']}`])),
		...Object.fromEntries(Object.entries(files).filter(([file]) => /^(?:client|[\-a-z]+-server)(?:-key)?\.pem$/v.test(file))),
	};
};

/** Switches the accident on: from now on these pods' processes outlive their pods. */
export const keepAll = async ({state, namespace}: Place, pods: string[]): Promise<void> => {
	await Promise.all(pods.map(async pod => keepProcess(state, namespace, pod)));
};

/** Ends the accident for a pod, and waits until another process stands behind it. */
export const endAccident = async ({state, namespace}: Place, pod: string): Promise<void> => {
	const before = await readRecord(state, namespace, pod);
	await restartProcess(state, namespace, pod);
	await until(`another process of ${pod}`, async () => {
		const now = await readRecord(state, namespace, pod);
		return now?.pid !== before?.pid;
	});
	// Until it listens; the gate tries an unknown verdict again as well.
	await sleep(3000);
};

/** The pods that are other ones than before: what Kubernetes shows as restarted. */
export const restarted = async (place: Place, before: Record<string, string>): Promise<string[]> => {
	const now = await podUids(place);
	return Object.keys(before).filter(pod => now[pod] !== undefined && now[pod] !== before[pod]);
};

/** The lines of a gate's message that name this pod. */
export const namedBy = (stderr: string, pod: string): string[] => stderr.slice(Math.max(0, stderr.lastIndexOf('the gate before'))).split('\n').filter(line => line.includes(`${pod} port `));
