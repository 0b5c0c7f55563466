import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Access} from '../../src/observe/cluster.ts';

/** A kind that the API server knows; `items` are its objects, `'forbidden'` where this user may not list them. */
export type Served = {group: string; version: string; plural: string; kind: string; isNamespaced: boolean; items: unknown[] | 'forbidden'};

type Answer = {code: number; body: unknown};

const forbidden = ({plural, group}: Served): Answer => ({
	code: 403,
	body: {
		kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message: `${plural}.${group} is forbidden: User "somebody" cannot list resource "${plural}" in API group "${group}" at the cluster scope`,
	},
});

const namespaceOf = (item: unknown): string | undefined => (item as {metadata: {namespace?: string}}).metadata.namespace;

const listOf = (served: Served, namespace: string | undefined): Answer => served.items === 'forbidden'
	? forbidden(served)
	: {code: 200, body: {kind: `${served.kind}List`, apiVersion: `${served.group}/${served.version}`, metadata: {}, items: served.items.filter(item => namespace === undefined || namespaceOf(item) === namespace)}};

const groupsOf = (kinds: Served[]) => [...new Set(kinds.map(({group, version}) => `${group}/${version}`))].map(groupVersion => {
	const version = {groupVersion, version: groupVersion.split('/', 2)[1]!};
	return {name: groupVersion.split('/', 1)[0]!, versions: [version], preferredVersion: version};
});

const answer = (kinds: Served[], place: string): Answer => {
	const [, , group, version, ...rest] = place.split('/');
	switch (place) {
		case '/api': {
			return {code: 200, body: {kind: 'APIVersions', versions: ['v1']}};
		}

		case '/apis': {
			return {code: 200, body: {kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds)}};
		}

		case '/api/v1': {
			return {code: 200, body: {kind: 'APIResourceList', groupVersion: 'v1', resources: []}};
		}

		default: {
			const known = kinds.filter(kind => kind.group === group && kind.version === version);
			if (rest.length === 0) {
				return {code: 200, body: {kind: 'APIResourceList', groupVersion: `${group}/${version}`, resources: known.map(({plural, kind, isNamespaced}) => ({name: plural, kind, namespaced: isNamespaced, verbs: ['list', 'get']}))}};
			}

			const served = known.find(({plural}) => plural === rest.at(-1));
			return served ? listOf(served, rest[0] === 'namespaces' ? rest[1] : undefined) : {code: 404, body: {kind: 'Status', status: 'Failure', code: 404, reason: 'NotFound'}};
		}
	}
};

const open = async (server: Server): Promise<number> => new Promise(resolve => {
	server.listen(0, '127.0.0.1', () => {
		resolve((server.address() as AddressInfo).port);
	});
});

/**
An API server that knows some kinds and answers lists of them, for one test: so that the real kubectl can be asked for what no cluster
of this machine has.
@returns how kubectl reaches it.
*/
export const apiServer = async (t: ExecutionContext, kinds: Served[]): Promise<Access> => {
	const server = createServer((request, response) => {
		const {code, body} = answer(kinds, new URL(request.url!, 'http://localhost').pathname);
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
	return {env: {KUBECONFIG: kubeconfig, HOME: home}};
};
