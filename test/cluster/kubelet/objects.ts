
import {Buffer} from 'node:buffer';
import type {Pair} from './certificates.ts';

const namespace = 'tidb';
const labels = {
	'app.kubernetes.io/component': 'pd',
	'app.kubernetes.io/instance': 'basic',
	'app.kubernetes.io/managed-by': 'tidb-operator',
	'app.kubernetes.io/name': 'tidb-cluster',
};

/** The StatefulSet as tidb-operator makes it for PD, with one replica; what nobody here reads is left out. */
export const pdSet = {
	apiVersion: 'apps/v1',
	kind: 'StatefulSet',
	metadata: {name: 'basic-pd', namespace, labels},
	spec: {
		podManagementPolicy: 'Parallel',
		replicas: 1,
		selector: {matchLabels: labels},
		serviceName: 'basic-pd-peer',
		template: {
			metadata: {labels},
			spec: {
				containers: [{
					name: 'pd',
					image: 'pingcap/pd:v8.5.0',
					command: ['/bin/sh', '/usr/local/bin/pd_start_script.sh'],
					ports: [{containerPort: 2380, name: 'server'}, {containerPort: 2379, name: 'client'}],
					volumeMounts: [
						{mountPath: '/etc/pd', name: 'config', readOnly: true},
						{mountPath: '/var/lib/pd', name: 'pd'},
						{mountPath: '/var/lib/pd-tls', name: 'pd-tls', readOnly: true},
					],
				}],
				volumes: [
					{name: 'config', configMap: {name: 'basic-pd', items: [{key: 'config-file', path: 'pd.toml'}]}},
					{name: 'pd-tls', secret: {secretName: 'basic-pd-cluster-secret'}},
				],
			},
		},
		volumeClaimTemplates: [{
			metadata: {name: 'pd'},
			spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}, storageClassName: 'local'},
		}],
	},
};

/** PD's configuration, with the paths that stand in a real one. */
export const pdConfig = {
	apiVersion: 'v1',
	kind: 'ConfigMap',
	metadata: {name: 'basic-pd', namespace},
	data: {'config-file': '[security]\ncacert-path = "/var/lib/pd-tls/ca.crt"\ncert-path = "/var/lib/pd-tls/tls.crt"\nkey-path = "/var/lib/pd-tls/tls.key"\n'},
};

/** The Secret that it mounts; `bundle` becomes its `ca.crt`. */
export const pdSecret = (leaf: Pair, bundle: string) => {
	const files = {'tls.crt': leaf.cert, 'tls.key': leaf.key, 'ca.crt': bundle};
	const data = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString('base64')]));
	return {
		apiVersion: 'v1', kind: 'Secret', metadata: {name: 'basic-pd-cluster-secret', namespace}, data,
	};
};
