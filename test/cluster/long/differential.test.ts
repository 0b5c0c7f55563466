import anyTest, {type TestFn} from 'ava';
import {
	sameDeeds,
	startPair,
	stopPair,
	type Kind,
	type Pair,
} from '../helpers/differ.ts';
import {few} from '../helpers/sandbox.ts';

/* Two clusters of stand-ins; each test goes on from where the one before left both. A rotation without either option: differential-real.test.ts. */
const test = anyTest as TestFn<Pair>;
const name = 'differ';

test.before(async t => {
	t.context = await startPair(name, few);
});

test.after.always(async () => {
	await stopPair(name);
});

for (const kind of ['--retire-old-ca', '--keep-ca'] satisfies Kind[]) {
	test.serial(`${kind}: the runbook and the run call the same changing programs, and leave the same files, Secrets and restarts`, async t => {
		await sameDeeds(t, t.context, kind);
	});
}
