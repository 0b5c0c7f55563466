import {Buffer} from 'node:buffer';
import {setTimeout as sleep} from 'node:timers/promises';
import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';

/** Writes a Secret's leaf once more, so that it is younger than its pods and holds what it held. */
export const rewriteSecret = async ({kube, namespace}: Place, name: string): Promise<void> => {
	const where = {namespace, name};
	const {data} = (await kube.get<KubeObject & {data: Record<string, string>}>(resources.secrets, where))!;
	const leaf = data['tls.crt']!;
	const longer = Buffer.from(`${Buffer.from(leaf, 'base64').toString('utf8')}\n`).toString('base64');
	// The API server's times have whole seconds.
	await sleep(1100);
	for (const text of [longer, leaf]) {
		await kube.patch(resources.secrets, where, {data: {'tls.crt': text}});
	}
};
