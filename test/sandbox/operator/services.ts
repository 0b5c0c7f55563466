import type {Component} from './components.ts';
import {labelsOf, ownedMetadata} from './metadata.ts';
import type {KubeObject, TidbCluster} from './types.ts';

type ServicePort = {name: string; port: number};

/**
The Service of discovery.

Its Deployment is left out: it is not in the recording, its program cannot be built here, and PD is started with a list of its members instead.
*/
export function discoveryService(cluster: TidbCluster): KubeObject {
	const component = cluster.kind === 'DMCluster' ? 'dm-discovery' : 'discovery';
	return service(cluster, component, {
		name: `${cluster.metadata.name}-${component}`,
		ports: [{name: 'discovery', port: 10_261}, {name: 'proxy', port: 10_262}],
		spec: {type: 'ClusterIP'},
	});
}

/**
A component's Services: the headless one that gives its pods names, and, where it has one, the one for clients.

TiDB's for clients is made only where spec.tidb.service is given, as the operator does.
*/
export function servicesOf(cluster: TidbCluster, component: Component): KubeObject[] {
	const name = `${cluster.metadata.name}-${component.name}`;
	const peer = service(cluster, component.name, {
		// Pump has no service but its headless one.
		name: component.name === 'pump' ? name : `${name}-peer`,
		usedBy: 'peer',
		ports: component.peerPorts,
		spec: {clusterIP: 'None', publishNotReadyAddresses: true, type: 'ClusterIP'},
	});
	const wanted = component.name === 'tidb' ? cluster.spec.tidb?.service : {type: 'ClusterIP'};
	if (!wanted || component.clientPorts.length === 0) {
		return [peer];
	}

	return [
		service(cluster, component.name, {
			name,
			usedBy: 'end-user',
			ports: component.clientPorts,
			spec: {type: wanted.type ?? 'ClusterIP'},
		}),
		peer,
	];
}

type ServiceOptions = {name: string; usedBy?: string; ports: readonly ServicePort[]; spec: Record<string, unknown>};

function service(cluster: TidbCluster, component: string, {name, usedBy, ports, spec}: ServiceOptions): KubeObject {
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: ownedMetadata(cluster, component, name, usedBy === undefined ? {} : {'app.kubernetes.io/used-by': usedBy}),
		spec: {
			...spec,
			ports: ports.map(port => ({...port, protocol: 'TCP', targetPort: port.port})),
			selector: labelsOf(cluster, component),
		},
	};
}
