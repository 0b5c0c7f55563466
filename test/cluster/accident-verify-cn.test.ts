import anyTest, {type TestFn} from 'ava';
import {
	endAccident,
	keepAll,
	leaves,
	namedBy,
} from './helpers/accident.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';

const test = anyTest as TestFn<{place: Place}>;
const name = 'accident-cn-test';
const tidb = 'basic-tidb-0';

test.before(async t => {
	// As few pods as can be: what is asked here is TiDB's status port alone.
	t.context = {place: await startPlace(name, ['--verify-cn', '--pd', '1', '--tikv', '1', '--tidb', '1'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.serial('with cluster-verify-cn a handshake tells that TiDB was not restarted; once it was, the same command goes on', async t => {
	const {place} = t.context;
	const before = await leaves(place);
	await keepAll(place, [tidb]);
	const stopped = await call('rotate', place, ['--cluster', 'basic', '--yes']);
	t.is(stopped.status, 1, stopped.stderr);
	const [line = '', ...others] = namedBy(stopped.stderr, tidb);
	t.regex(line, /basic-tidb-0 port 10080 .*canary .* was rejected/v);
	t.deepEqual(others, []);
	t.deepEqual(await leaves(place), before);

	await endAccident(place, tidb);
	const ended = await call('rotate', place, ['--cluster', 'basic', '--yes']);
	t.is(ended.status, 0, ended.stderr);
	t.notRegex(ended.stderr, /basic-tidb-0 port 10080: .* evidence by restart/v, 'TiDB was proved by handshakes');
});
