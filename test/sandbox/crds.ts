import {copyFile, mkdir, readdir} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {buildOnce, goEnvironment, type Write} from './build.ts';
import {cacheFolder, moduleFolder, requiredVersion} from './modules.ts';

/** Files of definitions, by whose they are. */
export type Crds = {tidbCluster: string; kwok: string[]};

const apis = 'github.com/pingcap/tidb-operator/pkg/apis';
const options = 'crd:generateEmbeddedObjectMeta=false,maxDescLen=0,allowDangerousTypes=true';
const tidbClusters = 'pingcap.com_tidbclusters.yaml';

/** Those kinds of kwok through which kubectl reaches a pod's process. */
const kwokKinds = ['execs', 'logs', 'portforwards'];

/** Generates tidb-operator's definitions from its Go types; tidb-operator itself cannot be had as a module. */
const generate = async (folder: string): Promise<void> => {
	await mkdir(folder);
	const {stderr} = await execa('go', ['tool', 'controller-gen', options, `paths=${apis}/pingcap/v1alpha1`, `output:crd:dir=${folder}`], {
		cwd: moduleFolder('crd'), env: goEnvironment, stdin: 'ignore',
		// It does not know three types of TidbMonitor and fails, after it has written the rest.
		reject: false,
	});
	const written = await readdir(folder);
	if (!written.includes(tidbClusters)) {
		throw new Error(stderr);
	}
};

const copyKwok = async (folder: string): Promise<void> => {
	const {stdout} = await execa('go', ['mod', 'download', '-json', 'sigs.k8s.io/kwok'], {cwd: moduleFolder('kwok'), env: goEnvironment, stdin: 'ignore'});
	const {Dir: source} = JSON.parse(stdout) as {Dir: string};
	await mkdir(folder);
	await Promise.all(kwokKinds.map(async kind => copyFile(path.join(source, `kustomize/crd/bases/kwok.x-k8s.io_${kind}.yaml`), path.join(folder, `${kind}.yaml`))));
};

/**
The CustomResourceDefinitions that the sandbox needs: TidbCluster with its real schema, and kwok's.

@returns absolute paths of YAML files in the user's cache: TidbCluster's, and kwok's.
@throws Error, if Go is missing or they could not be made.
*/
export const crdFiles = async (write: Write): Promise<Crds> => {
	const operator = path.join(await cacheFolder('crd', options), 'operator');
	const kwok = path.join(await cacheFolder('kwok', kwokKinds.join(' ')), 'crd');
	await buildOnce({
		target: operator, what: `TidbCluster definition ${await requiredVersion('crd', apis)}`, write, make: generate,
	});
	await buildOnce({
		target: kwok, what: `kwok definitions ${await requiredVersion('kwok', 'sigs.k8s.io/kwok')}`, write, make: copyKwok,
	});
	return {tidbCluster: path.join(operator, tidbClusters), kwok: kwokKinds.map(kind => path.join(kwok, `${kind}.yaml`))};
};
