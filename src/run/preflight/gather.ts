import {Buffer} from 'node:buffer';
import {readCertificates} from '../../certificates/read.ts';
import {clientComponent, secretName} from '../../cluster/components.ts';
import {kindOf} from '../../cluster/kinds.ts';
import type {Cluster, ComponentName} from '../../cluster/types.ts';
import type {Access} from '../../observe/cluster.ts';
import {commandText, ProgramError, runProgram} from '../program.ts';
import type {Facts, Job, OtherCluster} from './facts.ts';

type Named = {kind: string; metadata: {name: string; namespace: string; uid: string}};
type ClusterSpec = {cluster?: {name?: string; namespace?: string}; tlsCluster?: {enabled?: boolean}; tidb?: {tlsClient?: {enabled?: boolean}}};
type ClusterObject = Named & {spec?: ClusterSpec};
type JobObject = Named & {
	spec?: {mode?: string; backupMode?: string; br?: {cluster?: string; clusterNamespace?: string}};
	status?: {phase?: string; conditions?: Array<{type: string; status: string}>};
};

/**
Reads objects in all namespaces, or where that is not allowed in one; none where the kind is not known or may not be read.
@throws ProgramError for any other failure: what could not be asked is not the same as none.
*/
const list = async <T>(access: Access, resources: string, namespace: string, what: string): Promise<T[]> => {
	for (const where of [['--all-namespaces'], ['-n', namespace]]) {
		const arguments_ = ['get', resources, ...where, '-o', 'json'];
		const {exitCode, stdout, stderr} = await runProgram('kubectl', arguments_, {what, env: access.env, allowFailure: true});
		if (exitCode === 0) {
			return (JSON.parse(stdout) as {items: T[]}).items;
		}

		if (/doesn't have a resource type|could not find the requested resource/v.test(stderr)) {
			return [];
		}

		if (!/forbidden/iv.test(stderr)) {
			throw new ProgramError({
				what, command: commandText('kubectl', arguments_), stderr, exitCode, ended: `status ${exitCode}`,
			});
		}
	}

	return [];
};

/** Fingerprints of the CAs that another cluster trusts on that side; none where its Secret cannot be read. */
const casOf = async (access: Access, {metadata: {name, namespace}}: Named, client: ComponentName): Promise<string[]> => {
	const {stdout} = await runProgram('kubectl', ['get', 'secret', secretName(name, client), '-n', namespace, '-o', String.raw`jsonpath={.data.ca\.crt}`], {
		what: `reading the CA of ${name}`, env: access.env, allowFailure: true,
	});
	return readCertificates(Buffer.from(stdout, 'base64').toString('utf8')).certificates.map(({publicKey}) => publicKey);
};

const hasTls = ({side}: Cluster, spec: ClusterSpec = {}): boolean => (side === 'mysql' ? spec.tidb?.tlsClient : spec.tlsCluster)?.enabled ?? false;

const otherClusters = async (access: Access, cluster: Cluster): Promise<OtherCluster[]> => {
	const all = await list<ClusterObject>(access, `${kindOf(cluster).plural}.pingcap.com`, cluster.namespace, 'looking for clusters that share the CA');
	const others = all.filter(({metadata}) => metadata.name !== cluster.name || metadata.namespace !== cluster.namespace);
	return Promise.all(others.map(async object => {
		const {metadata: {name, namespace, uid}, spec} = object;
		const joins = spec?.cluster?.name;
		return {
			name,
			namespace,
			uid,
			...(joins !== undefined && joins !== '' && {joins: {name: joins, namespace: spec?.cluster?.namespace ?? namespace}}),
			cas: hasTls(cluster, spec) ? await casOf(access, object, clientComponent(cluster)) : [],
		};
	}));
};

/** Phases and conditions in which a Backup or Restore has ended. */
const ended = new Set(['Complete', 'Failed', 'Invalid', 'Clean', 'CleanFailed', 'Stopped']);

const isRunning = ({status, spec}: JobObject): boolean => {
	// A log backup runs in TiKV for as long as it is wanted; the operator flushes it before it restarts a pod.
	const isLog = spec?.mode === 'log';
	const conditions = (status?.conditions ?? []).filter(condition => condition.status === 'True').map(({type}) => type);
	const phase = status?.phase ?? conditions.at(-1) ?? '';
	return !isLog && phase !== '' && !ended.has(phase) && conditions.every(type => !ended.has(type));
};

/** Whether it is of this cluster; one that names no cluster is taken for ours in our namespace. */
const isOf = ({spec, metadata}: JobObject, cluster: Cluster): boolean => {
	const {cluster: name = cluster.name, clusterNamespace = metadata.namespace} = spec?.br ?? {};
	return name === cluster.name && clusterNamespace === cluster.namespace;
};

const runningJobs = async (access: Access, cluster: Cluster): Promise<Job[]> => {
	// They are of what a TiDB cluster stores.
	if (cluster.kind === 'dm') {
		return [];
	}

	const jobs = await list<JobObject>(access, 'backups.pingcap.com,restores.pingcap.com', cluster.namespace, 'looking for backups and restores');
	return jobs.filter(job => isOf(job, cluster) && isRunning(job)).map(({kind, metadata: {name, namespace}, status}) => ({
		kind, name, namespace, phase: status?.phase ?? 'Running',
	}));
};

/** What the checks must know of the neighbourhood, from the API server: other clusters, and running jobs. */
export const gather = async (access: Access, cluster: Cluster): Promise<Pick<Facts, 'others' | 'jobs'>> => {
	const [others, jobs] = await Promise.all([otherClusters(access, cluster), runningJobs(access, cluster)]);
	return {others, jobs};
};
