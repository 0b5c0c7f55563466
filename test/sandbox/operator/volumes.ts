import {programOf, type Component} from './components.ts';
import type {ComponentName, ComponentSpec, TidbCluster} from './types.ts';

type Mount = {mountPath: string; name: string; readOnly?: boolean};
type Volume = {name: string} & Record<string, unknown>;

/** Where a Secret is mounted, and under which volume name (tidb-facts 1.1 to 1.3). */
type SecretVolume = {volume: string; secret: string};

/** TiProxy's, by the layout that it has without `certLayout` (tidb-facts 1.4): one of its own only where MySQL clients have no TLS. */
function tiproxyVolumes(cluster: TidbCluster): SecretVolume[] {
	const {name} = cluster.metadata;
	const client = {volume: 'cluster-client-tls', secret: `${name}-cluster-client-secret`};
	return cluster.spec.tidb?.tlsClient?.enabled
		? [client, {volume: 'tiproxy-server-tls', secret: `${name}-tidb-server-secret`}, {volume: 'tiproxy-sql-tls', secret: `${name}-tidb-client-secret`}]
		: [{volume: 'tiproxy-tls', secret: `${name}-tiproxy-cluster-secret`}, client];
}

/**
The Secrets that a component's pods mount, each at /var/lib/<volume>.

Without `spec.tlsCluster.enabled` there are none.
*/
function secretVolumes(cluster: TidbCluster, component: Component): SecretVolume[] {
	if (component.name === 'tiproxy' && cluster.spec.tlsCluster?.enabled) {
		return tiproxyVolumes(cluster);
	}

	const {name} = cluster.metadata;
	const spec: Partial<ComponentSpec> = cluster.spec[component.name] ?? {};
	const volumes: SecretVolume[] = [];
	if (cluster.spec.tlsCluster?.enabled) {
		volumes.push({volume: `${programOf(component.name)}-tls`, secret: `${name}-${programOf(component.name)}-cluster-secret`});
		if (spec.mountClusterClientSecret === true || component.name === 'ticdc') {
			volumes.push({volume: 'cluster-client-tls', secret: `${name}-cluster-client-secret`});
		}
	}

	if (component.name === 'tidb' && spec.tlsClient?.enabled) {
		volumes.push({volume: 'tidb-server-tls', secret: `${name}-tidb-server-secret`});
	}

	return volumes;
}

/** The name of a component's start script. */
export const scriptOf = (component: ComponentName): string => `${component === 'tso' || component === 'scheduling' ? 'pdms' : component}_start_script.sh`;

/** The volume mounts of the component's container, in the recorded order: TiKV has its data before its configuration. */
export function mountsOf(cluster: TidbCluster, component: Component): Mount[] {
	const {name} = component;
	const data = component.data ? [{mountPath: `/var/lib/${name}`, name}] : [];
	return [
		{mountPath: '/etc/podinfo', name: 'annotations', readOnly: true},
		...name === 'tikv' ? data : [],
		{mountPath: `/etc/${programOf(name)}`, name: 'config', readOnly: true},
		{mountPath: '/usr/local/bin', name: 'startup-script', readOnly: true},
		...name === 'tikv' ? [] : data,
		...secretVolumes(cluster, component).map(({volume}) => ({mountPath: `/var/lib/${volume}`, name: volume, readOnly: true})),
		...name === 'tidb' ? [{mountPath: '/var/log/tidb', name: 'slowlog'}] : [],
	];
}

/** The pod's volumes, but for the data: that comes from the volume claim template. */
export function volumesOf(cluster: TidbCluster, component: Component, configMap: string): Volume[] {
	const {name} = component;
	const fromConfigMap = (volume: string, key: string, path: string) => ({name: volume, configMap: {name: configMap, items: [{key, path}]}});
	return [
		{name: 'annotations', downwardAPI: {items: [{fieldRef: {fieldPath: 'metadata.annotations'}, path: 'annotations'}]}},
		fromConfigMap('config', 'config-file', `${programOf(name)}.toml`),
		fromConfigMap('startup-script', 'startup-script', scriptOf(name)),
		...secretVolumes(cluster, component).map(({volume, secret}) => ({name: volume, secret: {secretName: secret}})),
		...name === 'tidb' ? [{name: 'slowlog', emptyDir: {}}] : [],
	];
}

/** The claim for the component's data, as large as its storage request. */
export function claimTemplates(component: Component, spec: ComponentSpec): unknown[] {
	if (!component.data) {
		return [];
	}

	return [{
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		metadata: {name: component.name},
		spec: {
			accessModes: ['ReadWriteOnce'],
			resources: {requests: {storage: spec.storageSize ?? spec.requests?.storage ?? '1Gi'}},
			storageClassName: spec.storageClassName,
		},
	}];
}
