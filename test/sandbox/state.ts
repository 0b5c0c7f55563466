import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** Programs that every sandbox runs, by name. */
export const programNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'kwok', 'pd-server', 'tidb-server', 'cfssl', 'cfssljson'] as const;

/** Programs of a sandbox whose certificates cert-manager issues. */
export const issuerNames = ['cert-manager-controller'] as const;

export type ProgramName = typeof programNames[number] | typeof issuerNames[number];

/** Absolute paths, by name. */
export type Programs = Record<typeof programNames[number], string> & Partial<Record<typeof issuerNames[number], string>>;

/** What `sandbox.json` says: everything that the sandbox's programs must agree on. */
export type Sandbox = {
	name: string;
	/** `light`: every component is the mTLS stand-in. */
	profile: 'real' | 'light';
	operator: 'v1' | 'none';
	/** What makes the certificates of the TidbCluster. */
	issuer: 'cfssl' | 'cert-manager';
	/** The TidbCluster `basic` is made with `cluster-verify-cn`. */
	verifyCn: boolean;
	/** It has certificates for MySQL clients as well. */
	mysql: boolean;
	/** Name of another TidbCluster in another namespace, with certificates of the same CA; it may be that of the first. */
	second?: string;
	pd: number;
	tikv: number;
	tidb: number;
	/** Of these there may be none. */
	tiflash: number;
	ticdc: number;
	tiproxy: number;
	pump: number;
	/** PD's microservices: where there is one, PD runs in its mode `ms`. */
	tso: number;
	scheduling: number;
	/** How many masters and how many workers the DMCluster `dm` has; of none there is none. */
	dm: number;
	/** Of the cluster that is meant: a TidbCluster has none. */
	'dm-master': number;
	'dm-worker': number;
	/** The sandbox owns 127.N.0.0/16. */
	network: number;
	/** Where the cluster that is meant is no TidbCluster. */
	kind?: 'dm';
	/** Name of the TidbCluster that `up` makes. */
	cluster: string;
	namespace: string;
	/** Name of its cluster folder, among those of all. */
	folderName: string;
	/** Name of the one node. */
	node: string;
	programs: Programs;
	/** Between a Secret's change and the change of the mounted files, in milliseconds. */
	kubeletDelay: {min: number; max: number};
};

/** The same sandbox, as far as its second TidbCluster is concerned: it has as many pods as the first. */
export const secondOf = (sandbox: Sandbox): Sandbox => {
	const {cluster, second = 'second'} = sandbox;
	return {
		...sandbox, cluster: second, namespace: 'tidb-second', folderName: second === cluster ? `${second}-of-tidb-second` : second,
	};
};

const none = {
	pd: 0, tikv: 0, tidb: 0, tiflash: 0, ticdc: 0, tiproxy: 0, pump: 0, tso: 0, scheduling: 0,
};

/** The same sandbox, as far as its DMCluster is concerned. */
export const dmOf = (sandbox: Sandbox): Sandbox => ({
	...sandbox, ...none, kind: 'dm', cluster: 'dm', folderName: 'dm', mysql: false, 'dm-master': sandbox.dm, 'dm-worker': sandbox.dm,
});

/** The sandbox for each of its TidbClusters. */
export const eachCluster = (sandbox: Sandbox): Sandbox[] => sandbox.second === undefined ? [sandbox] : [sandbox, secondOf(sandbox)];

/** The state folder of the sandbox of this name, below the folder `root` (the repository). */
export const stateFolder = (root: string, name: string): string => path.join(root, '.sandbox', name);

/** Files and folders of a state folder. */
export const statePaths = (state: string) => ({
	sandbox: path.join(state, 'sandbox.json'),
	kubeconfig: path.join(state, 'kubeconfig'),
	pki: path.join(state, 'pki'),
	etcd: path.join(state, 'etcd'),
	logs: path.join(state, 'logs'),
	/** The product's TIDB_CLUSTERS. */
	clusters: path.join(state, 'clusters'),
	pods: path.join(state, 'pods'),
	/** First on kwok's PATH. */
	execBin: path.join(state, 'exec-bin'),
	kwok: path.join(state, 'kwok'),
	/** Written when `up` has finished. */
	ready: path.join(state, 'ready'),
});

/**
Reads `sandbox.json`.

@throws the file system's error if there is none: no sandbox was started in that folder.
*/
export const readState = async (state: string): Promise<Sandbox> => JSON.parse(await readFile(statePaths(state).sandbox, 'utf8')) as Sandbox;

/** Writes `sandbox.json`, and makes the state folder if need be. */
export const writeState = async (state: string, sandbox: Sandbox): Promise<void> => {
	await mkdir(state, {recursive: true, mode: 0o700});
	await writeFileAtomic(statePaths(state).sandbox, `${JSON.stringify(sandbox, undefined, '\t')}\n`);
};
