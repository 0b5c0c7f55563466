
import path from 'node:path';
import {type Kube, resources} from '../kube.ts';
import type {Place} from './node.ts';

/** The pod's log in the form that kwok reads. */
export const podLog = ({folder}: Place): string => path.join(folder, 'container.log');

const kinds = [[resources.portForwards, 'PortForward'], [resources.logs, 'Logs'], [resources.execs, 'Exec']] as const;

/**
Tell kwok, which plays the node's port 10250, where `kubectl port-forward` to these TCP ports, `logs` and `exec` end for pods of
this name. All of it is a function of the name, so a pod's successor finds it in place.
*/
export const applyKwokObjects = async (kube: Kube, place: Place, ports: number[]): Promise<void> => {
	const {namespace, name, address, folder} = place;
	const specs = {
		PortForward: {forwards: ports.map(port => ({ports: [port], target: {address, port}}))},
		Logs: {logs: [{logsFile: podLog(place)}]},
		Exec: {execs: [{local: {envs: [{name: 'SANDBOX_POD', value: folder}]}}]},
	};
	await Promise.all(kinds.map(async ([resource, kind]) => {
		const object = {
			apiVersion: 'kwok.x-k8s.io/v1alpha1', kind, metadata: {namespace, name}, spec: specs[kind],
		};
		await kube.apply(resource, object);
	}));
};

/** Take them away. */
export const removeKwokObjects = async (kube: Kube, {namespace, name}: Place): Promise<void> => {
	await Promise.all(kinds.map(async ([resource]) => kube.remove(resource, {namespace, name})));
};
