import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {stringify} from 'yaml';
import {controlPlaneAddress} from './address.ts';
import {statePaths} from './state.ts';

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

/** First address of the service network, by which pods would reach the API server. */
const firstService = '10.96.0.1';

const leaf = async (pki: string, name: string, subject: string, extensions: string[]): Promise<void> => {
	await execa('openssl', [
		'req',
		'-x509',
		'-CA',
		'ca.pem',
		'-CAkey',
		'ca-key.pem',
		...newKey,
		'-days',
		'365',
		'-subj',
		subject,
		...['basicConstraints=critical,CA:FALSE', ...extensions].flatMap(extension => ['-addext', extension]),
		'-keyout',
		`${name}-key.pem`,
		'-out',
		`${name}.pem`,
	], {cwd: pki});
};

/**
Makes the control plane's own certificates, in the state folder's `pki` (0700): they have nothing to do with those of the TiDB clusters.

Files: `ca`, `apiserver`, `admin` (client, group system:masters), `kubelet-client` (kube-apiserver to kwok), `kwok`, each `.pem` and `-key.pem`;
and `service-account-key.pem`.
*/
export const makePki = async (state: string, network: number): Promise<void> => {
	const {pki} = statePaths(state);
	const address = controlPlaneAddress(network);
	await mkdir(pki, {recursive: true, mode: 0o700});
	await execa('openssl', [
		'req', '-x509', ...newKey, '-days', '365', '-subj', '/CN=sandbox', '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', 'ca-key.pem', '-out', 'ca.pem',
	], {cwd: pki});
	const names = `DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:${address},IP:${firstService}`;
	await Promise.all([
		leaf(pki, 'apiserver', '/CN=kube-apiserver', ['extendedKeyUsage=serverAuth', `subjectAltName=${names}`]),
		leaf(pki, 'kwok', '/CN=sandbox', ['extendedKeyUsage=serverAuth', `subjectAltName=IP:${address}`]),
		leaf(pki, 'admin', '/O=system:masters/CN=admin', ['extendedKeyUsage=clientAuth']),
		leaf(pki, 'kubelet-client', '/O=system:masters/CN=kube-apiserver-kubelet-client', ['extendedKeyUsage=clientAuth']),
		execa('openssl', ['ecparam', '-genkey', '-noout', '-name', 'prime256v1', '-out', 'service-account-key.pem'], {cwd: pki}),
	]);
};

/** Writes the administrator's kubeconfig, its certificate and key inside. */
export const writeKubeconfig = async (state: string, network: number, name: string): Promise<void> => {
	const {pki, kubeconfig} = statePaths(state);
	const base64 = async (file: string) => readFile(path.join(pki, file), 'base64');
	const context = `sandbox-${name}`;
	const content = {
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{name: context, cluster: {server: `https://${controlPlaneAddress(network)}:6443`, 'certificate-authority-data': await base64('ca.pem')}}],
		users: [{name: context, user: {'client-certificate-data': await base64('admin.pem'), 'client-key-data': await base64('admin-key.pem')}}],
		contexts: [{name: context, context: {cluster: context, user: context}}],
		'current-context': context,
	};
	await writeFile(kubeconfig, stringify(content, {lineWidth: 0}), {mode: 0o600});
};
