import type {ExecutionContext} from 'ava';
import {inDocumentOrder} from '../../../src/cluster/components.ts';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import {restingPlan} from '../../../src/plan/make.ts';
import type {Plan} from '../../../src/plan/types.ts';
import {recordCalls} from './call-recorder.ts';
import {changingCalls, inGroups, plannedCalls} from './changing-calls.ts';
import {outcomeOf} from './outcome.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Ended,
	type Place,
} from './place.ts';
import {countRestarts} from './restart-count.ts';
import {kubectlItems} from './product.ts';
import {runRunbook} from './runbook.ts';

/** Milliseconds for each: both run at once, and every program is called through another one. */
const timeout = 840_000;

/** Two sandboxes that were started alike. */
export type Pair = {byRunbook: Place; byRotate: Place};

/** The kinds of a rotation, as both commands name them. */
export type Kind = '--keep-ca' | 'plain' | '--retire-old-ca';

/** Starts both, one after the other. */
export const startPair = async (name: string, args: string[]): Promise<Pair> => ({byRunbook: await startPlace(`${name}-book`, args), byRotate: await startPlace(`${name}-run`, args)});

export const stopPair = async (name: string): Promise<void> => {
	await Promise.all([stopPlace(`${name}-book`), stopPlace(`${name}-run`)]);
};

/** Who issues the certificates of both. */
export type Issuer = 'cfssl' | 'cert-manager';

/** What every runbook prints and every rotation of a cluster at rest executes. Where cert-manager issues, retire belongs to a new CA. */
const planOf = ({cluster: name, namespace}: Place, kind: Kind, issuer: Issuer): Plan => {
	const components = inDocumentOrder(['pd', 'tikv', 'tidb', 'client']);
	const cluster = {
		name, namespace, components, ...(issuer === 'cert-manager' && {issuance: documentedIssuance({name, components})}),
	};
	return restingPlan(cluster, {
		route: kind === '--keep-ca' ? 'keep-ca' : 'new-ca', retire: kind === '--retire-old-ca' || (issuer === 'cert-manager' && kind === 'plain'), leaves: components, strict: false,
	});
};

/**
Where cert-manager issues, the folder is made anew. A runbook, which knows the documents' request files only, then writes the two that its
gates need, and a run every request, after the leaves in use: their writing and saving is not compared.
*/
const withoutRequests = (calls: string[], issuer: Issuer): string[] => issuer === 'cfssl'
	? calls
	: calls.filter(line => !/^cat > (?!certificate-)[\-a-z]+\.json$/v.test(line)).map(line => line.startsWith('cp -p ') ? line.replaceAll(/ (?!certificate-)[\-a-z]+\.json(?= )/gv, '') : line);

const filesWithoutRequests = (files: Record<string, string>, issuer: Issuer): Record<string, string> =>
	Object.fromEntries(Object.entries(files).filter(([file]) => issuer === 'cfssl' || !/(?:^|\/)(?!certificate-)[\-a-z]+\.json$/v.test(file)));

/** What is to be done by cert-manager, and the Secrets that there are. */
const issuedIn = async (place: Place): Promise<unknown> => {
	const {namespace, issuer} = place;
	const [objects, secrets] = await Promise.all([
		issuer === 'cert-manager' ? kubectlItems(place, ['certificates.cert-manager.io,issuers.cert-manager.io', '-n', namespace]) : [],
		kubectlItems(place, ['secrets', '-n', namespace]),
	]);
	return {
		// The names have the sandbox's network in them.
		objects: objects.map(({metadata: {name, labels}, spec}) => JSON.parse(JSON.stringify({name, labels, spec}).replaceAll(/127\.\d+\./gv, '127.<network>.')) as unknown),
		secrets: secrets.map(({metadata}) => metadata.name),
	};
};

/** What one of the two did. */
type Deed = Ended & {calls: string[]; restarts: Record<string, number>; outcome: Awaited<ReturnType<typeof outcomeOf>>; issued: unknown};

const observed = async (place: Place, rotateIt: (env: Record<string, string>) => Promise<Ended>): Promise<Deed> => {
	const recorder = await recordCalls(place);
	try {
		const restarts = await countRestarts(place);
		const ended = await rotateIt(recorder.env);
		const [calls, counted, outcome, issued] = [await recorder.take(), await restarts.stop(), await outcomeOf(place), await issuedIn(place)];
		return {
			...ended, calls: changingCalls(place.folder, calls), restarts: counted, outcome, issued,
		};
	} finally {
		await recorder.close();
	}
};

/** Rotates one sandbox by the runbook and the other by `rotate`, side by side, and sees that both did the same. */
export const sameDeeds = async (t: ExecutionContext, {byRunbook, byRotate}: Pair, kind: Kind, issuer: Issuer = 'cfssl'): Promise<void> => {
	const args = kind === 'plain' ? [] : [kind];
	const ofBook = issuer === 'cfssl' ? args : [...args, '--issuer', issuer];
	const [book, run] = await Promise.all([
		observed(byRunbook, async env => runRunbook(byRunbook, ofBook, {timeout, env: {...env, MIN_AGE: '0'}})),
		observed(byRotate, async env => call('rotate', byRotate, ['--cluster', byRotate.cluster, '--yes', '--min-age', '0', ...args], {timeout, env})),
	]);
	t.is(book.status, 0, book.stderr);
	t.is(run.status, 0, run.stderr);
	const plan = planOf(byRunbook, kind, issuer);
	const [bookCalls, runCalls] = [book, run].map(({calls}) => withoutRequests(calls, issuer));
	t.is(bookCalls!.length, plannedCalls(plan), 'as many programs as the plan has');
	t.deepEqual(inGroups(plan, bookCalls!), inGroups(plan, runCalls!), 'programs that change something');
	t.deepEqual(filesWithoutRequests(book.outcome.files, issuer), filesWithoutRequests(run.outcome.files, issuer), 'files');
	t.deepEqual(book.issued, run.issued, 'what cert-manager has');
	t.deepEqual(book.outcome.secrets, run.outcome.secrets, 'Secrets');
	t.deepEqual(book.restarts, run.restarts, 'restarts');
	t.deepEqual([...new Set(Object.values(book.restarts))], [new Set(plan.steps.filter(({id}) => id.includes('.restart.')).map(({phase}) => phase)).size]);
};
