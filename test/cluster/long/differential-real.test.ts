import anyTest, {type TestFn} from 'ava';
import {
	sameDeeds,
	startPair,
	stopPair,
	type Pair,
} from '../helpers/differ.ts';

const test = anyTest as TestFn<Pair>;
const name = 'differ-real';

test.before(async t => {
	t.context = await startPair(name, ['--pd', '3', '--tikv', '1', '--tidb', '1']);
});

test.after.always(async () => {
	await stopPair(name);
});

test.serial('on real parts, too, the runbook and the run call the same changing programs, and leave the same files, Secrets and restarts', async t => {
	await sameDeeds(t, t.context, 'plain');
});
