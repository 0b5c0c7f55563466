import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {programOf} from './components.ts';
import {ownedMetadata} from './metadata.ts';
import {withSecurity} from './toml.ts';
import type {ComponentName, KubeObject, TidbCluster} from './types.ts';

/** How each component's configuration calls the files of its certificate; those without a name here take them from the command line. */
const securityKeys: Record<string, [ca: string, certificate: string, key: string]> = {
	pd: ['cacert-path', 'cert-path', 'key-path'],
	tikv: ['ca-path', 'cert-path', 'key-path'],
	tidb: ['cluster-ssl-ca', 'cluster-ssl-cert', 'cluster-ssl-key'],
	tiflash: ['ca_path', 'cert_path', 'key_path'],
};

/**
The ConfigMap of a component: its configuration and a start script.

The script is one line: whoever plays kubelet starts processes by the component's label.

@returns The object; its name ends in a digest of its data, so a changed configuration is another object and another pod template.
*/
export function configMap(cluster: TidbCluster, component: ComponentName): KubeObject {
	const program = programOf(component);
	const data = {
		'config-file': configFile(cluster, component),
		'startup-script': `#!/bin/sh\nexec /${program}-server ${modeOf(cluster, component)}--config=/etc/${program}/${program}.toml\n`,
	};
	return {
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: ownedMetadata(cluster, component, `${cluster.metadata.name}-${component}-${digest(data)}`),
		data,
	};
}

/** What a PD of the mode `ms` and its microservices are started as. */
function modeOf({spec}: TidbCluster, component: ComponentName): string {
	if (component === 'tso' || component === 'scheduling') {
		return `services ${component} `;
	}

	return component === 'pd' && spec.pd?.mode === 'ms' ? 'services api ' : '';
}

function configFile(cluster: TidbCluster, component: ComponentName): string {
	const spec = cluster.spec[component];
	const config = spec?.config ?? '';
	const keys = securityKeys[programOf(component)];
	if (!keys || !cluster.spec.tlsCluster?.enabled) {
		return config;
	}

	const files = filesIn(`/var/lib/${programOf(component)}-tls`);
	const settings = Object.fromEntries(keys.map((key, index) => [key, files[index] ?? '']));
	if (component === 'tidb' && spec?.tlsClient?.enabled) {
		const [ca, certificate, key] = filesIn('/var/lib/tidb-server-tls');
		Object.assign(settings, {'ssl-ca': ca, 'ssl-cert': certificate, 'ssl-key': key});
	}

	return withSecurity(config, settings);
}

const filesIn = (folder: string): [string, string, string] => [`${folder}/ca.crt`, `${folder}/tls.crt`, `${folder}/tls.key`];

/** Seven digits that look like the operator's (it prints the hexadecimal digest in hexadecimal once more). */
function digest(data: Record<string, string>): string {
	const hex = createHash('sha256').update(JSON.stringify(data)).digest('hex');
	return Buffer.from(hex).toString('hex').slice(0, 7);
}
