import {documentOrder, inDocumentOrder, isTiproxyGuest} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {material} from '../plan/annotations.ts';
import type {Access} from './cluster.ts';
import {listLines} from './list-lines.ts';
import type {PodFacts} from './types.ts';

/** A TidbCluster of a list. */
export type ListedCluster = Cluster & {
	uid: string;
	/** `pingcap.com/v1alpha1` is Operator v1. */
	apiVersion: string;
	hasTls: boolean;
	/** Pods that the spec asks for. */
	replicas: number;
};

const running = documentOrder.filter(name => name !== 'client');

const clusterParts = [
	'{{.metadata.namespace}}',
	'{{.metadata.name}}',
	'{{.metadata.uid}}',
	'{{.apiVersion}}',
	'{{with .spec}}{{with .tlsCluster}}{{if .enabled}}tls{{end}}{{end}}{{end}}',
	`{{with .spec}}${running.map(name => `{{with .${name}}}${name}={{.replicas}} {{end}}`).join('')}{{end}}`,
	'{{with .spec}}{{with .tiproxy}}{{with .certLayout}}{{.}}{{end}}{{end}}{{end}}',
	'{{with .spec}}{{with .tidb}}{{with .tlsClient}}{{if .enabled}}tls{{end}}{{end}}{{end}}{{end}}',
];

/** The TidbClusters of one namespace, or of all. */
export const listClusters = async (access: Access, namespace?: string): Promise<ListedCluster[]> => {
	const found: ListedCluster[] = [];
	await listLines(access, {
		what: 'looking for TidbClusters', resources: 'tidbclusters.pingcap.com', namespace, parts: clusterParts,
	}, async ([place = '', name = '', uid = '', apiVersion = '', tls = '', counts = '', certLayout = '', mysqlTls = '']) => {
		const isGuest = isTiproxyGuest({tiproxy: {certLayout}, tidb: {tlsClient: {enabled: mysqlTls !== ''}}});
		const replicas = counts.split(' ').filter(Boolean).map(count => count.split('=', 2));
		found.push({
			name,
			namespace: place,
			uid,
			apiVersion,
			hasTls: tls !== '',
			components: inDocumentOrder([...replicas.map(([component]) => component as ComponentName).filter(component => !(component === 'tiproxy' && isGuest)), 'client']),
			replicas: replicas.reduce((sum, [, count]) => sum + Number(count), 0),
		});
	});
	return found;
};

/** What of a pod tells how long restarts take. */
export type ListedPod = Pick<PodFacts, 'name' | 'component' | 'material' | 'revision' | 'containers'>;

const label = (name: string): string => `{{with .metadata.labels}}{{with index . "${name}"}}{{.}}{{end}}{{end}}`;

const podParts = [
	'{{.metadata.namespace}}',
	label('app.kubernetes.io/instance'),
	label('app.kubernetes.io/component'),
	'{{.metadata.name}}',
	`{{with .metadata.annotations}}{{with index . "${material}"}}{{.}}{{end}}{{end}}`,
	label('controller-revision-hash'),
	'{{range .status.containerStatuses}}{{.name}}={{with .state}}{{with .running}}{{.startedAt}}{{end}}{{end}} {{end}}',
];

/** The pods of TidbClusters, by `<namespace>/<cluster>`. */
export const listPods = async (access: Access, namespace?: string): Promise<Map<string, ListedPod[]>> => {
	const found = new Map<string, ListedPod[]>();
	await listLines(access, {
		what: 'reading the pods', resources: 'pods', namespace, selectors: ['-l', 'app.kubernetes.io/name=tidb-cluster,app.kubernetes.io/managed-by=tidb-operator'], parts: podParts,
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
