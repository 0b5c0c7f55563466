import {readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {startProcess, startTicksOf} from '../processes.ts';
import {writeView} from './exec-view.ts';
import {prepareLaunch} from './launch.ts';
import {type Node, ownerOf, type Place} from './node.ts';
import {membersOf} from './peers.ts';
import {
	isAlive,
	type ProcessRecord,
	readRecord,
	signalRecorded,
	volumesFolder,
	writeRecord,
} from './record.ts';
import {mountsOf, type Pod} from './types.ts';

const now = (): string => new Date().toISOString();

/** The one process behind all pods of a name. */
export const makePodProcess = (node: Node, place: Place) => {
	const {state, sandbox} = node;
	const {namespace, name, folder} = place;
	let record: ProcessRecord | undefined;
	let ending: {pid: number; killAt: number} | undefined;

	const save = async (pod: Pod, next: ProcessRecord): Promise<void> => {
		record = next;
		await writeRecord(state, namespace, name, next);
		const volumes = mountsOf(pod).map(mount => ({path: `${pod.metadata.uid!}/volumes/${mount.volume.name}`, mountPath: mount.mountPath}));
		await writeView(folder, next.pid, volumes);
	};

	/** Removes the volumes of all pods but these. */
	const tidy = async (...keep: Array<string | undefined>): Promise<void> => {
		const entries = await readdir(folder);
		const old = entries.filter(entry => /^[\da-f]{8}-[\d\-a-f]{27}$/v.test(entry) && !keep.includes(entry));
		await Promise.all(old.map(async entry => rm(path.join(folder, entry), {recursive: true, force: true})));
	};

	return {
		/** What `process.json` says. */
		record: (): ProcessRecord | undefined => record,

		/** Finds the process that an earlier run of the kubelet started. */
		async load(): Promise<void> {
			record = await readRecord(state, namespace, name);
		},

		isAlive: async (): Promise<boolean> => isAlive(record),

		/** Starts a process for the pod, whose volumes are mounted. */
		async start(pod: Pod): Promise<void> {
			const uid = pod.metadata.uid!;
			const before = record?.pod.uid === uid ? record : undefined;
			const volumes = volumesFolder(state, namespace, name, uid);
			const members = membersOf(ownerOf(node, place)!, sandbox.network);
			const launch = await prepareLaunch({
				sandbox, pod, address: place.address, folder, volumes, members, standin: node.standin,
			});
			const pid = startProcess({
				state, name: `${namespace}.${name}`, file: launch.file, args: launch.args, log: place.log, ...(launch.env && {env: launch.env}),
			});
			const startedAt = now();
			await save(pod, {
				pid,
				startTicks: await startTicksOf(pid) ?? 0,
				startedAt,
				uid,
				volumes,
				pod: {uid, containerStartedAt: startedAt, restarts: before ? before.pod.restarts + 1 : 0},
				...(before && {before: {startedAt: before.pod.containerStartedAt, finishedAt: startedAt}}),
			});
			node.log(`${place.key}: started ${path.basename(launch.file)}, process ${pid}${before ? ', again' : ''}`);
			await tidy(uid);
		},

		/** Puts the process that runs behind a pod that it was not started for. */
		async adopt(pod: Pod): Promise<void> {
			const {before, ...kept} = record!;
			const uid = pod.metadata.uid!;
			await save(pod, {...kept, pod: {uid, containerStartedAt: now(), restarts: 0}});
			node.log(`${place.key}: the old process ${kept.pid} stands behind the new pod`);
			await tidy(uid, kept.uid);
		},

		/**
		Asks the process to end, and makes it end after the grace period. To be called again and again.

		@param graceSeconds - Between SIGTERM and SIGKILL.
		@returns whether it has really gone.
		*/
		async hasEnded(graceSeconds: number): Promise<boolean> {
			if (!record || !await isAlive(record)) {
				ending = undefined;
				return true;
			}

			if (ending?.pid !== record.pid) {
				ending = {pid: record.pid, killAt: Date.now() + (graceSeconds * 1000)};
				await signalRecorded(record, 'SIGTERM');
			} else if (Date.now() >= ending.killAt) {
				await signalRecorded(record, 'SIGKILL');
			}

			return false;
		},

		/** Removes the volumes of all pods. */
		tidy: async (): Promise<void> => tidy(),
	};
};
