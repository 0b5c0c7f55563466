import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {inDocumentOrder} from '../../../src/cluster/components.ts';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import type {Issuance} from '../../../src/cluster/types.ts';
import {call} from '../../../src/render/runbook/condition.ts';
import {byRunbook, byRunner} from '../helpers/condition-verdicts.ts';
import {
	issuanceCases,
	issuanceStates,
	type IssuanceState,
	ownedSecret,
} from '../helpers/issuance-cases.ts';
import {
	call as callTool,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {kubectl} from '../helpers/product.ts';
import {few} from '../helpers/sandbox.ts';
import {secretsOf} from '../helpers/state-of.ts';
import {until} from '../helpers/until.ts';

const test = anyTest as TestFn<{place: Place}>;
const name = 'cert-manager-conditions-test';

/** As the documents name things, and a Secret more that a rotation would be about. */
const issuance: Issuance = {
	...documentedIssuance({name: 'basic', components: inDocumentOrder(['pd', 'tikv', 'tidb', 'client'])}),
	others: [{certificate: 'owned', secret: ownedSecret}],
};

/** A Secret that would go with the TidbCluster. */
const makeOwned = async (place: Place): Promise<void> => {
	const {namespace, cluster} = place;
	const uid = await kubectl(place, ['get', 'tidbcluster', cluster, '--namespace', namespace, '-o', 'jsonpath={.metadata.uid}']);
	await kubectl(place, ['create', '-f', '-'], JSON.stringify({
		apiVersion: 'v1',
		kind: 'Secret',
		metadata: {
			name: ownedSecret,
			namespace,
			ownerReferences: [{
				apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', name: cluster, uid,
			}],
		},
	}));
};

test.before(async t => {
	const place = await startPlace(name, [...few, '--issuer', 'cert-manager']);
	t.context = {place};
	await makeOwned(place);
});

test.after.always(async () => {
	await stopPlace(name);
});

const rotate = async (t: ExecutionContext<{place: Place}>, args: string[]): Promise<void> => {
	const ran = await callTool('rotate', t.context.place, ['--cluster', 'basic', '--yes', '--min-age', '0', ...args]);
	t.is(ran.status, 0, ran.stderr);
};

/** How each state is reached from the one before it. */
const reach: Record<IssuanceState, (t: ExecutionContext<{place: Place}>) => Promise<void>> = {
	async rest(t) {
		// A folder, as every rotation begins with one; it would ask for the certificates anew.
		await rotate(t, ['--keep-ca']);
	},
	trust: async t => rotate(t, ['--until', 'trust']),
	retire: async t => rotate(t, []),
	async renewed(t) {
		const {place} = t.context;
		const before = await secretsOf(place);
		await kubectl(place, ['delete', 'secret', 'basic-pd-cluster-secret', '--namespace', place.namespace]);
		await until('cert-manager\'s new leaf for PD', async () => {
			const {pd} = await secretsOf(place);
			return pd !== undefined && pd.serial !== before.pd!.serial;
		});
		t.pass();
	},
};

for (const state of issuanceStates) {
	test.serial(`state ${state} is reached`, async t => {
		await reach[state](t);
	});

	const cases = Object.values(issuanceCases).flat().filter(one => one.state === state);
	for (const {condition, expected} of cases) {
		test.serial(`${state}: runner and runbook say that \`${call(condition)}\` ${expected ? 'holds' : 'does not hold'}`, async t => {
			const {place} = t.context;
			const [runner, book] = [await byRunner(place, place.folder, condition, issuance), await byRunbook(place, place.folder, condition, issuance)];
			t.is(runner.holds, expected, `the runner: ${runner.reasons}`);
			t.is(book.holds, expected, `the runbook: ${book.reasons}`);
		});
	}
}
