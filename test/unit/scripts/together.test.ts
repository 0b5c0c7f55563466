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
