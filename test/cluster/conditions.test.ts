import {readFile} from 'node:fs/promises';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {call} from '../../src/render/runbook/condition.ts';
import {endAccident, keepAll} from './helpers/accident.ts';
import {changedFolder, keepFolder} from './helpers/changed-folder.ts';
import {
	conditionCases,
	others,
	states,
	type State,
} from './helpers/condition-cases.ts';
import {byRunbook, byRunner} from './helpers/condition-verdicts.ts';
import {startDiscovery, type Discovery} from './helpers/discovery.ts';
import {writeHolder} from './helpers/holders.ts';
import {issuanceCases} from './helpers/issuance-cases.ts';
import {
	call as callTool,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {rewriteSecret} from './helpers/rewrite-secret.ts';
import {few} from './helpers/sandbox.ts';
import {secretsOf} from './helpers/state-of.ts';

const test = anyTest as TestFn<{place: Place; discovery: Discovery}>;
const name = 'conditions-test';
const [pd, tidb] = ['basic-pd-1', 'basic-tidb-0'] as const;

test.before(async t => {
	const place = await startPlace(name, few);
	t.context = {place, discovery: await startDiscovery(place)};
	const {client} = await secretsOf(place);
	const {'ca.crt': ca = '', 'tls.crt': leaf = ''} = client!.texts;
	await Promise.all([
		writeHolder(place, others.person, {'ca.crt': ca}),
		writeHolder(place, others.operator, {'secret_tidb_basic-cluster-client-secret_ca.crt': ca}),
		// As in somebody's YAML.
		writeHolder(place, others.leaf, {'client.yaml': `certificate: |\n${leaf.replaceAll(/^(?=.)/gmv, '  ')}`}),
	]);
});

test.after.always(async t => {
	await (t.context as {discovery?: Discovery}).discovery?.stop();
	await stopPlace(name);
});

const rotate = async (t: ExecutionContext<{place: Place}>, args: string[], status = 0): Promise<void> => {
	const ran = await callTool('rotate', t.context.place, ['--cluster', 'basic', '--yes', ...Object.values(others).flatMap(other => ['--i-have-handled', other]), ...args]);
	t.is(ran.status, status, ran.stderr);
};

/** How each state is reached from the one before it. */
const reach: Record<State, (t: ExecutionContext<{place: Place}>) => Promise<void>> = {
	async rest(t) {
		t.pass();
	},
	async accident(t) {
		await keepAll(t.context.place, [pd, tidb]);
		await rotate(t, ['--until', 'trust', '--timeout', '5s'], 1);
	},
	async trust(t) {
		await endAccident(t.context.place, pd);
		await endAccident(t.context.place, tidb);
		await rotate(t, ['--until', 'trust']);
	},
	async reissue(t) {
		await rotate(t, []);
		await keepFolder(t.context.place);
	},
	retire: async t => rotate(t, ['--retire-old-ca']),
	async written(t) {
		await rewriteSecret(t.context.place, 'basic-pd-cluster-secret');
		t.pass();
	},
};

test('every kind of condition that the plan has is asked, in a case in which it holds and in one in which it does not', async t => {
	const types = await readFile(new URL('../../src/plan/types.ts', import.meta.url), 'utf8');
	const kinds = types.matchAll(/\{is: '(?<kind>[\-a-z]+)'/gv).map(match => match.groups!.kind!).toArray();
	t.true(kinds.length >= 14);
	const all = {...conditionCases, ...issuanceCases};
	t.deepEqual(Object.keys(all).toSorted(), kinds.toSorted());
	for (const [kind, cases] of Object.entries<Array<{expected: boolean}>>(all)) {
		t.true(cases.some(({expected}) => expected) && cases.some(({expected}) => !expected), kind);
	}
});

for (const state of states) {
	test.serial(`state ${state} is reached`, async t => {
		await reach[state](t);
	});

	const cases = Object.values(conditionCases).flat().filter(one => one.state === state);
	for (const {condition, expected, change} of cases) {
		test.serial(`${state}: runner and runbook say that \`${call(condition)}\` ${expected ? 'holds' : 'does not hold'}${change === undefined ? '' : ` with ${change} in the folder`}`, async t => {
			const {place} = t.context;
			const folder = change === undefined ? place.folder : await changedFolder(place, change);
			const [runner, book] = [await byRunner(place, folder, condition), await byRunbook(place, folder, condition)];
			t.is(runner.holds, expected, `the runner: ${runner.reasons}`);
			t.is(book.holds, expected, `the runbook: ${book.reasons}`);
		});
	}
}
