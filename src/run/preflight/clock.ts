import type {Problem} from '../../cluster/problem.ts';
import {leaseName} from '../../cluster/names.ts';
import {spellDuration} from '../../cluster/duration.ts';
import type {Cluster} from '../../cluster/types.ts';
import type {Access} from '../../observe/cluster.ts';
import {runProgram} from '../program.ts';

/** Cfssl dates a certificate back by 5 minutes (tidb-facts): with a clock that is further ahead, it is not valid yet where it is served. */
const allowed = 240_000;

/**
How far two clocks are apart, judged by a time that one of them told between two looks at the other. Pure.
@param server - ISO 8601, in whole seconds.
@param asked - When we asked.
@param asked.before - Our own clock before it, in milliseconds since 1970.
@param asked.after - And after it.
*/
export const clockProblem = (server: string, asked: {before: number; after: number}): Problem | undefined => {
	const from = Date.parse(server);
	const ahead = asked.before - (from + 1000);
	const behind = from - asked.after;
	const apart = Math.max(ahead, behind);
	if (apart <= allowed || Number.isNaN(apart)) {
		return undefined;
	}

	const [where, harm] = ahead > behind
		? ['ahead of', 'new certificates would not be valid yet where they are served']
		: ['behind', 'what has expired is not seen'];
	return {
		code: 'clock',
		what: `the clock of this machine is ${spellDuration(apart)} ${where} the API server's: ${harm}`,
		fix: 'set the clock (timedatectl set-ntp true), here or there',
	};
};

/** Asks the API server for its time: what it would date a new object, which it is not to make. */
export const clockProblems = async (access: Access, {name, namespace}: Cluster): Promise<Problem[]> => {
	const lease = {apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: {name: `${leaseName(name)}-clock`, namespace}};
	const before = Date.now();
	const {stdout, exitCode} = await runProgram('kubectl', ['create', '--dry-run=server', '--validate=false', '-o', 'jsonpath={.metadata.creationTimestamp}', '-f', '-'], {
		what: 'asking the API server for its time', env: access.env, input: JSON.stringify(lease), allowFailure: true,
	});
	const problem = exitCode === 0 ? clockProblem(stdout, {before, after: Date.now()}) : undefined;
	return problem ? [problem] : [];
};
