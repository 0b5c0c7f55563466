
import {Buffer} from 'node:buffer';
import type {IncomingMessage} from 'node:http';
import https from 'node:https';
import {setTimeout as sleep} from 'node:timers/promises';
import {KubeConfig} from '@kubernetes/client-node';

/** An object as the API server prints it: plain JSON, times as strings. */
export type KubeObject = {
	apiVersion?: string;
	kind?: string;
	metadata: {
		name: string;
		namespace?: string;
		uid?: string;
		resourceVersion?: string;
		generation?: number;
		creationTimestamp?: string;
		deletionTimestamp?: string;
		deletionGracePeriodSeconds?: number;
		labels?: Record<string, string>;
		annotations?: Record<string, string>;
		ownerReferences?: Array<{apiVersion: string; kind: string; name: string; uid: string; controller?: boolean; blockOwnerDeletion?: boolean}>;
	};
};

/** Where the API server keeps objects of one kind. */
export type Resource = {
	/** `/api/v1` or `/apis/<group>/<version>`. */
	base: string;
	plural: string;
};

export const resources = {
	certificates: {base: '/apis/cert-manager.io/v1', plural: 'certificates'},
	configMaps: {base: '/api/v1', plural: 'configmaps'},
	deployments: {base: '/apis/apps/v1', plural: 'deployments'},
	issuers: {base: '/apis/cert-manager.io/v1', plural: 'issuers'},
	namespaces: {base: '/api/v1', plural: 'namespaces'},
	nodes: {base: '/api/v1', plural: 'nodes'},
	persistentVolumeClaims: {base: '/api/v1', plural: 'persistentvolumeclaims'},
	persistentVolumes: {base: '/api/v1', plural: 'persistentvolumes'},
	pods: {base: '/api/v1', plural: 'pods'},
	secrets: {base: '/api/v1', plural: 'secrets'},
	services: {base: '/api/v1', plural: 'services'},
	statefulSets: {base: '/apis/apps/v1', plural: 'statefulsets'},
	storageClasses: {base: '/apis/storage.k8s.io/v1', plural: 'storageclasses'},
	tidbClusters: {base: '/apis/pingcap.com/v1alpha1', plural: 'tidbclusters'},
	dmClusters: {base: '/apis/pingcap.com/v1alpha1', plural: 'dmclusters'},
	execs: {base: '/apis/kwok.x-k8s.io/v1alpha1', plural: 'execs'},
	logs: {base: '/apis/kwok.x-k8s.io/v1alpha1', plural: 'logs'},
	portForwards: {base: '/apis/kwok.x-k8s.io/v1alpha1', plural: 'portforwards'},
} as const satisfies Record<string, Resource>;

/** What an object is found by; without a namespace it is one of the cluster's. */
type Reference = {namespace?: string | undefined; name: string};

/** The API server said no, or another thing than it should. */
export class KubeError extends Error {
	/** The HTTP status: 404 not found, 409 conflict or exists already, 410 too old a resourceVersion. */
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.name = 'KubeError';
		this.status = status;
	}
}

/** How an object is deleted: only if it has this uid; after how many seconds. */
type Removal = {uid?: string | undefined; gracePeriodSeconds?: number};

type Call = {
	method: string;
	path: string;
	/** A text goes as it is, anything else as JSON. */
	body?: unknown;
	type?: string;
	/** Asks for another form of the answer than plain JSON. */
	accept?: string;
	/** The answer is no JSON: it is returned as text. */
	isText?: boolean;
};

/** What a watch tells. */
type WatchHandler<T> = {
	/** After each list, with all objects: at the start, and whenever the watch had to be begun anew. */
	listed: (objects: T[]) => void;
	changed: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
};

/** Milliseconds after which a call is given up, so that a lost answer holds nobody up for good. A watch may be silent for longer. */
const patience = 30_000;

/** Milliseconds. The API server closes connections that were idle for 90 s: one that is used at that moment would fail. */
const idleLimit = 60_000;

/** A connection to an API server. */
export type Kube = ReturnType<typeof makeKube>;

const pathOf = ({base, plural}: Resource, namespace?: string, name?: string): string =>
	`${base}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}${name === undefined ? '' : `/${name}`}`;

const readAll = async (stream: AsyncIterable<unknown>): Promise<string> => {
	const parts: Uint8Array[] = [];
	for await (const part of stream) {
		parts.push(part as Uint8Array);
	}

	return Buffer.concat(parts).toString('utf8');
};

/**
Reads a stream line by line; unlike node:readline it throws when the connection breaks.

@yields the whole lines, without their ends.
*/
async function * linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const part of stream) {
		const lines = (rest + decoder.decode(part as Uint8Array, {stream: true})).split('\n');
		rest = lines.pop()!;
		yield * lines;
	}
}

const failure = (call: Call, status: number, text: string): KubeError => {
	let message = text;
	try {
		({message} = JSON.parse(text) as {message: string});
	} catch {}

	return new KubeError(status, `${call.method} ${call.path}: ${status} ${message}`);
};

const makeKube = (server: URL, options: https.RequestOptions) => {
	const agent = new https.Agent({
		keepAlive: true, maxSockets: 32, timeout: idleLimit, ...options,
	} as https.AgentOptions);

	const open = async ({method, path, body, type = 'application/json', accept = 'application/json'}: Call, signal?: AbortSignal) => new Promise<IncomingMessage>((resolve, reject) => {
		const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
		const request = https.request(new URL(path, server), {
			method, agent, signal, headers: {accept, ...(content !== undefined && {'content-type': type, 'content-length': Buffer.byteLength(content)})},
		}, resolve);
		request.on('error', reject);
		request.end(content);
	});

	const call = async <T>(what: Call, tries = 40): Promise<T> => {
		const response = await open(what, AbortSignal.timeout(patience));
		const text = await readAll(response);
		const status = response.statusCode ?? 0;
		// Not now, for example while a new definition comes into force; nothing was done.
		if (status === 429 && tries > 1) {
			await sleep(250);
			return call(what, tries - 1);
		}

		if (status < 200 || status > 299) {
			throw failure(what, status, text);
		}

		return (what.isText === true ? text : JSON.parse(text)) as T;
	};

	/** Runs a call; undefined where its status is the one that is no error here. */
	const unless = async <T>(status: number, what: Call): Promise<T | undefined> => {
		try {
			return await call<T>(what);
		} catch (error) {
			if (error instanceof KubeError && error.status === status) {
				return undefined;
			}

			throw error;
		}
	};

	const list = async <T extends KubeObject>(resource: Resource, namespace?: string, labelSelector?: string) => {
		const query = labelSelector === undefined ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
		const {items, metadata} = await call<{items: T[]; metadata: {resourceVersion: string}}>({method: 'GET', path: `${pathOf(resource, namespace)}${query}`});
		return {items, resourceVersion: metadata.resourceVersion};
	};

	const watchOnce = async <T extends KubeObject>(resource: Resource, resourceVersion: string, handler: WatchHandler<T>, signal: AbortSignal): Promise<void> => {
		const what = {method: 'GET', path: `${pathOf(resource)}?watch=true&allowWatchBookmarks=false&resourceVersion=${resourceVersion}&timeoutSeconds=300`};
		const response = await open(what, signal);
		if (response.statusCode !== 200) {
			throw failure(what, response.statusCode ?? 0, await readAll(response));
		}

		for await (const line of linesOf(response)) {
			const event = JSON.parse(line) as {type: string; object: T};
			if (event.type === 'ERROR') {
				return;
			}

			handler.changed(event.type as 'ADDED', event.object);
		}
	};

	return {
		/** Any call, for what the rest does not cover. Throws KubeError. */
		call,

		/** The object, or undefined if there is none. */
		get: async <T extends KubeObject>(resource: Resource, {namespace, name}: Reference) =>
			unless<T>(404, {method: 'GET', path: pathOf(resource, namespace, name)}),

		/** Objects of a namespace, or of all, and the list's resourceVersion. */
		list,

		/** Makes an object; undefined if one of that name exists already, which stays as it is. */
		create: async <T extends KubeObject>(resource: Resource, object: T) =>
			unless<T>(409, {method: 'POST', path: pathOf(resource, object.metadata.namespace), body: object}),

		/** A merge patch (RFC 7386) of the object, or of its subresource (`status`). Throws KubeError, with 409 if the patch holds another resourceVersion. */
		patch: async <T extends KubeObject>(resource: Resource, {namespace, name}: Reference, patch: unknown, subresource?: 'status') =>
			call<T>({
				method: 'PATCH', path: `${pathOf(resource, namespace, name)}${subresource === undefined ? '' : `/${subresource}`}`, body: patch, type: 'application/merge-patch+json',
			}),

		/** Writes the object as it is; its resourceVersion guards it. Throws KubeError, 409 if it changed meanwhile. */
		replace: async <T extends KubeObject>(resource: Resource, object: T) =>
			call<T>({method: 'PUT', path: pathOf(resource, object.metadata.namespace, object.metadata.name), body: object}),

		/** Server-side apply, by force, as field manager `sandbox`. */
		apply: async <T extends KubeObject>(resource: Resource, object: T) =>
			call<T>({
				method: 'PATCH', path: `${pathOf(resource, object.metadata.namespace, object.metadata.name)}?fieldManager=sandbox&force=true`, body: object, type: 'application/apply-patch+yaml',
			}),

		/** Deletes the object, if it is there and still has that uid; a successor of its name is left alone. */
		async remove(resource: Resource, {namespace, name}: Reference, {uid, gracePeriodSeconds}: Removal = {}) {
			// JSON leaves out what is undefined.
			const body = {
				apiVersion: 'v1', kind: 'DeleteOptions', preconditions: {uid}, gracePeriodSeconds,
			};
			try {
				await call({method: 'DELETE', path: pathOf(resource, namespace, name), body});
			} catch (error) {
				if (!(error instanceof KubeError && (error.status === 404 || error.status === 409))) {
					throw error;
				}
			}
		},

		/**
		Lists all objects of a resource and goes on with their changes, until `signal` says stop; after a broken connection it begins anew.
		Failures are told to `failed` and tried again after half a second.
		*/
		async watch<T extends KubeObject>(resource: Resource, handler: WatchHandler<T>, {signal, failed}: {signal: AbortSignal; failed?: (error: unknown) => void}): Promise<void> {
			while (!signal.aborted) {
				try {
					const {items, resourceVersion} = await list<T>(resource);
					handler.listed(items);
					await watchOnce(resource, resourceVersion, handler, signal);
				} catch (error) {
					if (signal.aborted) {
						return;
					}

					failed?.(error);
					await sleep(500);
				}
			}
		},

		/** Closes idle connections. */
		close() {
			agent.destroy();
		},
	};
};

/** Connects to the API server of a kubeconfig's current context. */
export const connect = async (kubeconfig: string): Promise<Kube> => {
	const config = new KubeConfig();
	config.loadFromFile(kubeconfig);
	const options: https.RequestOptions = {};
	await config.applyToHTTPSOptions(options);
	const {ca, cert, key} = options;
	return makeKube(new URL(config.getCurrentCluster()!.server), {ca, cert, key});
};
