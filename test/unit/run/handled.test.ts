import test from 'ava';
import {handledNames} from '../../../src/run/handled.ts';
import {Stopped} from '../../../src/run/errors.ts';
import {holder} from '../../helpers/consumers.ts';

const found = ['Secret/monitoring/tidb-ca', 'Secret/apps/tidb', 'ConfigMap/apps/tidb'].map(id => holder(id, {}));
const named = (...names: string[]): string[] => handledNames(names, {found, unread: [], users: []});

test('a consumer is named as it is printed, or by its last words where it alone is called so', t => {
	t.deepEqual(named('Secret/monitoring/tidb-ca'), ['Secret/monitoring/tidb-ca']);
	t.deepEqual(named('tidb-ca', 'monitoring/tidb-ca', 'secret/apps/tidb'), ['Secret/monitoring/tidb-ca', 'Secret/apps/tidb']);
	t.deepEqual(named(), []);
});

for (const [given, message, hint] of [
	['apps/tidb', /Secret\/apps\/tidb, ConfigMap\/apps\/tidb/v, /as it is printed/v],
	['tidb-cb', /names nobody/v, /did you mean "tidb-ca"/v],
	['Secret/monitorin/tidb-ca', /names nobody/v, /did you mean "Secret\/monitoring\/tidb-ca"/v],
] as const) {
	test(`${given} is wrong usage`, t => {
		const error = t.throws(() => named(given), {instanceOf: Stopped, message});
		t.is(error.status, 2);
		t.regex(error.hints.join('\n'), hint);
	});
}

test('where nobody holds anything, there is nobody to name', t => {
	const error = t.throws(() => handledNames(['tidb-ca'], {found: [], unread: [], users: []}), {instanceOf: Stopped});
	t.regex(error.hints[0]!, /leave the option out/v);
});

test('of several clusters, a name may be that of somebody whom another one has to ask for', t => {
	t.deepEqual(handledNames(['nobody', 'tidb-ca'], {found, unread: [], users: []}, {mayBeOthers: true}), named('tidb-ca'));
});
