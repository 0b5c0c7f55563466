import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Arranged, BadCase} from './bad-case.ts';
import type {Place} from './place.ts';
import {until} from './until.ts';
import {
	basic,
	readCluster,
	ready,
} from './watch.ts';

const quotas = {base: '/api/v1', plural: 'resourcequotas'};

type Quota = KubeObject & {spec: unknown; status?: {used?: {pods?: string}}};

/** Changes the TidbCluster, and puts it back. */
const changed = (patch: Record<string, unknown>, back: Record<string, unknown>) => async (place: Place): Promise<Arranged> => {
	await place.kube.patch(resources.tidbClusters, basic(place), patch);
	return {
		async undo() {
			await place.kube.patch(resources.tidbClusters, basic(place), back);
			await ready(place);
		},
	};
};

/** A TidbCluster of the same name in another namespace; paused, so that the operator makes nothing of it. */
const twin = async (place: Place): Promise<Arranged> => {
	const {kube} = place;
	const name = 'other';
	const {spec} = await readCluster(place);
	await kube.create(resources.namespaces, {metadata: {name}});
	await kube.create(resources.tidbClusters, {
		apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', metadata: {namespace: name, name: place.cluster}, spec: {...spec, paused: true},
	} as KubeObject);
	return {
		async undo() {
			await kube.remove(resources.tidbClusters, {namespace: name, name: place.cluster});
			await kube.remove(resources.namespaces, {name});
		},
	};
};

/** TiDB is to have one pod more, which a quota keeps from being made: it goes on scaling until the quota goes. */
const scaling = async (place: Place): Promise<Arranged> => {
	const {kube, namespace, tidb} = place;
	const pods = String(place.pd + place.tikv + tidb);
	const name = 'no-more-pods';
	const quota = {namespace, name};
	await kube.create(quotas, {metadata: quota, spec: {hard: {pods}}});
	await until('the quota counts', async () => {
		const found = await kube.get<Quota>(quotas, quota);
		return found?.status?.used?.pods === pods;
	});
	await kube.patch(resources.tidbClusters, basic(place), {spec: {tidb: {replicas: tidb + 1}}});
	const undo = async () => {
		await kube.patch(resources.tidbClusters, basic(place), {spec: {tidb: {replicas: tidb}}});
		await kube.remove(quotas, quota);
		await until('the old number of replicas', async () => {
			const set = await kube.get<KubeObject & {spec: {replicas: number}}>(resources.statefulSets, {namespace, name: `${place.cluster}-tidb`});
			return set?.spec.replicas === tidb;
		});
		await ready(place);
	};

	try {
		await until('phase Scale', async () => {
			const {status} = await readCluster(place);
			return status?.tidb?.phase === 'Scale';
		});
	} catch (error) {
		await undo();
		throw error;
	}

	return {undo};
};

const argo = 'argocd.argoproj.io/tracking-id';

const refused = (title: string, arrange: BadCase['arrange'], ...words: RegExp[]): BadCase => ({
	title, arrange: arrange!, status: 3, words,
});

/** What is wrong with the TidbCluster. */
export const badCluster: BadCase[] = [
	{
		title: 'two namespaces with a cluster of that name', arrange: twin, status: 2, words: [/2 namespaces/v, /other, tidb/v, /--namespace/v],
	},
	refused('a paused cluster', changed({spec: {paused: true}}, {spec: {paused: false}}), /paused/v),
	refused('a component scaling', scaling, /tidb/v, /scal/iv),
	refused('a cluster that Argo CD would put back', changed({metadata: {annotations: {[argo]: 'app:pingcap.com/TidbCluster:tidb/basic'}}}, {metadata: {annotations: {[argo]: null}}}), /argo/iv),
];
