import test from 'ava';
import {checkKind, placeOf} from '../../../src/run/names.ts';

test('a DMCluster has no certificates for MySQL clients', t => {
	t.throws(() => {
		checkKind({mysql: true, kind: 'dm'});
	}, {message: /a DMCluster has no certificates for MySQL clients/v});
	t.notThrows(() => {
		checkKind({kind: 'dm'});
		checkKind({mysql: true});
	});
});

test('a cluster is named by its name, or with its namespace, which counts more than the usual one', t => {
	t.deepEqual(placeOf('basic'), {name: 'basic'});
	t.deepEqual(placeOf('basic', 'tidb'), {name: 'basic', namespace: 'tidb'});
	t.deepEqual(placeOf('other/basic', 'tidb'), {name: 'basic', namespace: 'other'});
});

for (const word of ['', '/', 'tidb/', '/basic', 'a/b/c', '../basic', 'tidb/-']) {
	test(`"${word}" names no cluster`, t => {
		t.throws(() => placeOf(word, 'tidb'), {message: /cannot be a Kubernetes name/v});
	});
}
