import {Buffer} from 'node:buffer';
import {components, documentOrder, secretName} from '../../src/cluster/components.ts';
import {render} from '../../src/cluster/templates.ts';
import type {Cluster} from '../../src/cluster/types.ts';
import type {Place} from '../cluster/helpers/place.ts';
import {makeCa, makeLeaf} from '../helpers/pki.ts';
import {type KubeObject, resources} from '../sandbox/kube.ts';
import {tidbCluster} from '../sandbox/tidb-cluster.ts';

const namespaces = 50;
/** Calls that are on their way at a time. */
const atOnce = 24;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every cluster has every component, a CA of its own, and so eight Secrets, each with a certificate of its own. */
const clusterOf = (index: number): Cluster => ({name: `fleet-${index}`, namespace: `fleet-${index % namespaces}`, components: [...documentOrder]});

const secretsOf = (cluster: Cluster): Array<KubeObject & {type: string; data: Record<string, string>}> => {
	const ca = makeCa();
	return cluster.components.map(component => {
		const {hosts} = JSON.parse(render(component, cluster)) as {hosts: string[]};
		const {cert, key} = makeLeaf(ca, {sans: hosts});
		return {
			apiVersion: 'v1',
			kind: 'Secret',
			metadata: {name: secretName(cluster.name, component), namespace: cluster.namespace},
			type: 'Opaque',
			data: {'ca.crt': base64(ca.cert), 'tls.crt': base64(cert), 'tls.key': base64(key)},
		};
	});
};

const tidbClusterOf = (place: Place, {name, namespace}: Cluster) => {
	const {spec, ...object} = tidbCluster({...place, cluster: name, namespace});
	const storageClaims = [{resources: {requests: {storage: '1Gi'}}}];
	const more = (['tiflash', 'ticdc', 'tiproxy', 'pump'] as const).map(component => [component, {
		baseImage: `pingcap/${components[component].name}`,
		replicas: 1,
		...(component === 'tiflash' && {storageClaims}),
	}] as const);
	return {...object, spec: {...spec as Record<string, unknown>, ...Object.fromEntries(more)}};
};

/** Fills an API server with so many TidbClusters and their Secrets. */
export const fill = async (place: Place, clusters: number): Promise<void> => {
	const {kube} = place;
	for (let index = 0; index < namespaces; index++) {
		await kube.create(resources.namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: `fleet-${index}`}});
	}

	let next = 0;
	const work = async (): Promise<void> => {
		while (next < clusters) {
			const cluster = clusterOf(next++);
			await kube.create(resources.tidbClusters, tidbClusterOf(place, cluster));
			await Promise.all(secretsOf(cluster).map(async secret => kube.create(resources.secrets, secret)));
		}
	};

	await Promise.all(Array.from({length: Math.ceil(atOnce / documentOrder.length)}, async () => work()));
};
