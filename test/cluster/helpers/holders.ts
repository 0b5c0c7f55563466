import {Buffer} from 'node:buffer';
import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';

/** A Secret or ConfigMap by its printed name: `Secret/monitoring/tidb-ca`. */
type Holder = KubeObject & {data: Record<string, string>};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Writes a Secret or ConfigMap with these texts, and its namespace if there is none; what it held before is gone. */
export const writeHolder = async ({kube}: Place, id: string, texts: Record<string, string>): Promise<void> => {
	const [kind, namespace, name] = id.split('/') as ['Secret' | 'ConfigMap', string, string];
	const resource = kind === 'Secret' ? resources.secrets : resources.configMaps;
	const data = kind === 'Secret' ? Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64(text)])) : texts;
	await kube.create(resources.namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}});
	await kube.apply<Holder>(resource, {
		apiVersion: 'v1', kind, metadata: {namespace, name}, data,
	});
};
