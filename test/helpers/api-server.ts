import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Access} from '../../src/observe/cluster.ts';

/** A kind that the API server knows; `items` are its objects, `'forbidden'` where this user may not list them. */
export type Served = {group: string; version: string; plural: string; kind: string; isNamespaced: boolean; items: unknown[] | 'forbidden'};

/** TidbClusters of Operator v1, of which a test says what matters to it. */
export const tidbClusters = (...objects: Array<{metadata: {namespace: string; name: string; uid?: string}; spec: unknown}>): Served => ({
	group: 'pingcap.com',
	version: 'v1alpha1',
	plural: 'tidbclusters',
	kind: 'TidbCluster',
	isNamespaced: true,
	items: objects.map(object => ({apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', ...object})),
});

type Answer = {code: number; body: unknown};

const unknown: Answer = {
	code: 404,
	body: {
		kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404, reason: 'NotFound', message: 'the server could not find the requested resource',
	},
};

const forbidden = ({plural, group}: Served): Answer => ({
	code: 403,
	body: {
		kind: 'Status',
		apiVersion: 'v1',
		status: 'Failure',
		reason: 'Forbidden',
		code: 403,
		message: `${plural}.${group} is forbidden: User "somebody" cannot list resource "${plural}" in API group "${group}" at the cluster scope`,
	},
});

const namespaceOf = (item: unknown): string | undefined => (item as {metadata: {namespace?: string}}).metadata.namespace;

/** `cert-manager.io/v1`; the core's is `v1`. */
const groupVersionOf = ({group, version}: Served): string => group === '' ? version : `${group}/${version}`;

const listOf = (served: Served, namespace: string | undefined): Answer => served.items === 'forbidden'
	? forbidden(served)
	: {
		code: 200,
		body: {
			kind: `${served.kind}List`, apiVersion: groupVersionOf(served), metadata: {}, items: served.items.filter(item => namespace === undefined || namespaceOf(item) === namespace),
		},
	};

const oneOf = ({items}: Served, namespace: string | undefined, name: string): Answer => {
	const found = items === 'forbidden' ? undefined : items.find(item => namespaceOf(item) === namespace && (item as {metadata: {name: string}}).metadata.name === name);
	return found === undefined ? unknown : {code: 200, body: found};
};

const versionOf = (groupVersion: string) => ({groupVersion, version: groupVersion.split('/').at(-1)!});

const resources = (kinds: Served[], groupVersion: string): Answer => ({
	code: 200,
	body: {
		kind: 'APIResourceList',
		groupVersion,
		resources: kinds.map(({plural, kind, isNamespaced}) => ({
			name: plural, kind, namespaced: isNamespaced, verbs: ['list', 'get'],
		})),
	},
});

const groupList = (kinds: Served[]): Answer => ({
	code: 200,
	body: {
		kind: 'APIGroupList',
		apiVersion: 'v1',
		groups: [...new Set(kinds.filter(({group}) => group !== '').map(kind => groupVersionOf(kind)))].map(groupVersion => ({
			name: groupVersion.split('/', 1)[0]!, versions: [versionOf(groupVersion)], preferredVersion: versionOf(groupVersion),
		})),
	},
});

/** What is asked by `/api/v1/namespaces/tidb/pods` or `/apis/apps/v1/deployments`. */
const answer = (kinds: Served[], place: string): Answer => {
	if (place === '/api') {
		return {code: 200, body: {kind: 'APIVersions', versions: ['v1']}};
	}

	if (place === '/apis') {
		return groupList(kinds);
	}

	const [, root = '', ...parts] = place.split('/');
	const [group = '', version = '', first, namespace, ...others] = root === 'api' ? ['', ...parts] : parts;
	const known = kinds.filter(kind => kind.group === group && kind.version === version);
	if (first === undefined) {
		return root !== 'api' && known.length === 0 ? unknown : resources(known, group === '' ? version : `${group}/${version}`);
	}

	const isOfNamespace = first === 'namespaces' && others.length > 0;
	const served = known.find(({plural}) => plural === (isOfNamespace ? others[0] : first));
	if (!served) {
		return unknown;
	}

	const name = others[1];
	return name === undefined ? listOf(served, isOfNamespace ? namespace : undefined) : oneOf(served, namespace, name);
};

const open = async (server: Server): Promise<number> => new Promise(resolve => {
	server.listen(0, '127.0.0.1', () => {
		resolve((server.address() as AddressInfo).port);
	});
});

/**
An API server that knows some kinds and answers with their objects, for one test: so that the real kubectl can be asked for what no cluster
of this machine has.
@returns how kubectl reaches it, and the kinds that were listed, by their plurals.
*/
export const apiServer = async (t: ExecutionContext, kinds: Served[]): Promise<Access & {listed: string[]}> => {
	const listed: string[] = [];
	const server = createServer((request, response) => {
		const {pathname} = new URL(request.url!, 'http://localhost');
		listed.push(...kinds.map(({plural}) => plural).filter(plural => pathname.endsWith(`/${plural}`)));
		const {code, body} = answer(kinds, pathname);
		response.writeHead(code, {'content-type': 'application/json'}).end(JSON.stringify(body));
	});
	const port = await open(server);
	const home = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	const kubeconfig = path.join(home, 'kubeconfig');
	writeFileSync(kubeconfig, JSON.stringify({
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{name: 'test', cluster: {server: `http://127.0.0.1:${port}`}}],
		contexts: [{name: 'test', context: {cluster: 'test', user: 'test'}}],
		users: [{name: 'test', user: {}}],
		'current-context': 'test',
	}));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
		rmSync(home, {recursive: true, force: true});
	});
	// Kubectl keeps what it has learnt of an API server in its home.
	return {env: {KUBECONFIG: kubeconfig, HOME: home}, listed};
};
