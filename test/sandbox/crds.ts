import {
	copyFile,
	mkdir,
	readdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {buildOnce, goEnvironment, type Write} from './build.ts';
import {cacheFolder, moduleFolder, requiredVersion} from './modules.ts';

/** Files of definitions, by whose they are. */
export type Crds = {tidbCluster: string; dmCluster: string; kwok: string[]; certManager: string[]};

const apis = 'github.com/pingcap/tidb-operator/pkg/apis';
const options = 'crd:generateEmbeddedObjectMeta=false,maxDescLen=0,allowDangerousTypes=true';
const tidbClusters = 'pingcap.com_tidbclusters.yaml';
const dmClusters = 'pingcap.com_dmclusters.yaml';

/** Those kinds of kwok through which kubectl reaches a pod's process. */
const kwokKinds = ['execs', 'logs', 'portforwards'];

const certManager = 'github.com/cert-manager/cert-manager';

/** The controller looks at all of them, whether or not there are any. */
const certManagerKinds = ['certificaterequests', 'certificates', 'challenges', 'clusterissuers', 'issuers', 'orders'];

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

/** The folder with the source of a module, downloaded if it was not before. `module` is the folder below modules/ that names its version. */
const sourceOf = async (module: Parameters<typeof moduleFolder>[0], name: string): Promise<string> => {
	const {stdout} = await execa('go', ['mod', 'download', '-json', name], {cwd: moduleFolder(module), env: goEnvironment, stdin: 'ignore'});
	const {Dir: source} = JSON.parse(stdout) as {Dir: string};
	return source;
};

const copyKwok = async (folder: string): Promise<void> => {
	const source = await sourceOf('kwok', 'sigs.k8s.io/kwok');
	await mkdir(folder);
	await Promise.all(kwokKinds.map(async kind => copyFile(path.join(source, `kustomize/crd/bases/kwok.x-k8s.io_${kind}.yaml`), path.join(folder, `${kind}.yaml`))));
};

/** The definitions are parts of a Helm chart, which fills in some labels: their lines are left out. */
const copyCertManager = async (folder: string): Promise<void> => {
	const source = path.join(await sourceOf('cert-manager', certManager), 'deploy/crds');
	await mkdir(folder);
	await Promise.all(certManagerKinds.map(async kind => {
		const text = await readFile(path.join(source, `crd-${kind}.yaml`), 'utf8');
		await writeFile(path.join(folder, `${kind}.yaml`), text.split('\n').filter(line => !line.includes('{{')).join('\n'));
	}));
};

/**
The CustomResourceDefinitions that the sandbox needs: TidbCluster and DMCluster with their real schemas, kwok's, and cert-manager's where it issues the certificates.

@returns absolute paths of YAML files in the user's cache.
@throws Error, if Go is missing or they could not be made.
*/
export const crdFiles = async ({withCertManager}: {withCertManager: boolean}, write: Write): Promise<Crds> => {
	const operator = path.join(await cacheFolder('crd', options), 'operator');
	const kwok = path.join(await cacheFolder('kwok', kwokKinds.join(' ')), 'crd');
	await buildOnce({
		target: operator, what: `TidbCluster definition ${await requiredVersion('crd', apis)}`, write, make: generate,
	});
	await buildOnce({
		target: kwok, what: `kwok definitions ${await requiredVersion('kwok', 'sigs.k8s.io/kwok')}`, write, make: copyKwok,
	});
	const certManagers = path.join(await cacheFolder('cert-manager', certManagerKinds.join(' ')), 'crd');
	if (withCertManager) {
		await buildOnce({
			target: certManagers, what: `cert-manager definitions ${await requiredVersion('cert-manager', certManager)}`, write, make: copyCertManager,
		});
	}

	return {
		tidbCluster: path.join(operator, tidbClusters),
		dmCluster: path.join(operator, dmClusters),
		kwok: kwokKinds.map(kind => path.join(kwok, `${kind}.yaml`)),
		certManager: withCertManager ? certManagerKinds.map(kind => path.join(certManagers, `${kind}.yaml`)) : [],
	};
};
