import {
	clientComponent,
	components,
	hostOf,
	runningComponents,
	secretName,
} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {isSignedBy, materialHash} from '../certificates/verify.ts';
import type {PemFacts} from '../certificates/types.ts';
import type {
	BackupFacts,
	Observation,
	PodFacts,
	SecretFacts,
} from '../observe/types.ts';
import {backupTime} from '../plan/backups.ts';
import {manners} from './manners.ts';
import {distinct, distinctText, keyOf} from './material.ts';
import type {Group, Material, Mount} from './types.ts';

/** Milliseconds. Kubelet brings a changed Secret into a pod within its sync period and a cache's delay, a minute or two (tidb-facts 1.0). */
const surelyMounted = 10 * 60_000;

const present = (facts: Array<PemFacts | undefined>): PemFacts[] => distinctText(facts.filter(one => one !== undefined));

const isSigned = ({leaf, bundle}: Material): boolean => leaf.certificates.some(one => bundle.certificates.some(ca => isSignedBy(one, ca)));

/** Every leaf with every bundle: but no Secret was ever given a leaf that its own bundle had not signed (design.md 8). */
const each = (bundles: PemFacts[], leaves: PemFacts[]): Material[] => bundles.flatMap(bundle => leaves.map(leaf => ({leaf, bundle}))).filter(material => isSigned(material));

/** What folder and backups know that a Secret may have held. */
const pastOf = ({folder}: Observation, component: ComponentName, {leaf, bundle}: SecretFacts) => {
	const file = `${components[component].file}.pem`;
	const {'ca.pem': ca, 'ca.new.pem': renewed, 'ca.old.pem': old} = folder.certificates;
	const own = folder.certificates[file];
	const leavesOf = (backups: BackupFacts[]): PemFacts[] => present([leaf, own, ...backups.map(({certificates}) => certificates[file])]);
	const bundlesOf = (backups: BackupFacts[]): PemFacts[] => present([bundle, ...(old ? [ca, old] : []), ...backups.map(({certificates}) => certificates['ca.pem'])]);
	const ever = each(present([...bundlesOf(folder.backups), ca, renewed]), leavesOf(folder.backups));
	return {
		/** Any that the tool ever wrote, by the hash that a pod carries. */
		byHash: new Map(ever.map(material => [materialHash(material.bundle.text, material.leaf.text), material])),
		/** Since the time when there were so many backups fewer. Each has what was there before the rotation that made it. */
		bundlesSince: (newest: number) => bundlesOf(folder.backups.slice(0, newest)),
		leavesSince: (newest: number) => leavesOf(folder.backups.slice(0, newest)),
	};
};

/** How a Secret is mounted in pods, each kind of pod worked out once. */
const mountsOf = (observation: Observation, component: ComponentName): ((pod: PodFacts) => Mount) => {
	const secret = observation.secrets[secretName(observation.cluster.name, component)]!;
	const current: Material = {leaf: secret.leaf, bundle: secret.bundle};
	const past = pastOf(observation, component, secret);
	const isRecent = secret.changed !== '' && observation.now - Date.parse(secret.changed) < surelyMounted;
	const older = (mark: string, newest: number): Mount => {
		const marked = past.byHash.get(mark);
		// Where the hash does not tell, the leaf may be from before the last rotation, which may not have come to it yet.
		const earlier = marked ? [marked] : each(past.bundlesSince(newest), past.leavesSince(newest + 1));
		const delayed = isRecent ? [...earlier, ...each([secret.bundle], past.leavesSince(newest))] : [];
		// A container that has started again since has loaded what is there now.
		return {started: distinct([...earlier, current]), mounted: distinct([current, ...delayed])};
	};

	const isOwn = (pod: PodFacts): boolean => hostOf(pod.component as ComponentName) === component;
	const known = new Map<string, Mount>();
	return pod => {
		// What it has read again was mounted by then.
		const isReloaded = pod.made !== undefined && isOwn(pod) && pod.material === secret.material;
		if (isReloaded || (secret.changed === '' ? pod.material === secret.material : pod.created >= secret.changed)) {
			return {started: [current], mounted: [current]};
		}

		// One that was made before its Secret had what it was made for started with something else.
		const mark = isOwn(pod) && pod.material !== secret.material ? pod.material : '';
		const newest = observation.folder.backups.filter(backup => backupTime(backup) >= pod.created).length;
		const id = `${mark} ${newest}`;
		const mount = known.get(id) ?? older(mark, newest);
		known.set(id, mount);
		return mount;
	};
};

const signature = ({component, mounts}: Group): string => JSON.stringify([component, Object.values(mounts).map(({started, mounted}) => [started, mounted].map(list => list.map(one => keyOf(one))))]);

/**
What each process may hold now, processes of the same possibilities as one group; last, whoever reads the client Secret itself. A pod
loaded what its Secret held when it was made: known where that has not changed since, or where the pod carries its hash; else all that
folder and backups know of. Pure.
*/
export const groupsNow = (observation: Observation, cluster: Cluster): Group[] => {
	const mounted = new Map(cluster.components.map(component => [component, mountsOf(observation, component)]));
	const single = runningComponents(cluster).flatMap(component => {
		const secrets = manners[component].secrets.filter(secret => mounted.has(secret));
		return observation.pods.filter(pod => pod.component === component)
			.map((pod): Group => ({component, pods: [pod.name], mounts: Object.fromEntries(secrets.map(secret => [secret, mounted.get(secret)!(pod)]))}));
	});
	const together = Map.groupBy(single, group => signature(group)).values().map(groups => ({...groups[0]!, pods: groups.flatMap(({pods}) => pods)}));
	const client = clientComponent(cluster);
	const {leaf, bundle} = observation.secrets[secretName(cluster.name, client)]!;
	const own = [{leaf, bundle}];
	return [...together, {component: client, pods: [], mounts: {[client]: {started: own, mounted: own}}}];
};
