import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ProgramName} from './state.ts';

/** How a program is built from one of the Go modules in modules/: pinned versions of other people's programs, no code of ours. */
export type Build = {
	/** The folder below modules/. */
	module: 'cert-manager' | 'cfssl' | 'kubernetes' | 'kwok' | 'pd' | 'tidb';
	package: string;
	/** The Go module whose version is the program's. */
	versionOf: string;
	/** Variables of the program that `go build` shall set, by the version that go.mod names. */
	variables?: (version: string) => Record<string, string>;
	tags?: string;
};

/** Without these kubectl says `could not parse pre-release/metadata`. */
const kubernetesVersion = (version: string): Record<string, string> => {
	const [major, minor] = version.slice(1).split('.', 2);
	return {
		'k8s.io/component-base/version.gitVersion': version,
		'k8s.io/component-base/version.gitMajor': major!,
		'k8s.io/component-base/version.gitMinor': minor!,
	};
};

const kubernetes = (name: string): Build => ({
	module: 'kubernetes', package: `k8s.io/kubernetes/cmd/${name}`, versionOf: 'k8s.io/kubernetes', variables: kubernetesVersion,
});

const cfssl = (name: string): Build => ({
	module: 'cfssl',
	package: `github.com/cloudflare/cfssl/cmd/${name}`,
	versionOf: 'github.com/cloudflare/cfssl',
	variables: version => ({'github.com/cloudflare/cfssl/cli/version.version': version.slice(1)}),
});

export const builds: Record<ProgramName, Build> = {
	'cert-manager-controller': {
		module: 'cert-manager',
		package: 'github.com/cert-manager/cert-manager/cmd/controller',
		versionOf: 'github.com/cert-manager/cert-manager',
		variables: version => ({'github.com/cert-manager/cert-manager/pkg/util.AppVersion': version}),
	},
	cfssl: cfssl('cfssl'),
	cfssljson: cfssl('cfssljson'),
	etcd: {module: 'kubernetes', package: 'go.etcd.io/etcd/server/v3', versionOf: 'go.etcd.io/etcd/server/v3'},
	'kube-apiserver': kubernetes('kube-apiserver'),
	'kube-controller-manager': kubernetes('kube-controller-manager'),
	kubectl: kubernetes('kubectl'),
	kwok: {module: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', versionOf: 'sigs.k8s.io/kwok'},
	'pd-server': {
		module: 'pd', package: 'github.com/tikv/pd/cmd/pd-server', versionOf: 'github.com/tikv/pd', tags: 'without_dashboard',
	},
	'tidb-server': {module: 'tidb', package: 'github.com/pingcap/tidb/cmd/tidb-server', versionOf: 'github.com/pingcap/tidb'},
};

/** The folder of a module's go.mod and go.sum. */
export const moduleFolder = (module: string): string => path.join(import.meta.dirname, 'modules', module);

/** The version that the module's go.mod requires of another module: `v1.37.2`. */
export const requiredVersion = async (module: string, of: string): Promise<string> => {
	const text = await readFile(path.join(moduleFolder(module), 'go.mod'), 'utf8');
	const line = text.split('\n').find(one => one.trim().replace(/^require /v, '').startsWith(`${of} v`));
	const version = line?.trim().replace(/^require /v, '').split(' ', 2)[1];
	if (version === undefined) {
		throw new Error(`${moduleFolder(module)}/go.mod requires no ${of}`);
	}

	return version;
};

/**
The folder in the user's cache that takes what is built from a module. Its name changes with go.mod, go.sum and the way of building, so
that what lies there is always what the checkout asks for.

@param module - the folder below modules/.
@param how - everything else that the result depends on.
*/
export const cacheFolder = async (module: string, how: string): Promise<string> => {
	const hash = createHash('sha256');
	for (const file of ['go.mod', 'go.sum']) {
		const name = path.join(moduleFolder(module), file);

		hash.update(await readFile(name));
	}

	// Set but empty means not set.
	const {XDG_CACHE_HOME: set = ''} = process.env;
	const cache = set === '' ? path.join(homedir(), '.cache') : set;
	return path.join(cache, 'tidb-cert-rotate', `${module}-${hash.update(how).digest('hex').slice(0, 12)}`);
};
