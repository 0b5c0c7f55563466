import {
	access,
	mkdir,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {readRecord, signalRecorded} from './record.ts';

const switchFile = (state: string, namespace: string, pod: string): string => path.join(state, 'keep-process', `${namespace}.${pod}`);

/**
The accident: from now on the pod's process outlives the pod. When the pod is deleted, Kubernetes shows its successor as
started and Ready, but behind it is the old process with the CA that it once read.
*/
export const keepProcess = async (state: string, namespace: string, pod: string): Promise<void> => {
	const file = switchFile(state, namespace, pod);
	await mkdir(path.dirname(file), {recursive: true});
	await writeFile(file, '');
};

/** Whether the accident is switched on for this pod. */
export const isProcessKept = async (state: string, namespace: string, pod: string): Promise<boolean> => {
	try {
		await access(switchFile(state, namespace, pod));
		return true;
	} catch {
		return false;
	}
};

/**
End the accident: take the switch away and end the process, so that the kubelet starts it again with the volumes of the
pod that Kubernetes shows.

@throws Error if no process was ever started for a pod of this name.
*/
export const restartProcess = async (state: string, namespace: string, pod: string): Promise<void> => {
	const record = await readRecord(state, namespace, pod);
	if (!record) {
		throw new Error(`The sandbox has no process for pod ${namespace}/${pod}.`);
	}

	await rm(switchFile(state, namespace, pod), {force: true});
	await signalRecorded(record, 'SIGTERM');
};
