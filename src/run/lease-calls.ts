import {leaseName} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Access} from '../observe/cluster.ts';
import type {LeaseObject} from '../plan/lease.ts';
import {ProgramError, runProgram} from './program.ts';

/** Milliseconds. Short: a renewal that takes longer is better begun anew. */
const limit = 8000;

/** The Lease of a cluster as it is before it is made. */
export const newLease = ({name, namespace}: Cluster): LeaseObject => ({
	apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: {name: leaseName(name), namespace},
});

const refusedWith = (error: unknown, ...reasons: string[]): boolean => error instanceof ProgramError && reasons.some(reason => error.stderr.includes(`(${reason})`));

const write = async (access: Access, verb: 'create' | 'replace', lease: LeaseObject): Promise<LeaseObject> => {
	const what = `${verb === 'create' ? 'creating' : 'writing'} Lease ${lease.metadata.name}`;
	const {stdout} = await runProgram('kubectl', [verb, '--validate=false', '-o', 'json', '-f', '-'], {
		what, env: access.env, input: JSON.stringify(lease), timeout: limit,
	});
	return JSON.parse(stdout) as LeaseObject;
};

/**
Makes a Lease. The API server does it once: of two that ask, one is told that there is one.
@returns what was made; undefined when there is one already.
@throws ProgramError when kubectl fails otherwise; it may have been made all the same.
*/
export const createLease = async (access: Access, lease: LeaseObject): Promise<LeaseObject | undefined> => {
	try {
		return await write(access, 'create', lease);
	} catch (error) {
		if (refusedWith(error, 'AlreadyExists')) {
			return undefined;
		}

		throw error;
	}
};

/**
Writes a Lease as it was read (uid and resourceVersion) with another record.
@returns what was written; undefined when somebody wrote or deleted it in between.
@throws ProgramError when kubectl fails otherwise; it may have been written all the same.
*/
export const replaceLease = async (access: Access, lease: LeaseObject): Promise<LeaseObject | undefined> => {
	try {
		return await write(access, 'replace', lease);
	} catch (error) {
		if (refusedWith(error, 'Conflict', 'NotFound')) {
			return undefined;
		}

		throw error;
	}
};

/**
Reads the Lease of a cluster.
@returns undefined when there is none.
@throws ProgramError when it cannot be read.
*/
export const readLease = async (access: Access, {metadata: {name, namespace}}: LeaseObject): Promise<LeaseObject | undefined> => {
	const {stdout} = await runProgram('kubectl', ['get', 'leases.coordination.k8s.io', name, `--namespace=${namespace}`, '--ignore-not-found', '-o', 'json'], {
		what: `reading Lease ${name}`, env: access.env, timeout: limit,
	});
	return stdout.trim() === '' ? undefined : JSON.parse(stdout) as LeaseObject;
};
