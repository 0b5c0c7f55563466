import {
	access,
	cp,
	mkdtemp,
	rm,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {leaseName} from '../../src/cluster/names.ts';
import {isPassing} from '../cluster/helpers/issued.ts';
import {eachOf, type Place} from '../cluster/helpers/place.ts';
import {until} from '../cluster/helpers/until.ts';
import {basic, ready} from '../cluster/helpers/watch.ts';
import {materials, restartedAt} from '../../src/plan/annotations.ts';
import {type KubeObject, resources} from '../sandbox/kube.ts';
import {same} from './cluster.ts';
import {saveIssuance} from './saved-issuance.ts';

type Pod = KubeObject & {status?: {conditions?: Array<{type: string; status: string}>}};
type SecretObject = KubeObject & {data: Record<string, string>};

/** A cluster at rest, to begin from again and again. */
export type SavedState = {
	/**
	Makes Secrets, Certificates and cluster folder what they were, and starts every process anew with them.

	@throws Error when cert-manager did not leave the Secrets so.
	*/
	restore: () => Promise<void>;
	close: () => Promise<void>;
};

const leases = {base: '/apis/coordination.k8s.io/v1', plural: 'leases'};

const podsOf = async ({kube, namespace, cluster}: Place): Promise<Pod[]> => {
	const {items} = await kube.list<Pod>(resources.pods, namespace);
	return items.filter(({metadata}) => metadata.labels?.['app.kubernetes.io/instance'] === cluster);
};

const isReady = ({metadata, status}: Pod): boolean => metadata.deletionTimestamp === undefined && (status?.conditions ?? []).some(({type, status: is}) => type === 'Ready' && is === 'True');

/** Deletes every pod at once, and waits for their successors. */
const restartAll = async (place: Place): Promise<void> => {
	const before = await podsOf(place);
	const uids = new Set(before.map(({metadata}) => metadata.uid));
	await Promise.all(before.map(async ({metadata: {name}}) => place.kube.remove(resources.pods, {namespace: place.namespace, name})));
	await until('the pods of the saved state', async () => {
		const now = await podsOf(place);
		return now.length === before.length && now.every(pod => isReady(pod) && !uids.has(pod.metadata.uid));
	}, 120_000);
};

type Cluster = KubeObject & {spec: Record<string, {annotations?: Record<string, string>} | undefined>};

const runningComponents = ['pd', 'tikv', 'tidb'];

/** What the TidbCluster asks its pods to be annotated with, by component. */
const annotationsOf = async (place: Place): Promise<Record<string, Record<string, string>>> => {
	const cluster = await place.kube.get<Cluster>(resources.tidbClusters, basic(place));
	return Object.fromEntries(runningComponents.map(component => [component, cluster!.spec[component]?.annotations ?? {}]));
};

const askedFor = [...materials, restartedAt];

/** Makes the annotations what they were; the operator restarts the pods for that, as after any other change of them. */
const restoreAnnotations = async (place: Place, saved: Record<string, Record<string, string>>): Promise<void> => {
	const present = await annotationsOf(place);
	if (isDeepStrictEqual(present, saved)) {
		return;
	}

	const gone = (component: string) => Object.fromEntries(Object.keys(present[component]!).map(key => [key, null]));
	await place.kube.patch(resources.tidbClusters, basic(place), {
		spec: Object.fromEntries(runningComponents.map(component => [component, {annotations: {...gone(component), ...saved[component]}}])),
	});
	await until('the pods annotated as they were', async () => {
		const pods = await podsOf(place);
		// All of them: after a way back the material is the saved one already, and only the time of the restart is another.
		return pods.every(pod => isReady(pod) && askedFor.every(key => pod.metadata.annotations?.[key] === saved[pod.metadata.labels!['app.kubernetes.io/component']!]?.[key]));
	}, 120_000);
	await ready(place);
};

/** A merge patch that makes a map of texts this one. */
const exactly = (saved: Record<string, string> = {}, present: Record<string, string> = {}): Record<string, unknown> =>
	({...Object.fromEntries(Object.keys(present).map(key => [key, null])), ...saved});

/**
Saves what a rotation changes: the Secrets and the cluster folder, and with `asAnnotated` what the pods are annotated with. Only a way back
looks at those of an earlier rotation, and they cost another restart.
*/
const saveState = async (place: Place, {asAnnotated}: {asAnnotated: boolean}): Promise<SavedState> => {
	const {kube, namespace, cluster, folder} = place;
	const copy = await mkdtemp(path.join(tmpdir(), 'saved-'));
	// Where cert-manager issues, there is none before the first rotation.
	const hadFolder = await access(folder).then(() => true).catch(() => false);
	if (hadFolder) {
		await cp(folder, copy, {recursive: true, preserveTimestamps: true});
	}

	const secretsNow = async (): Promise<SecretObject[]> => {
		const {items} = await kube.list<SecretObject>(resources.secrets, namespace);
		return items.filter(secret => secret.metadata.name.startsWith(`${cluster}-`) && !isPassing(secret));
	};

	const secrets = await secretsNow();
	const issuance = place.issuer === 'cert-manager' ? await saveIssuance(place) : undefined;
	const asked = await annotationsOf(place);
	return {
		async restore() {
			await kube.remove(leases, {namespace, name: leaseName(cluster)});
			await issuance?.putAside();
			await rm(folder, {recursive: true, force: true});
			if (hadFolder) {
				await cp(copy, folder, {recursive: true, preserveTimestamps: true});
			}

			const before = await secretsNow();
			for (const {metadata: {name, annotations, labels}, data} of secrets) {
				const present = before.find(({metadata}) => metadata.name === name)?.metadata;
				await kube.patch(resources.secrets, {namespace, name}, {
					metadata: {annotations: exactly(annotations, present?.annotations), labels: exactly(labels, present?.labels)}, data,
				});
			}

			await issuance?.bringBack();
			await restartAll(place);
			const written = await secretsNow();
			same('Secrets that are not as they were saved', written.filter((one, index) => !isDeepStrictEqual(one.data, secrets[index]?.data)).map(({metadata}) => metadata.name), []);
			if (asAnnotated) {
				await restoreAnnotations(place, asked);
			}
		},
		close: async () => rm(copy, {recursive: true}),
	};
};

/** The same of each cluster that is meant. */
export const saveStates = async (place: Place, options: {asAnnotated: boolean}): Promise<SavedState> => {
	const saved = await Promise.all(eachOf(place).map(async one => saveState(one, options)));
	return {
		async restore() {
			// Those that call each other refuse each other meanwhile: nobody counts here.
			await Promise.all(saved.map(async one => one.restore()));
		},
		async close() {
			await Promise.all(saved.map(async one => one.close()));
		},
	};
};
