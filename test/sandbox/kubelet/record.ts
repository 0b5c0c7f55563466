import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import writeFileAtomic from 'write-file-atomic';
import {startTicksOf} from '../processes.ts';
import {statePaths} from '../state.ts';

/**
What the kubelet knows of a pod's process, in `pods/<namespace>/<pod>/process.json`: it finds the process again by this
after it was restarted itself, and tests read which process answers for a pod, and since when. Times are UTC, ISO 8601.
*/
export type ProcessRecord = {
	pid: number;
	/** Clock ticks since boot: with the pid it names a process for good. */
	startTicks: number;
	startedAt: string;
	/** The pod that the process was started for. Another one than `pod.uid` after the accident. */
	uid: string;
	/** The folder whose certificates the process reads. */
	volumes: string;
	/** The pod that Kubernetes shows in front of the process, and since when it says its containers run. */
	pod: {uid: string; containerStartedAt: string; restarts: number};
	/** The run before this one in the same pod. */
	before?: {startedAt: string; finishedAt: string};
};

/** The folder of all that belongs to pods of this name, whatever their uid. */
export const podFolder = (state: string, namespace: string, pod: string): string => path.join(statePaths(state).pods, namespace, pod);

/** The folder of one pod's volumes. */
export const volumesFolder = (state: string, namespace: string, pod: string, uid: string): string => path.join(podFolder(state, namespace, pod), uid, 'volumes');

const recordFile = (state: string, namespace: string, pod: string): string => path.join(podFolder(state, namespace, pod), 'process.json');

/** The record of the process that runs, or last ran, for the pods of this name; `undefined` if there never was one. */
export const readRecord = async (state: string, namespace: string, pod: string): Promise<ProcessRecord | undefined> => {
	try {
		return JSON.parse(await readFile(recordFile(state, namespace, pod), 'utf8')) as ProcessRecord;
	} catch {
		return undefined;
	}
};

/** Write the record beside its place and rename it. */
export const writeRecord = async (state: string, namespace: string, pod: string, record: ProcessRecord): Promise<void> => {
	await mkdir(podFolder(state, namespace, pod), {recursive: true, mode: 0o700});
	await writeFileAtomic(recordFile(state, namespace, pod), `${JSON.stringify(record, undefined, '\t')}\n`);
};

/** Whether the recorded process still runs: another process may have got its number. */
export const isAlive = async (record: ProcessRecord | undefined): Promise<boolean> =>
	record !== undefined && await startTicksOf(record.pid) === record.startTicks;

/** Send a signal to the recorded process, if it still runs. */
export const signalRecorded = async (record: ProcessRecord, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
	if (await isAlive(record)) {
		process.kill(record.pid, signal);
	}
};
