import {programOf, type Component} from './components.ts';
import type {
	ComponentName,
	ComponentSpec,
	Resources,
	TidbCluster,
} from './types.ts';
import {mountsOf, scriptOf} from './volumes.ts';

type Variable = {name: string; value?: string; valueFrom?: {fieldRef: {fieldPath: string}}};
type Container = {name: string; image: string} & Record<string, unknown>;

/** The pod's containers in the recorded order: TiDB's slow log comes first. */
export function containersOf(cluster: TidbCluster, component: Component, spec: ComponentSpec): Container[] {
	const {name} = component;
	const main: Container = {
		name,
		image: imageOf(cluster, name),
		imagePullPolicy: cluster.spec.imagePullPolicy ?? 'IfNotPresent',
		command: ['/bin/sh', `/usr/local/bin/${scriptOf(name)}`],
		env: variables(cluster, name),
		ports: component.ports.map(port => ({...port, protocol: 'TCP'})),
		resources: resources(spec),
		volumeMounts: mountsOf(cluster, component),
	};
	if (name === 'tikv') {
		return [{...main, securityContext: {privileged: false}}];
	}

	return name === 'tidb' ? [slowLog(), {...main, readinessProbe: readiness()}] : [main];
}

/** The image with its version: the component's own, or the cluster's. */
function imageOf(cluster: TidbCluster, component: ComponentName): string {
	const spec = cluster.spec[component];
	const base = spec?.baseImage ?? `pingcap/${programOf(component)}`;
	const version = spec?.version ?? cluster.spec.version;
	return spec?.image ?? (version === undefined ? base : `${base}:${version}`);
}

function readiness() {
	return {
		tcpSocket: {port: 4000}, initialDelaySeconds: 10, failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1,
	};
}

function slowLog(): Container {
	return {
		name: 'slowlog',
		image: 'busybox:1.26.2',
		imagePullPolicy: 'IfNotPresent',
		command: ['sh', '-c', 'touch /var/log/tidb/slowlog; tail -n0 -F /var/log/tidb/slowlog;'],
		volumeMounts: [{mountPath: '/var/log/tidb', name: 'slowlog'}],
	};
}

/** Processor and memory; storage belongs to the volume claim. */
function resources({requests = {}, limits}: ComponentSpec): Record<string, Resources> {
	const {storage, ...computing} = requests;
	return {
		...(Object.keys(computing).length > 0) && {requests: computing},
		...limits && {limits},
	};
}

function variables(cluster: TidbCluster, component: ComponentName): Variable[] {
	const set = `${cluster.metadata.name}-${component}`;
	const field = (name: string, fieldPath: string) => ({name, valueFrom: {fieldRef: {fieldPath}}});
	const namespace = field('NAMESPACE', 'metadata.namespace');
	const timezone = {name: 'TZ', value: cluster.spec.timezone ?? 'UTC'};
	const clusterName = {name: 'CLUSTER_NAME', value: cluster.metadata.name};
	const headless = {name: 'HEADLESS_SERVICE_NAME', value: `${set}-peer`};
	switch (component) {
		case 'pd': {
			return [namespace, {name: 'PEER_SERVICE_NAME', value: `${set}-peer`}, {name: 'SERVICE_NAME', value: set}, {name: 'SET_NAME', value: set}, timezone];
		}

		case 'tikv': {
			return [namespace, clusterName, headless, {name: 'CAPACITY', value: '0'}, timezone];
		}

		case 'tidb': {
			return [
				clusterName,
				timezone,
				{name: 'BINLOG_ENABLED', value: 'false'},
				{name: 'SLOW_LOG_FILE', value: '/var/log/tidb/slowlog'},
				field('POD_NAME', 'metadata.name'),
				namespace,
				headless,
			];
		}

		case 'dm-master': {
			return [namespace, {name: 'PEER_SERVICE_NAME', value: `${set}-peer`}, {name: 'SERVICE_NAME', value: set}, {name: 'SET_NAME', value: set}, timezone];
		}

		case 'tso':
		case 'scheduling': {
			return [namespace, {name: 'PEER_SERVICE_NAME', value: `${set}-peer`}, {name: 'SERVICE_NAME', value: set}, {name: 'SET_NAME', value: set}, timezone, clusterName, headless];
		}

		case 'dm-worker': {
			return [namespace, clusterName, headless, {name: 'SET_NAME', value: set}, timezone];
		}

		case 'tiproxy':
		case 'tiflash':
		case 'pump':
		case 'ticdc': {
			return [namespace, clusterName, headless, timezone];
		}
	}
}
