import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {controlPlaneAddress} from './address.ts';
import {
	type Daemon,
	isRunning,
	lastLines,
	startDaemon,
	waitFor,
} from './daemon.ts';
import {connect, type Kube} from './kube.ts';
import {isFree, ports} from './network.ts';
import {type Sandbox, statePaths} from './state.ts';

/** Controllers that have nothing to do here, or do harm: the node sends no heartbeats, so node-lifecycle would mark every pod NotReady. */
const leftOut = [
	'node-lifecycle-controller',
	'node-ipam-controller',
	'horizontal-pod-autoscaler-controller',
	'ttl-controller',
	'clusterrole-aggregation-controller',
	'certificatesigningrequest-signing-controller',
	'certificatesigningrequest-approving-controller',
	'certificatesigningrequest-cleaner-controller',
	'root-ca-certificate-publisher-controller',
	'legacy-serviceaccount-token-cleaner-controller',
	'serviceaccount-token-controller',
	'taint-eviction-controller',
	'persistentvolume-expander-controller',
	'persistentvolume-attach-detach-controller',
	'validatingadmissionpolicy-status-controller',
];

/**
Starts kube-apiserver, when etcd runs and the certificates are made, and waits until it is ready.

@returns the connection to it.
*/
export const startApiserver = async (state: string, {programs, network}: Sandbox): Promise<Kube> => {
	const {pki, kubeconfig} = statePaths(state);
	const address = controlPlaneAddress(network);
	const file = (name: string) => path.join(pki, name);
	const apiserver = await startDaemon(state, {name: 'kube-apiserver', file: programs['kube-apiserver']}, [
		`--etcd-servers=http://${address}:${ports.etcd}`,
		`--bind-address=${address}`,
		`--secure-port=${ports.apiserver}`,
		`--advertise-address=${address}`,
		'--endpoint-reconciler-type=none',
		`--external-hostname=${address}`,
		`--tls-cert-file=${file('apiserver.pem')}`,
		`--tls-private-key-file=${file('apiserver-key.pem')}`,
		`--client-ca-file=${file('ca.pem')}`,
		`--service-account-key-file=${file('service-account-key.pem')}`,
		`--service-account-signing-key-file=${file('service-account-key.pem')}`,
		'--service-account-issuer=https://kubernetes.default.svc',
		'--service-cluster-ip-range=10.96.0.0/16',
		'--authorization-mode=Node,RBAC',
		'--disable-admission-plugins=ServiceAccount',
		'--anonymous-auth=false',
		`--kubelet-certificate-authority=${file('ca.pem')}`,
		`--kubelet-client-certificate=${file('kubelet-client.pem')}`,
		`--kubelet-client-key=${file('kubelet-client-key.pem')}`,
		'--kubelet-preferred-address-types=InternalIP',
		'--shutdown-delay-duration=0s',
		'--profiling=false',
	]);
	const kube = await connect(kubeconfig);
	await waitFor(apiserver, async () => {
		await kube.call({method: 'GET', path: '/readyz', isText: true});
		return true;
	});
	return kube;
};

/** Starts kube-controller-manager; its StatefulSet controller is the one that rolls the pods. */
const startManager = async (state: string, {programs}: Sandbox): Promise<Daemon> => {
	const {pki, kubeconfig} = statePaths(state);
	return startDaemon(state, {name: 'kube-controller-manager', file: programs['kube-controller-manager']}, [
		`--kubeconfig=${kubeconfig}`,
		'--leader-elect=false',
		'--secure-port=0',
		'--profiling=false',
		`--controllers=*,${leftOut.map(name => `-${name}`).join(',')}`,
		`--service-account-private-key-file=${path.join(pki, 'service-account-key.pem')}`,
		`--root-ca-file=${path.join(pki, 'ca.pem')}`,
		'--kube-api-qps=200',
		'--kube-api-burst=400',
		'--pvclaimbinder-sync-period=2s',
	]);
};

/** Starts kwok for the node's port, which kube-apiserver asks for port-forward, logs and exec; waits until it listens. */
const startKwok = async (state: string, {programs, network, node}: Sandbox): Promise<void> => {
	const {pki, kubeconfig, execBin, kwok} = statePaths(state);
	const address = controlPlaneAddress(network);
	await Promise.all([execBin, kwok].map(async folder => mkdir(folder, {recursive: true})));
	const server = await startDaemon(state, {name: 'kwok', file: programs.kwok}, [
		`--kubeconfig=${kubeconfig}`,
		`--config=${path.join(import.meta.dirname, 'kwok', 'stages.yaml')}`,
		`--manage-single-node=${node}`,
		'--enable-crds=PortForward,Exec,Logs',
		`--node-ip=${address}`,
		`--node-port=${ports.kwok}`,
		`--server-address=${address}:${ports.kwok}`,
		`--tls-cert-file=${path.join(pki, 'kwok.pem')}`,
		`--tls-private-key-file=${path.join(pki, 'kwok-key.pem')}`,
	], {PATH: `${execBin}${path.delimiter}${process.env.PATH ?? ''}`, KWOK_WORKDIR: kwok});
	await waitFor(server, async () => !await isFree(address, ports.kwok));
};

/** Starts what works through kube-apiserver. kwok wants its definitions to be there. */
export const startControllers = async (state: string, sandbox: Sandbox): Promise<void> => {
	const manager = await startManager(state, sandbox);
	await startKwok(state, sandbox);
	if (!await isRunning(manager)) {
		throw new Error(`${manager.name} ended at its start:\n${await lastLines(manager.log)}`);
	}
};
