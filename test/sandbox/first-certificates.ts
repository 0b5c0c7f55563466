import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import {certifiedOf} from './pod-addresses.ts';
import {statePaths, type Sandbox} from './state.ts';

const issue = path.join(import.meta.dirname, '..', '..', 'scripts', 'issue.ts');

/**
Makes the first certificates and Secrets of the sandbox's cluster, by the product's own `npm run issue`.

`folder` is the cluster folder with its request files, `state` the sandbox's; `side` is `--mysql` for those of MySQL clients.
*/
export const firstCertificates = async (folder: string, state: string, sandbox: Sandbox, side: Array<'--mysql'> = []): Promise<void> => {
	const {cluster, namespace, programs, kind} = sandbox;
	const folders = [programs.cfssl, programs.cfssljson, programs.kubectl].map(program => path.dirname(program));
	const options = [`--cluster=${cluster}`, `--namespace=${namespace}`, `--dir=${folder}`, `--components=${certifiedOf(sandbox).join(',')}`, '--yes'];
	await execa(process.execPath, [issue, ...options, ...side, ...(kind === undefined ? [] : [`--kind=${kind}`])], {
		env: {KUBECONFIG: statePaths(state).kubeconfig, PATH: [...folders, process.env.PATH].join(path.delimiter)},
	});
};
