import {
	componentsOf,
	componentsOfKind,
	guestsOf,
	inDocumentOrder,
	mysqlComponents,
	partName,
	runningComponents,
} from '../cluster/components.ts';
import {kindOf} from '../cluster/kinds.ts';
import type {Cluster, Kind} from '../cluster/types.ts';
import {materialOf} from '../plan/annotations.ts';
import type {Access} from './cluster.ts';
import {listLines} from './list-lines.ts';
import type {PodFacts} from './types.ts';

/** A cluster of a list, seen from one of its sides. */
export type ListedCluster = Cluster & {
	uid: string;
	/** `pingcap.com/v1alpha1` is Operator v1. */
	apiVersion: string;
	/** On this side. */
	hasTls: boolean;
	/** Pods that the spec asks for and that use this side's certificates. */
	replicas: number;
};

/** Which clusters: of one namespace, or of all; TidbClusters where `kind` does not say otherwise, with `mysql` that side of them. */
export type Which = {namespace?: string; kind?: Kind; mysql?: boolean};

const partsOf = (kind?: Kind): string[] => componentsOfKind(kind).map(component => partName(component)).filter(part => part !== undefined);

const clusterParts = (kind?: Kind): string[] => [
	'{{.metadata.namespace}}',
	'{{.metadata.name}}',
	'{{.metadata.uid}}',
	'{{.apiVersion}}',
	'{{with .spec}}{{with .tlsCluster}}{{if .enabled}}tls{{end}}{{end}}{{end}}',
	`{{with .spec}}${partsOf(kind).map(part => `{{with .${part}}}${part}={{.replicas}} {{end}}`).join('')}{{range .pdms}}{{.name}}={{.replicas}} {{end}}{{end}}`,
	'{{with .spec}}{{with .tiproxy}}{{with .certLayout}}{{.}}{{end}}{{end}}{{end}}',
	'{{with .spec}}{{with .tidb}}{{with .tlsClient}}{{if .enabled}}tls{{end}}{{end}}{{end}}{{end}}',
	'{{with .spec}}{{with .pd}}{{with .mode}}{{.}}{{end}}{{end}}{{end}}',
];

const clusterOf = ([namespace = '', name = '', uid = '', apiVersion = '', tls = '', parts = '', certLayout = '', mysqlTls = '', mode = '']: string[], {kind, mysql = false}: Which): ListedCluster => {
	const counts: Record<string, number> = Object.fromEntries(parts.split(' ').filter(Boolean).map(part => {
		const [word = '', count] = part.split('=', 2);
		return [word, Number(count)];
	}));
	// What of the spec tells which components there are.
	const spec = {
		...counts,
		...('tiproxy' in counts && {tiproxy: {certLayout}}),
		pdms: Object.keys(counts).map(part => ({name: part})),
		...('pd' in counts && {pd: {mode}}),
		tidb: 'tidb' in counts ? {tlsClient: {enabled: mysqlTls !== ''}} : undefined,
	};
	const guests = guestsOf(spec, mysql ? 'mysql' : undefined);
	const cluster: Cluster = {
		name,
		namespace,
		...(kind !== undefined && {kind}),
		...(mysql ? {components: [...mysqlComponents], side: 'mysql'} : {components: inDocumentOrder(componentsOf(spec, kind))}),
		...(guests.length > 0 && {guests}),
	};
	return {
		...cluster,
		uid,
		apiVersion,
		hasTls: (mysql ? mysqlTls : tls) !== '',
		replicas: runningComponents(cluster).reduce((sum, component) => sum + (counts[partName(component)!] ?? 0), 0),
	};
};

/** The clusters that are meant, by one list call. */
export const listClusters = async (access: Access, which: Which): Promise<ListedCluster[]> => {
	const found: ListedCluster[] = [];
	const {plural} = kindOf(which);
	await listLines(access, {
		what: `looking for ${kindOf(which).object}s`, resources: `${plural}.pingcap.com`, namespace: which.namespace, parts: clusterParts(which.kind),
	}, async parts => {
		found.push(clusterOf(parts, which));
	});
	return found;
};

/** What of a pod tells how long restarts take. */
export type ListedPod = Pick<PodFacts, 'name' | 'component' | 'material' | 'revision' | 'containers'>;

const label = (name: string): string => `{{with .metadata.labels}}{{with index . "${name}"}}{{.}}{{end}}{{end}}`;

const podParts = ({mysql = false}: Which): string[] => [
	'{{.metadata.namespace}}',
	label('app.kubernetes.io/instance'),
	label('app.kubernetes.io/component'),
	'{{.metadata.name}}',
	`{{with .metadata.annotations}}{{with index . "${materialOf(mysql ? 'tidb-server' : '')}"}}{{.}}{{end}}{{end}}`,
	label('controller-revision-hash'),
	'{{range .status.containerStatuses}}{{.name}}={{with .state}}{{with .running}}{{.startedAt}}{{end}}{{end}} {{end}}',
];

/** The pods of the clusters that are meant, by `<namespace>/<cluster>`, each with the component that its label names. */
export const listPods = async (access: Access, which: Which): Promise<Map<string, ListedPod[]>> => {
	const found = new Map<string, ListedPod[]>();
	await listLines(access, {
		what: 'reading the pods',
		resources: 'pods',
		namespace: which.namespace,
		selectors: ['-l', `app.kubernetes.io/name=${kindOf(which).app},app.kubernetes.io/managed-by=tidb-operator`],
		parts: podParts(which),
	}, async ([place = '', instance = '', component = '', name = '', stamp = '', revision = '', containers = '']) => {
		const pods = found.get(`${place}/${instance}`) ?? [];
		pods.push({
			name,
			component,
			material: stamp,
			revision,
			containers: containers.split(' ').filter(Boolean).map(container => {
				const [containerName = '', startedAt = ''] = container.split('=', 2);
				return {
					name: containerName, startedAt, restartCount: 0, ready: true,
				};
			}),
		});
		found.set(`${place}/${instance}`, pods);
	});
	return found;
};
