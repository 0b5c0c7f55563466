import anyTest, {type TestFn} from 'ava';
import {
	sameDeeds,
	startPair,
	stopPair,
	type Kind,
	type Pair,
} from '../helpers/differ.ts';
import {few} from '../helpers/sandbox.ts';

/* Two clusters of stand-ins whose certificates cert-manager issues; each test goes on from where the one before left both. */
const test = anyTest as TestFn<Pair>;
const name = 'cert-manager-differ';

test.before(async t => {
	t.timeout(600_000);
	t.context = await startPair(name, [...few, '--issuer', 'cert-manager']);
});

test.after.always(async () => {
	await stopPair(name);
});

for (const [kind, what] of Object.entries({'--keep-ca': 'leaves alone', plain: 'a new CA'} satisfies Partial<Record<Kind, string>>)) {
	test.serial(`${what}: the runbook and the run call the same changing programs, and leave the same files, Secrets, Certificates and restarts`, async t => {
		t.timeout(900_000);
		await sameDeeds(t, t.context, kind as Kind, 'cert-manager');
	});
}
