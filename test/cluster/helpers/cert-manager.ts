import path from 'node:path';
import process from 'node:process';
import {certManager, startCertManager} from '../../sandbox/cert-manager.ts';
import {type KubeObject, resources} from '../../sandbox/kube.ts';
import {listProcesses, type RunningProcess, startTicksOf} from '../../sandbox/processes.ts';
import type {Place} from './place.ts';
import {type Item, kubectl, kubectlItems} from './product.ts';
import type {TestSandbox} from './sandbox.ts';
import {until} from './until.ts';

/** A Certificate as the API server has it, as far as tests look at it. */
export type Certificate = KubeObject & {
	spec: {secretName: string; issuerRef: {name: string}};
	status?: {revision?: number; conditions?: Array<{type: string; status: string; reason: string; message: string}>};
};

/** The Certificates of the cluster's namespace, by name: those of the components, `basic-ca`, and what else there is. */
export const certificatesOf = async ({kube, namespace}: Place): Promise<Record<string, Certificate>> => {
	const {items} = await kube.list<Certificate>(resources.certificates, namespace);
	return Object.fromEntries(items.map(certificate => [certificate.metadata.name, certificate]));
};

type Request = Item & {status?: {conditions?: Array<{type: string; status: string}>}};

/** Whether a Certificate's condition Ready is true. */
export const isReady = ({status}: Certificate): boolean => status?.conditions?.some(({type, status: value}) => type === 'Ready' && value === 'True') ?? false;

/** The process of cert-manager's controller; undefined while it is stopped. */
export const controllerOf = async ({state}: TestSandbox): Promise<RunningProcess | undefined> => {
	const running = await listProcesses(state);
	return running.find(({command}) => path.basename(command.split(' ', 1)[0]!) === certManager);
};

/**
Ends cert-manager's controller, by its process id, and waits until it has gone. The rest of the sandbox goes on.

@throws Error when it does not run.
*/
export const stopController = async (sandbox: TestSandbox): Promise<void> => {
	const controller = await controllerOf(sandbox);
	if (!controller) {
		throw new Error(`${certManager} does not run in sandbox ${sandbox.name}`);
	}

	const {pid, startTicks} = controller;
	process.kill(pid, 'SIGTERM');
	await until(`the end of ${certManager}`, async () => await startTicksOf(pid) !== startTicks);
};

/** Starts cert-manager's controller again, and waits until it listens. */
export const startController = async (sandbox: TestSandbox): Promise<void> => {
	await startCertManager(sandbox.state, sandbox);
};

/** Asks cert-manager to issue everything again that there is a Certificate for, as `cmctl renew --all` does. */
export const renewAll = async (place: Place): Promise<void> => {
	const certificates = await certificatesOf(place);
	await Promise.all(Object.keys(certificates).map(async certificate => kubectl(place, ['apply', '--server-side', '--force-conflicts', '--subresource=status', '-f', '-'], JSON.stringify({
		apiVersion: 'cert-manager.io/v1',
		kind: 'Certificate',
		metadata: {name: certificate, namespace: place.namespace},
		status: {
			conditions: [{
				type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'forced by a test', lastTransitionTime: new Date().toISOString().replace(/\.\d+/v, ''),
			}],
		},
	}))));
};

/** Waits for a request for this Certificate that nobody has answered, and denies it, as an approver does. */
export const denyRequest = async (place: Place, certificate: string): Promise<void> => {
	const request = await until(`a request for ${certificate}`, async () => {
		const found = await kubectlItems(place, ['certificaterequests.cert-manager.io', '-n', place.namespace]) as Request[];
		return found.find(({metadata, status}) => metadata.annotations?.['cert-manager.io/certificate-name'] === certificate
			&& (status?.conditions ?? []).every(({type, status: is}) => type === 'Ready' && is === 'False'))?.metadata.name;
	}, 120_000);
	const denial = {
		type: 'Denied', status: 'True', reason: 'policy', message: 'not today', lastTransitionTime: new Date().toISOString().replace(/\.\d+/v, ''),
	};
	const patch = JSON.stringify({status: {conditions: [denial]}});
	await kubectl(place, ['patch', 'certificaterequests.cert-manager.io', request, '-n', place.namespace, '--subresource=status', '--type=merge', '-p', patch]);
};
