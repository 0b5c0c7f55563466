import type {ExecutionContext} from 'ava';
import {inDocumentOrder} from '../../../src/cluster/components.ts';
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
import {runRunbook} from './runbook.ts';

/** Two sandboxes that were started alike. */
export type Pair = {byRunbook: Place; byRotate: Place};

/** The kinds of a rotation, as both commands name them. */
export type Kind = '--keep-ca' | 'plain' | '--retire-old-ca';

/** Starts both, one after the other. */
export const startPair = async (name: string, args: string[]): Promise<Pair> => ({byRunbook: await startPlace(`${name}-book`, args), byRotate: await startPlace(`${name}-run`, args)});

export const stopPair = async (name: string): Promise<void> => {
	await Promise.all([stopPlace(`${name}-book`), stopPlace(`${name}-run`)]);
};

/** What every runbook prints and every rotation of a cluster at rest executes. */
const planOf = ({cluster, namespace}: Place, kind: Kind): Plan => {
	const components = inDocumentOrder(['pd', 'tikv', 'tidb', 'client']);
	return restingPlan({name: cluster, namespace, components}, {
		route: kind === '--keep-ca' ? 'keep-ca' : 'new-ca', retire: kind === '--retire-old-ca', leaves: components, strict: false,
	});
};

/** What one of the two did. */
type Deed = Ended & {calls: string[]; restarts: Record<string, number>; outcome: Awaited<ReturnType<typeof outcomeOf>>};

const observed = async (place: Place, rotateIt: (env: Record<string, string>) => Promise<Ended>): Promise<Deed> => {
	const recorder = await recordCalls(place);
	try {
		const restarts = await countRestarts(place);
		const ended = await rotateIt(recorder.env);
		const [calls, counted, outcome] = [await recorder.take(), await restarts.stop(), await outcomeOf(place)];
		return {
			...ended, calls: changingCalls(place.folder, calls), restarts: counted, outcome,
		};
	} finally {
		await recorder.close();
	}
};

/** Rotates one sandbox by the runbook and the other by `rotate`, side by side, and sees that both did the same. */
export const sameDeeds = async (t: ExecutionContext, {byRunbook, byRotate}: Pair, kind: Kind): Promise<void> => {
	const args = kind === 'plain' ? [] : [kind];
	const [book, run] = await Promise.all([
		observed(byRunbook, async env => runRunbook(byRunbook, args, {env: {...env, MIN_AGE: '0'}})),
		observed(byRotate, async env => call('rotate', byRotate, ['--cluster', byRotate.cluster, '--yes', '--min-age', '0', ...args], {env})),
	]);
	t.is(book.status, 0, book.stderr);
	t.is(run.status, 0, run.stderr);
	const plan = planOf(byRunbook, kind);
	t.is(book.calls.length, plannedCalls(plan), 'as many programs as the plan has');
	t.deepEqual(inGroups(plan, book.calls), inGroups(plan, run.calls), 'programs that change something');
	t.deepEqual(book.outcome.files, run.outcome.files, 'files');
	t.deepEqual(book.outcome.secrets, run.outcome.secrets, 'Secrets');
	t.deepEqual(book.restarts, run.restarts, 'restarts');
	t.deepEqual([...new Set(Object.values(book.restarts))], [new Set(plan.steps.filter(({id}) => id.includes('.restart.')).map(({phase}) => phase)).size]);
};
