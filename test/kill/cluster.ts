import path from 'node:path';
import {inspect, isDeepStrictEqual} from 'node:util';
import {inDocumentOrder, mysqlComponents} from '../../src/cluster/components.ts';
import {documentedIssuance} from '../../src/cluster/issuance.ts';
import {templateFile} from '../../src/cluster/templates.ts';
import {restingPlan} from '../../src/plan/make.ts';
import type {Plan} from '../../src/plan/types.ts';
import {type Objects, objectsOf} from '../cluster/helpers/issued.ts';
import {type Outcome, outcomeOf} from '../cluster/helpers/outcome.ts';
import {handled} from '../cluster/helpers/mysql.ts';
import {type Ended, eachOf, type Place} from '../cluster/helpers/place.ts';
import {countRestarts} from '../cluster/helpers/restart-count.ts';
import {startTraffic} from '../cluster/helpers/traffic.ts';
import type {Report} from '../traffic/counter.ts';
import {allParts} from '../../src/plan/ca-files.ts';
import {takeCa} from '../../src/plan/lines.ts';
import {secondOf} from '../sandbox/state.ts';
import type {Subject} from './campaign.ts';
import type {Mode, Reaped, Reaper} from './reaper.ts';

/** Every kind of pod, once: in the matrices a case more says more than a pod more. Quorum and half-restarted sets are in in-turn.test.ts. */
export const onceEach = ['--profile', 'light', '--pd', '1', '--tikv', '1', '--tidb', '1'];

const subjectOptions = ({issuer, side, isPair = false}: Subject): string[] => ['--issuer', issuer, ...(side === undefined ? [] : ['--mysql']), ...(isPair ? ['--second'] : [])];

/** Options of `sandbox up` for a matrix. */
export const sandboxFor = (subject: Subject): string[] => [...onceEach, ...subjectOptions(subject)];

/** The same for one rotation that is killed in turn: on real parts, with a quorum of those that are restarted; two clusters are stand-ins. */
export const sandboxInTurn = (subject: Subject): string[] => {
	const parts = subject.isPair === true ? ['--profile', 'light', '--pd', '3', '--tikv', '1', '--tidb', '1'] : ['--tikv', '1', '--tidb', subject.side === undefined ? '1' : '2'];
	return [...parts, ...subjectOptions(subject)];
};

/** What is meant of a sandbox: one side of its cluster (its folder, its Secrets, and what its ports serve), or its second cluster too. */
export const meant = (place: Place, {side, isPair = false}: Subject): Place => {
	const {folder} = place;
	const own = side === undefined ? place : {...place, side, folder: path.join(folder, side)};
	const other = secondOf(place);
	return isPair ? {...own, companion: {...place, ...other, folder: path.join(path.dirname(folder), other.folderName)}} : own;
};

/** Options of every rotation and way back besides the first cluster. */
export const sideOptions = ({side, companion}: Place): string[] => [...(side === undefined ? [] : ['--mysql']), ...(companion ? ['--cluster', companion.cluster] : [])];

/** The same of a rotation. Who connects from elsewhere is answered for. */
const rotationOptions = (place: Place): string[] => [...sideOptions(place), ...(place.side === undefined ? [] : handled), '--retire-old-ca'];

/** The whole rotation that the matrices cut into pieces. */
export const wholeRotation = (place: Place): string[] => [...rotationOptions(place), '--min-age', '0'];

/** Seconds. A saved state is older than that by a rotation at least; a run needs less from its start to its first look. */
const margin = 10;

/**
The same for a run that goes on after another began at `began`: what was made since then is not replaced again, if that one had ended.
Certificates that cfssl made are older than a day in the saved state, cert-manager's only as old as the sandbox.
*/
export const goingOn = (place: Place, began: number): string[] => {
	const age = `${margin + Math.ceil((Date.now() - began) / 1000)}s`;
	return [...rotationOptions(place), ...(place.issuer === 'cfssl' ? [] : ['--min-age', age])];
};

/** Its plan, for a cluster at rest. */
export const wholePlan = ({cluster: name, namespace, issuer, side}: Pick<Place, 'cluster' | 'namespace' | 'issuer' | 'side'>): Plan => {
	const components = side === 'mysql' ? [...mysqlComponents] : inDocumentOrder(['pd', 'tikv', 'tidb', 'client']);
	const cluster = {
		name, namespace, components, ...(side !== undefined && {side}), ...(issuer === 'cert-manager' && {issuance: documentedIssuance({name, components})}),
	};
	// What stands in the requests is no matter here.
	const requests = (['ca-config', 'ca-csr', ...components] as const).map(of => [templateFile(of), ''] as const);
	return restingPlan(cluster, {
		route: 'new-ca', retire: true, leaves: components, strict: false,
	}, undefined, Object.fromEntries(requests));
};

/** By what the points of a cluster's own begin, where two are meant. */
const labelOf = ({companion}: Place, {cluster}: Place): string => companion ? `${cluster}: ` : '';

/** The same of each cluster that is meant, each point's words beginning with its cluster's name. The second takes the new CA from the first. */
export const wholePlans = (place: Place): Array<{label: string; plan: Plan}> => eachOf(place).map(one => {
	const {steps, ...plan} = wholePlan(one);
	const taken = takeCa(allParts, place.folder);
	return {label: labelOf(place, one), plan: {...plan, steps: one === place ? steps : steps.map(step => step.id === 'trust.ca' ? {...step, lines: taken} : step)}};
});

/** What was seen of the cluster while something was done to it. */
export type Watched = {restarts: Record<string, number>; traffic: Report};

/** Counts restarts and mTLS connections while something is done. */
export const watched = async (place: Place, work: () => Promise<void>): Promise<Watched> => {
	const [traffic, counts] = [await startTraffic(place, 10), await Promise.all(eachOf(place).map(async one => countRestarts(one)))];
	let counted: Record<string, number> = {};
	let report: Report;
	try {
		await work();
	} finally {
		counted = Object.assign({}, ...await Promise.all(counts.map(async restarts => restarts.stop()))) as Record<string, number>;
		report = await traffic.stop();
	}

	return {restarts: counted, traffic: report};
};

/**
Fails with words where two things differ.

@throws Error naming both.
*/
export const same = (what: string, seen: unknown, expected: unknown): void => {
	if (isDeepStrictEqual(seen, expected)) {
		return;
	}

	// A key's details have a number that JSON has not.
	const words = (value: unknown): string => inspect(value, {depth: null, maxArrayLength: null, breakLength: Infinity});
	throw new Error(`${what}:\n${words(seen)}\ninstead of\n${words(expected)}`);
};

/**
Fails with what a run printed, when it did not end with status 0.

@throws Error saying so.
*/
export const succeeded = (what: string, {status, stderr}: Ended): void => {
	if (status !== 0) {
		throw new Error(`${what} ended with status ${status}:\n${stderr}`);
	}
};

/**
Fails when a connection failed by a certificate.

@throws Error saying so.
*/
export const undisturbed = ({traffic: {total, examples}}: Watched): void => {
	if (total.certificateErrors > 0 || total.accepted === 0) {
		throw new Error(`${total.certificateErrors} certificate errors of ${total.attempts}: ${JSON.stringify(examples)}`);
	}
};

/**
Fails when the run was not killed there.

@throws Error saying so.
*/
export const killedAt = (mode: Mode, {struck, stderr}: Reaped): void => {
	if (`one ${struck}` !== mode) {
		throw new Error(`the run was not killed at ${mode}:\n${stderr}`);
	}
};

/**
Fails when a pod that uses the side's certificates was not restarted three times, once in each phase, or another was restarted.

@throws Error naming the counts.
*/
export const restartedInEachPhase = ({side}: Place, {restarts}: Watched): void => {
	const isMeant = (pod: string): boolean => side === undefined || pod.includes('-tidb-');
	same('restarts', restarts, Object.fromEntries(Object.keys(restarts).map(pod => [pod, isMeant(pod) ? 3 : 0])));
};

const objectsIn = async (place: Place): Promise<Objects | undefined> => place.issuer === 'cert-manager' ? objectsOf(place) : undefined;

/** What stands there, cluster by cluster. */
export const outcomesOf = async (place: Place): Promise<Outcome[]> => Promise.all(eachOf(place).map(async one => outcomeOf(one)));

/**
Runs the rotation undisturbed, from a state at rest.

@throws Error when it fails, or cert-manager's objects are not as before.
*/
export const recordRotation = async (place: Place, reaper: Reaper): Promise<{points: string[]; outcomes: Outcome[]}> => {
	const before = await objectsIn(place);
	succeeded('the undisturbed rotation', await reaper.run('record', wholeRotation(place)));
	same('cert-manager\'s objects', await objectsIn(place), before);
	return {points: await reaper.points(), outcomes: await outcomesOf(place)};
};
