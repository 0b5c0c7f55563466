#!/usr/bin/env node
import path from 'node:path';
import process from 'node:process';
import {runKubelet} from './kubelet.ts';

const folder = process.argv[2];
const log = (text: string): void => {
	console.log(`${new Date().toISOString()} ${text}`);
};

if (folder === undefined) {
	console.error('usage: node test/sandbox/kubelet/main.ts <state folder>');
	process.exit(2);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	process.once(signal, () => {
		log(`stopped by ${signal}; the processes go on`);
		process.exit(0);
	});
}

log('process kubelet: stands in for kubelet, runs the pods of StatefulSets as processes of this machine');
await runKubelet(path.resolve(folder), {signal: new AbortController().signal, log});
