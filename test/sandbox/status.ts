import path from 'node:path';
import {quote} from 'shlex';
import which from 'which';
import {connect, type KubeObject, resources} from './kube.ts';
import {listProcesses, type RunningProcess} from './processes.ts';
import {readState, statePaths} from './state.ts';

type Pod = KubeObject & {status?: {phase?: string; podIP?: string; conditions?: Array<{type: string; status: string}>; containerStatuses?: Array<{restartCount: number}>}};
type TidbCluster = KubeObject & {status?: {conditions?: Array<{type: string; status: string; message?: string}>}};

const table = (rows: string[][]): string[] => {
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
	return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd());
};

const podRow = ({metadata: {namespace = '', name, deletionTimestamp}, status}: Pod): string[] => {
	const isReady = status?.conditions?.some(({type, status: value}) => type === 'Ready' && value === 'True') ?? false;
	const restarts = (status?.containerStatuses ?? []).reduce((sum, {restartCount}) => sum + restartCount, 0);
	const phase = deletionTimestamp === undefined ? status?.phase ?? '' : 'Terminating';
	return [namespace, name, isReady ? 'ready' : 'not ready', phase, `${restarts}`, status?.podIP ?? ''];
};

/** A process by its program, and what it is for: the pod, or which of our own programs. A stand-in is called one. */
const processRow = ({pid, command}: RunningProcess): string[] => {
	const words = command.split(' ');
	const own = words.find(word => word.endsWith('/main.ts'));
	const pod = /\/pods\/(?<namespace>[^\/]+)\/(?<name>[^\/]+)\//v.exec(command)?.groups;
	const program = path.basename(words[0]!).replace(/^standin-.*/v, 'stand-in');
	const role = own === undefined ? '' : `${path.basename(path.dirname(own))} (ours)`;
	return [`${pid}`, program, pod ? `${pod.namespace}/${pod.name}` : role];
};

/** What a person wants to see of a running sandbox, as text: options, clusters, pods, processes. */
export const describe = async (state: string): Promise<string> => {
	const sandbox = await readState(state);
	const kube = await connect(statePaths(state).kubeconfig);
	const {items: clusters} = await kube.list<TidbCluster>(resources.tidbClusters);
	const {items: dmClusters} = sandbox.dm > 0 ? await kube.list<TidbCluster>(resources.dmClusters) : {items: []};
	const {items: pods} = await kube.list<Pod>(resources.pods);
	kube.close();
	const processes = await listProcesses(state);
	const ready = [...clusters.map(one => ({...one, kind: 'TidbCluster'})), ...dmClusters.map(one => ({...one, kind: 'DMCluster'}))].map(({kind, metadata: {namespace = '', name}, status}) => {
		const condition = status?.conditions?.find(({type}) => type === 'Ready');
		return `${kind} ${namespace}/${name}: ${condition?.status === 'True' ? 'Ready' : `not Ready: ${condition?.message ?? 'no status'}`}`;
	});
	return [
		`sandbox ${sandbox.name}: profile ${sandbox.profile}, operator ${sandbox.operator}, certificates by ${sandbox.issuer}, network 127.${sandbox.network}.0.0/16`,
		...ready,
		'',
		...table([['NAMESPACE', 'POD', 'READY', 'PHASE', 'RESTARTS', 'ADDRESS'], ...pods.map(pod => podRow(pod))]),
		'',
		...table([['PID', 'PROCESS', 'OF'], ...processes.map(one => processRow(one))]),
		'',
	].join('\n');
};

/**
The lines that make a shell use the sandbox.

`searched` is the shell's PATH: where it lacks one of the programs that the product runs, or has another than the sandbox, the sandbox's folder is put first.
*/
export const exports = async (state: string, searched: string): Promise<string> => {
	const {programs} = await readState(state);
	const {kubeconfig, clusters} = statePaths(state);
	const folders = new Set<string>();
	for (const name of ['cfssl', 'cfssljson', 'kubectl'] as const) {
		if (await which(name, {path: searched, nothrow: true}) !== programs[name]) {
			folders.add(path.dirname(programs[name]));
		}
	}

	return [
		`export KUBECONFIG=${quote(kubeconfig)}`,
		`export TIDB_CLUSTERS=${quote(clusters)}`,
		...(folders.size > 0 ? [`export PATH=${quote([...folders].join(path.delimiter))}:"$PATH"`] : []),
		'',
	].join('\n');
};
