import {
	mkdir,
	readFile,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import {parse, stringify} from 'yaml';
import which from 'which';
import {statePaths} from '../../sandbox/state.ts';
import type {Arranged, BadCase} from './bad-case.ts';
import type {Place} from './place.ts';

type Kubeconfig = {
	clusters: Array<{name: string; cluster: Record<string, string>}>;
	users: Array<{name: string; user: Record<string, string>}>;
};

/** A folder for what a case needs, in the state folder. */
const aside = async ({state}: Place): Promise<string> => {
	const folder = path.join(state, 'aside');
	await mkdir(folder, {recursive: true});
	return folder;
};

/** The administrator's kubeconfig with a change, in a file of its own. */
export const kubeconfigWith = async (place: Place, change: (config: Kubeconfig) => void): Promise<Arranged> => {
	const config = parse(await readFile(statePaths(place.state).kubeconfig, 'utf8')) as Kubeconfig;
	change(config);
	const file = path.join(await aside(place), 'kubeconfig');
	await writeFile(file, stringify(config, {lineWidth: 0}), {mode: 0o600});
	return {env: {KUBECONFIG: file}};
};

/** A kubeconfig of a user whom the API server knows, and who may do nothing yet. */
const kubeconfigOf = async (place: Place, user: string): Promise<Arranged> => {
	const {pki} = statePaths(place.state);
	const folder = await aside(place);
	const file = (name: string) => path.join(folder, `${user}${name}`);
	await execa('openssl', [
		'req',
		'-x509',
		'-CA',
		path.join(pki, 'ca.pem'),
		'-CAkey',
		path.join(pki, 'ca-key.pem'),
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-noenc',
		'-days',
		'1',
		'-subj',
		`/CN=${user}`,
		'-addext',
		'basicConstraints=critical,CA:FALSE',
		'-addext',
		'extendedKeyUsage=clientAuth',
		'-keyout',
		file('-key.pem'),
		'-out',
		file('.pem'),
	]);
	const [certificate, key] = await Promise.all([readFile(file('.pem'), 'base64'), readFile(file('-key.pem'), 'base64')]);
	return kubeconfigWith(place, ({users}) => {
		users[0]!.user = {'client-certificate-data': certificate, 'client-key-data': key};
	});
};

const rbac = {base: '/apis/rbac.authorization.k8s.io/v1', plural: 'clusterroles'};
const bindings = {...rbac, plural: 'clusterrolebindings'};

/** A user who may read everything that the tool reads, and write nothing. */
const reader = async (place: Place): Promise<Arranged> => {
	const {kube} = place;
	const name = 'reader';
	await kube.create(rbac, {metadata: {name}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch']}]} as {metadata: {name: string}});
	await kube.create(bindings, {
		metadata: {name}, roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name}, subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name}],
	} as {metadata: {name: string}});
	return {
		...await kubeconfigOf(place, name),
		async undo() {
			await kube.remove(bindings, {name});
			await kube.remove(rbac, {name});
		},
	};
};

/** A kubeconfig that names a port at which nobody listens. */
const nobody = async (place: Place): Promise<Arranged> => kubeconfigWith(place, ({clusters}) => {
	clusters[0]!.cluster.server = clusters[0]!.cluster.server!.replace(':6443', ':6444');
});

/** Programs that a run needs besides those that it looks for. */
const basics = ['node', 'bash', 'sh', 'openssl', 'kubectl', 'cfssl', 'cfssljson', 'cat', 'cp', 'mv', 'rm', 'mkdir', 'cut', 'date', 'base64', 'env'];

/** A PATH with everything but these. */
const pathWithout = (...missing: string[]) => async (place: Place): Promise<Arranged> => {
	const folder = path.join(await aside(place), 'bin');
	await mkdir(folder, {recursive: true});
	const searched = place.env.PATH ?? process.env.PATH ?? '';
	await Promise.all(basics.filter(name => !missing.includes(name)).map(async name => symlink(await which(name, {path: searched}), path.join(folder, name))));
	return {
		env: {PATH: folder},
		undo: async () => rm(folder, {recursive: true}),
	};
};

const missing = (names: string[], ...words: RegExp[]): BadCase => ({
	title: `${names.join(' and ')} missing`, arrange: pathWithout(...names), status: 2, words: [...names.map(name => new RegExp(String.raw`missing on PATH:.*\b${name}\b`, 'v')), ...words],
});

/** What is wrong with the way to the cluster. */
export const badAccess: BadCase[] = [
	{
		title: 'a user without any right', arrange: async place => kubeconfigOf(place, 'nobody'), status: 3, words: [/forbidden|may not/iv, /tidbclusters/v],
	},
	{
		title: 'a user who may only read', arrange: reader, status: 3, words: [/secrets/v, /patch/v, /tidbclusters/v],
	},
	{
		title: 'an API server that cannot be reached', arrange: nobody, status: 3, words: [/connection.*refused|cannot be reached/iv, /:6444/v],
	},
	{
		title: 'a kubeconfig that is not there', args: ['--cluster', 'basic', '--yes', '--kubeconfig', 'no-such-kubeconfig'], status: 2, words: [/no-such-kubeconfig/v],
	},
	{
		title: 'an unknown context', args: ['--cluster', 'basic', '--yes', '--context', 'nowhere'], status: 2, words: [/nowhere/v],
	},
	missing(['kubectl'], /kubernetes\.io\/docs\/tasks\/tools/v),
	missing(['cfssl', 'cfssljson'], /go install/v),
];
