import {secretName} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import {runProgram} from '../run/program.ts';
import type {Access} from './cluster.ts';
import type {Consumers} from './types.ts';

type User = Consumers['users'][number];

type Source = {secret?: {name?: string; secretName?: string}; projected?: {sources?: Array<{secret?: {name?: string}}>}};
type PodSpec = {volumes?: Source[]; containers?: Array<{env?: Array<{valueFrom?: {secretKeyRef?: {name?: string}}}>; envFrom?: Array<{secretRef?: {name?: string}}>}>};
type Reference = {name?: string; namespace?: string};
type Backing = {br?: {cluster?: string; clusterNamespace?: string}};

/** A workload, or a custom resource of TiDB Operator, as far as it tells whose certificates it uses. */
export type UserObject = {
	kind: string;
	metadata: {name: string; namespace: string; ownerReferences?: Array<{kind: string}>};
	spec?: Backing & {
		template?: {spec?: PodSpec};
		jobTemplate?: {spec?: {template?: {spec?: PodSpec}}};
		cluster?: Reference;
		clusters?: Reference[];
		backupTemplate?: Backing;
	};
};

const workloads = 'deployments.apps,statefulsets.apps,daemonsets.apps,cronjobs.batch,jobs.batch';

/** Custom resources for which the operator, or a job of its, reads the cluster's client certificate (tidb-facts 1.5). */
const readers = ['tidbmonitors', 'tidbdashboards', 'tidbngmonitorings', 'tidbinitializers', 'backupschedules'].map(plural => `${plural}.pingcap.com`);

const secretsIn = ({volumes = [], containers = []}: PodSpec): Array<string | undefined> => [
	...volumes.flatMap(({secret, projected}) => [secret?.secretName, ...(projected?.sources ?? []).map(source => source.secret?.name)]),
	...containers.flatMap(({env = [], envFrom = []}) => [...env.map(({valueFrom}) => valueFrom?.secretKeyRef?.name), ...envFrom.map(({secretRef}) => secretRef?.name)]),
];

/** The cluster's Secrets that a workload mounts or takes its environment from. */
const usedBy = ({spec}: UserObject, own: string[]): string[] => {
	const used = new Set(secretsIn(spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec ?? {}));
	return own.filter(name => used.has(name));
};

const refersTo = ({spec = {}, metadata}: UserObject, cluster: Cluster): boolean => {
	const backings = [spec.br, spec.backupTemplate?.br].map(br => ({name: br?.cluster, namespace: br?.clusterNamespace}));
	return [spec.cluster, ...spec.clusters ?? [], ...backings].some(reference => reference?.name === cluster.name && (reference.namespace ?? metadata.namespace) === cluster.namespace);
};

/** Who of these uses the cluster's Secrets and is not the cluster itself, nor made by one of the others. */
export const usersAmong = (objects: UserObject[], cluster: Cluster): User[] => {
	const own = cluster.components.map(component => secretName(cluster.name, component));
	const free = objects.filter(({metadata}) => (metadata.ownerReferences ?? []).length === 0);
	return free.flatMap((object): User[] => {
		const {kind, metadata: {namespace, name}} = object;
		const uses = namespace === cluster.namespace ? usedBy(object, own) : [];
		const reader = refersTo(object, cluster);
		return reader || uses.length > 0
			? [{
				kind, namespace, name, uses, isOperators: reader,
			}]
			: [];
	});
};

/** Nothing where that may not be read: it is told apart from the Secrets, of which more depends on being seen. */
const list = async ({env}: Access, resources: string, where: string): Promise<UserObject[]> => {
	const {exitCode, stdout} = await runProgram('kubectl', ['get', resources, where, '-o', 'json'], {what: 'looking for who uses the cluster\'s Secrets', env, allowFailure: true});
	return exitCode === 0 ? (JSON.parse(stdout) as {items: UserObject[]}).items : [];
};

/** Those kinds of custom resources that this Kubernetes cluster knows. */
const knownReaders = async ({env}: Access): Promise<string[]> => {
	const {stdout} = await runProgram('kubectl', ['api-resources', '--api-group=pingcap.com', '-o', 'name'], {what: 'looking for kinds of custom resources', env, allowFailure: true});
	const known = new Set(stdout.split('\n'));
	return readers.filter(reader => known.has(reader));
};

/**
Workloads in the cluster's namespace that mount its Secrets, and custom resources anywhere for which the operator reads them. What
may not be read is left out.
*/
export const observeUsers = async (access: Access, cluster: Cluster): Promise<User[]> => {
	const here = `--namespace=${cluster.namespace}`;
	const [running, kinds] = await Promise.all([list(access, workloads, here), knownReaders(access)]);
	const everywhere = kinds.length === 0 ? [] : await list(access, kinds.join(','), '--all-namespaces');
	const reading = kinds.length > 0 && everywhere.length === 0 ? await list(access, kinds.join(','), here) : everywhere;
	return usersAmong([...running, ...reading], cluster);
};
