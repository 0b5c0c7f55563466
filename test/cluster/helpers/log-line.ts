import {appendFile, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {podFolder} from '../../sandbox/kubelet/record.ts';
import {resources} from '../../sandbox/kube.ts';
import type {Undo} from './mutation.ts';
import type {Place} from './place.ts';

/** As container runtimes write it, and as the pods' logs stand in the sandbox. */
const line = (text: string): string => `${new Date().toISOString()} stdout F ${text}\n`;

/** Adds a line to a pod's log. It stays there: what is read later begins later. */
export const addLine = async ({state, namespace}: Place, pod: string, text: string): Promise<Undo> => {
	await appendFile(path.join(podFolder(state, namespace, pod), 'container.log'), line(text));
	return async () => {
		await sleep(2000);
	};
};

/** A pod of the operator's labels in a namespace of its own, with a log of one line. */
export const operatorPod = async ({kube, state, node}: Place, text: string): Promise<Undo> => {
	const [namespace, name] = ['tidb-admin', 'tidb-controller-manager-0'];
	const logsFile = path.join(state, 'operator-pod', 'container.log');
	await mkdir(path.dirname(logsFile), {recursive: true});
	await writeFile(logsFile, line(text));
	await kube.create(resources.namespaces, {metadata: {name: namespace}});
	await kube.create(resources.pods, {
		metadata: {namespace, name, labels: {'app.kubernetes.io/name': 'tidb-operator'}}, spec: {nodeName: node, containers: [{name: 'tidb-operator', image: 'tidb-operator'}]},
	} as {metadata: {namespace: string; name: string}});
	await kube.apply(resources.logs, {
		apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Logs', metadata: {namespace, name}, spec: {logs: [{logsFile}]},
	} as {metadata: {namespace: string; name: string}});
	return async () => {
		await kube.remove(resources.pods, {namespace, name}, {gracePeriodSeconds: 0});
		await kube.remove(resources.logs, {namespace, name});
		await kube.remove(resources.namespaces, {name: namespace});
	};
};
