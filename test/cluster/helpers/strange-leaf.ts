import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {makeCa, makeLeaf} from '../../helpers/certificates.ts';
import {readRecord} from '../../sandbox/kubelet/record.ts';
import {areSame, readVolume, writeVolume} from '../../sandbox/kubelet/volumes.ts';
import type {Place} from './place.ts';

/**
The accident after the gates: the files that a pod has mounted hold the leaf of a CA that nobody knows, and the Secret does not. A process
that reads its leaf anew serves it from then on. What the kubelet writes there is written over again until `signal` is aborted.
*/
export const mountStrangeLeaf = async ({state, namespace}: Place, pod: string, component: string, signal: AbortSignal): Promise<void> => {
	const {cert, key} = makeLeaf(makeCa(), {sans: `DNS:${pod}`});
	while (!signal.aborted) {
		const record = await readRecord(state, namespace, pod);
		const folder = path.join(record!.volumes, `${component}-tls`);
		const files = await readVolume(folder);
		const strange = new Map([...files ?? [], ['tls.crt', new TextEncoder().encode(cert)], ['tls.key', new TextEncoder().encode(key)]]);
		if (files && !areSame(files, strange)) {
			await writeVolume(folder, strange);
		}

		await sleep(200, undefined, {signal}).catch(() => undefined);
	}
};
