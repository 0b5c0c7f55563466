import path from 'node:path';
import {secretFiles} from './mounts.ts';
import type {Pod, Secret, Volume} from './types.ts';
import {areSame, readVolume, writeVolume} from './volumes.ts';

/**
Makes the refresher of one pod's Secret volumes, which stand in `folder`. A volume whose Secret has changed is written the delay
after the first call that saw it, with what the Secret then says: kubelet too finds out late, and takes the latest. A Secret
that is deleted leaves the mounted files as they are.

@returns `refresh`, to be called again and again, with what the Secrets are and the time; while `isFrozen`, changes wait. Times
are in milliseconds. And `isDue`: whether a change waits for its time.
*/
export const makeRefresher = (folder: string, pod: Pod, delay: () => number) => {
	const seen = new Map<string, string | undefined>();
	const due = new Map<string, number>();

	const refreshOne = async ({name, secret: source}: Volume, secret: Secret, now: number, isFrozen: () => Promise<boolean>): Promise<void> => {
		const target = path.join(folder, name);
		const content = () => secretFiles(secret, source?.items);
		if (seen.get(name) !== secret.metadata.resourceVersion) {
			seen.set(name, secret.metadata.resourceVersion);
			const present = await readVolume(target);
			if (!present || areSame(present, content())) {
				due.delete(name);
			} else if (!due.has(name)) {
				due.set(name, now + delay());
			}
		}

		if ((due.get(name) ?? Infinity) > now || await isFrozen()) {
			return;
		}

		due.delete(name);
		await writeVolume(target, content());
	};

	return {
		async refresh(secretOf: (name: string) => Secret | undefined, now: number, isFrozen = async () => false): Promise<void> {
			await Promise.all((pod.spec.volumes ?? []).map(async volume => {
				const secret = volume.secret && secretOf(volume.secret.secretName);
				if (secret) {
					await refreshOne(volume, secret, now, isFrozen);
				}
			}));
		},
		isDue: (): boolean => due.size > 0,
	};
};
