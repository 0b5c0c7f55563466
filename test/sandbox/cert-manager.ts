import {controlPlaneAddress} from './address.ts';
import {startDaemon, waitFor} from './daemon.ts';
import {isFree, ports} from './network.ts';
import {type Sandbox, statePaths} from './state.ts';

/** Names the process of cert-manager's controller, and its log. */
export const certManager = 'cert-manager-controller';

/** Controllers that have nothing to do here, and want definitions that are not there: ACME, and the certificates of Ingresses and Gateways. */
const leftOut = ['ingress-shim', 'gateway-shim', 'orders', 'challenges'];

/**
Starts cert-manager's controller, where its definitions are in force, and waits until it listens. There is no webhook: objects get no defaults but
those of their definitions, and what is wrong in them is said in their status.
*/
export const startCertManager = async (state: string, {programs, network}: Sandbox): Promise<void> => {
	const address = controlPlaneAddress(network);
	const controller = await startDaemon(state, {name: certManager, file: programs[certManager]!}, [
		`--kubeconfig=${statePaths(state).kubeconfig}`,
		'--leader-elect=false',
		`--controllers=*,${leftOut.map(name => `-${name}`).join(',')}`,
		`--metrics-listen-address=${address}:${ports.certManager}`,
	]);
	await waitFor(controller, async () => !await isFree(address, ports.certManager));
};
