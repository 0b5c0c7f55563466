import test from 'ava';
import type {Care} from '../../../src/plan/care.ts';
import {consumersText} from '../../../src/render/consumers.ts';

const care = (name: string, change: Partial<Care>): Care => ({
	name, who: 'you', holds: ['the old CA'], todo: [], handled: false, ...change,
});

test('consumers stand under who looks after them, with what they need; the cluster\'s own do not', t => {
	t.is(consumersText([
		care('Secret/tidb/basic-pd-cluster-secret', {who: 'tool'}),
		care('Secret/a/one', {holds: ['the old CA', 'a leaf of the old CA'], todo: ['the new CA, before phase reissue']}),
		care('Secret/a/two', {who: 'operator'}),
		care('Secret/a/three', {handled: true, todo: ['the new CA, before phase reissue']}),
	], ['the secrets of namespaces other than tidb']), `Beside the cluster's own Secrets these hold its CA or a leaf of it:
  yours to do:
    Secret/a/one: the old CA; a leaf of the old CA
      → needs the new CA, before phase reissue
  looked after by the operator; its copies are waited for:
    Secret/a/two: the old CA
  seen to, as you say (--i-have-handled):
    Secret/a/three: the old CA
      → needs the new CA, before phase reissue
  not looked at, as this user may not read them: the secrets of namespaces other than tidb
`);
});

test('that nothing was found is said', t => {
	t.regex(consumersText([care('Secret/tidb/basic-pd-cluster-secret', {who: 'tool'})], []), /^Beside the cluster's own Secrets nothing was found/v);
});
