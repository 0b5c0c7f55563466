import test from 'ava';
import {together} from '../../../scripts/options.ts';

test('the first cluster is the one that makes the CA, the others go with it', t => {
	t.deepEqual(together({cluster: ['a']}), {cluster: 'a'});
	t.deepEqual(together({cluster: ['a', 'b', 'c']}), {cluster: 'a', with: ['b', 'c']});
});

test('one context is that of all clusters', t => {
	t.deepEqual(together({cluster: ['a', 'b'], context: ['east']}), {cluster: 'a', with: ['b'], context: 'east'});
});

test('as many contexts as clusters are one for each', t => {
	t.deepEqual(together({cluster: ['a', 'b'], context: ['east', 'west']}), {
		cluster: 'a', with: ['b'], context: 'east', contexts: ['east', 'west'],
	});
});

test('another number of contexts is a mistake', t => {
	t.throws(() => together({cluster: ['a', 'b', 'c'], context: ['east', 'west']}), {message: '2 --context for 3 --cluster'});
	t.throws(() => together({cluster: ['a'], context: ['east', 'west']}), {message: '2 --context for 1 --cluster'});
});

test('the folder of one cluster is its own', t => {
	t.deepEqual(together({cluster: ['a'], dir: ['certs/a']}), {cluster: 'a', dir: 'certs/a'});
});

test('as many folders as clusters are one for each', t => {
	t.deepEqual(together({cluster: ['a', 'b'], dir: ['certs/a', 'certs/b']}), {cluster: 'a', with: ['b'], dirs: ['certs/a', 'certs/b']});
});

test('another number of folders is a mistake, as no two clusters have one', t => {
	t.throws(() => together({cluster: ['a', 'b'], dir: ['certs/a']}), {message: '1 --dir for 2 --cluster'});
	t.throws(() => together({cluster: ['a'], dir: ['certs/a', 'certs/b']}), {message: '2 --dir for 1 --cluster'});
});
