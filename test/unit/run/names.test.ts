import test from 'ava';
import {checkKind} from '../../../src/run/names.ts';

test('a DMCluster has no certificates for MySQL clients', t => {
	t.throws(() => {
		checkKind({mysql: true, kind: 'dm'});
	}, {message: /a DMCluster has no certificates for MySQL clients/v});
	t.notThrows(() => {
		checkKind({kind: 'dm'});
		checkKind({mysql: true});
	});
});
