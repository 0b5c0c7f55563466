import {readFileSync} from 'node:fs';
import path from 'node:path';
import {components, isMicroservice} from './components.ts';
import type {ComponentName, Guest, Side} from './types.ts';

/** What a template is for: a component's request, the CA's request, or the signing configuration. */
export type TemplateName = ComponentName | 'ca-config' | 'ca-csr';

const folder = path.join(import.meta.dirname, '..', '..', 'templates');

/** The file name in the cluster folder, as the documents have it: `pd-server.json`, `client.json`, `ca-csr.json`. */
export const templateFile = (name: TemplateName): string =>
	name === 'ca-config' || name === 'ca-csr' ? `${name}.json` : `${components[name].file}.json`;

/**
The text of a file of templates/ for one cluster: `${cluster_name}` and `${namespace}` filled in, nothing else changed.
@throws when the file names another variable.
*/
export const renderFile = (file: string, cluster: {name: string; namespace: string}): string => {
	const values = new Map([['cluster_name', cluster.name], ['namespace', cluster.namespace]]);
	return readFileSync(path.join(folder, file), 'utf8').replaceAll(/\$\{(?<variable>[^\}]*)\}/gv, (all, variable: string) => {
		const value = values.get(variable);
		if (value === undefined) {
			throw new Error(`templates/${file} names ${all}; a template may name \${cluster_name} and \${namespace}`);
		}

		return value;
	});
};

/** A cluster, as far as a request is about it. */
type Meant = {name: string; namespace: string; side?: Side; domain?: string; guests?: Guest[]};

/** A request with further names. */
const withHosts = (text: string, more: (hosts: string[]) => string[]): string => {
	const request = JSON.parse(text) as {hosts?: string[]};
	const {hosts = []} = request;
	const added = more(hosts);
	return added.length === 0 ? text : `${JSON.stringify({...request, hosts: [...hosts, ...added]}, undefined, 4)}\n`;
};

/** A request with the names by which pods are called from other Kubernetes clusters (tidb-facts 1.2): each that ends in `.svc`, followed by the domain. */
const withDomain = (text: string, domain: string): string => withHosts(text, hosts => hosts.filter(host => host.endsWith('.svc')).map(host => `${host}.${domain}`));

/** The names of PD's microservices, which show PD's certificate (tidb-facts 1.1): those that PD has, with theirs in place of `pd`. */
const withMicroservices = (text: string, {name, guests = []}: Meant): string => withHosts(text, hosts => guests.filter(guest => isMicroservice(guest))
	.flatMap(guest => hosts.filter(host => host.includes(`${name}-pd`)).map(host => host.replace(`${name}-pd`, () => `${name}-${guest}`))));

/** The text of a component's request, of the CA's request or of the signing configuration, for one cluster, or for one side of it. */
export const render = (name: TemplateName, cluster: Meant): string => {
	const file = renderFile(path.join(cluster.side ?? '', templateFile(name)), cluster);
	const text = name === 'pd' ? withMicroservices(file, cluster) : file;
	return cluster.domain === undefined ? text : withDomain(text, cluster.domain);
};

/** The requests of a folder that a runbook makes: those by which a gate's throwaway certificates are made. */
export const runbookTexts = (cluster: {name: string; namespace: string; side?: Side}): Record<string, string> =>
	Object.fromEntries((['ca-csr', 'client'] as const).map(name => [templateFile(name), render(name, cluster)]));
