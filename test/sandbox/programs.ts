import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import which from 'which';
import {builtProgram, type Write} from './build.ts';
import type {ProgramName} from './state.ts';

type Requirement = {
	/** What makes the program print its version, and the oldest that will do. */
	version?: {arguments: string[]; oldest: [number, number]};
	/** Programs that stand in $KUBEBUILDER_ASSETS. */
	asset?: boolean;
};

// Kube-controller-manager may not be newer than kube-apiserver, and one of the two may be found and the other be built.
const requirements: Record<ProgramName, Requirement> = {
	// It has no way to say its version, but the first of its options has a default that holds it.
	'cert-manager-controller': {version: {arguments: ['--help'], oldest: [1, 11]}},
	cfssl: {version: {arguments: ['version'], oldest: [1, 6]}},
	cfssljson: {version: {arguments: ['-version'], oldest: [1, 6]}},
	etcd: {version: {arguments: ['--version'], oldest: [3, 6]}, asset: true},
	'kube-apiserver': {version: {arguments: ['--version'], oldest: [1, 37]}, asset: true},
	'kube-controller-manager': {version: {arguments: ['--version'], oldest: [1, 37]}},
	kubectl: {version: {arguments: ['version', '--client'], oldest: [1, 30]}, asset: true},
	kwok: {version: {arguments: ['--version'], oldest: [0, 7]}},
	'pd-server': {},
	'tidb-server': {},
};

/** The first version number in a program's output; `Version: dev`, what a plain build of cfssl says, is undefined. */
export const parseVersion = (output: string): [number, number] | undefined => {
	const match = /(?<major>\d{1,4})\.(?<minor>\d{1,4})/v.exec(output);
	return match?.groups && [Number(match.groups.major), Number(match.groups.minor)];
};

const isOldEnough = ([major, minor]: [number, number], [oldestMajor, oldestMinor]: [number, number]): boolean =>
	major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);

/** The program on PATH or in $KUBEBUILDER_ASSETS, if it runs and is not too old; undefined else, with a line that says why. */
const foundProgram = async (name: ProgramName, write: Write): Promise<string | undefined> => {
	const {version, asset = false} = requirements[name];
	const {KUBEBUILDER_ASSETS: assets = ''} = process.env;
	const searched = [...(asset && assets !== '' ? [assets] : []), process.env.PATH ?? ''].join(path.delimiter);
	const file = await which(name, {path: searched, nothrow: true});
	if (file === null || version === undefined) {
		return file ?? undefined;
	}

	const {stdout, stderr, failed} = await execa(file, version.arguments, {reject: false, timeout: 20_000});
	const has = parseVersion(`${stdout}\n${stderr}`.replaceAll(/Runtime:.*|Go Version:.*/gv, ''));
	// A build of cfssl that calls itself `dev` is somebody's own and recent one.
	if (!failed && (has === undefined || isOldEnough(has, version.oldest))) {
		return file;
	}

	write(`${file} is not used: ${has === undefined || failed ? 'it does not run' : `${has.join('.')} is older than ${version.oldest.join('.')}`}\n`);
	return undefined;
};

/**
Finds programs of the sandbox: on PATH, in $KUBEBUILDER_ASSETS, or built from the pinned modules, once, in the user's cache.

@param names - which.
@param write - takes the lines of progress.
@returns the absolute path of each program.
@throws Error naming the program that could be neither found nor built.
*/
export const findPrograms = async <Name extends ProgramName>(names: readonly Name[], write: Write): Promise<Record<Name, string>> => {
	const found = await Promise.all(names.map(async name => foundProgram(name, write)));
	const programs: Partial<Record<Name, string>> = {};
	for (const [index, name] of names.entries()) {
		// Builds run one after the other: each uses all processors.

		programs[name] = found[index] ?? await builtProgram(name, write);
	}

	return programs as Record<Name, string>;
};
