import test from 'ava';
import {
	domainProblem,
	nameProblem,
	namingWords,
	shortNames,
	optionsFor,
	secretName,
	servername,
} from '../../../src/cluster/names.ts';
import {nearest} from '../../../src/cluster/nearest.ts';

test('a name of Kubernetes is a name', t => {
	for (const name of ['basic', 'a', '0', 'a-1', 'x'.repeat(63)]) {
		t.is(nameProblem('cluster', name), undefined);
	}
});

const refuses = test.macro({
	exec(t, name: string, reason: string) {
		const problem = nameProblem('cluster', name);
		t.true(problem?.startsWith(`cluster ${JSON.stringify(name)} cannot be a Kubernetes name: ${reason}`), problem);
	},
	title: (_, name) => `refuses ${JSON.stringify(name)} with the reason`,
});

test(refuses, '', 'it is empty');
test(refuses, '$(id)', 'it contains "$", "(", ")", and it becomes part of file names and of commands for a shell');
test(refuses, 'a;rm', 'it contains ";"');
test(refuses, '../x', 'it contains ".", "/"');
test(refuses, 'Basic', 'it contains "B"');
test(refuses, 'a\nb', String.raw`it contains "\n"`);
test(refuses, '-a', 'it begins or ends with a hyphen');
test(refuses, 'x'.repeat(64), 'it has 64 characters');

test('Secrets are named as the operator names them', t => {
	t.is(secretName('basic', 'pd'), 'basic-pd-cluster-secret');
	t.is(secretName('basic', 'client'), 'basic-cluster-client-secret');
});

test('a pod is called by the name its certificate has', t => {
	const cluster = {name: 'basic', namespace: 'tidb'};
	t.is(servername(cluster, 'pd', 'basic-pd-0', 'basic-pd-peer'), 'basic-pd-0.basic-pd-peer.tidb.svc');
	t.is(servername(cluster, 'tikv', 'basic-tikv-2', ''), 'basic-tikv-2.basic-tikv-peer.tidb.svc');
	t.is(servername(cluster, 'pump', 'basic-pump-0', ''), 'basic-pump-0.basic-pump.tidb.svc');
});

test('the word that was meant is found, a far one is not', t => {
	t.is(nearest('expirey', ['expiry', 'usages']), 'expiry');
	t.is(nearest('CLIENTAUTH', ['server auth', 'client auth']), 'client auth');
	t.is(nearest('tkiv', ['pd', 'tikv']), 'tikv');
	t.is(nearest('completely', ['expiry', 'usages']), undefined);
});

test('a domain of Kubernetes is labels with dots between them', t => {
	for (const name of ['cluster.local', 'k8s', 'a-b.c1.example.com']) {
		t.is(domainProblem(name), undefined);
	}

	for (const name of ['', '.', 'cluster.local.', 'Cluster.local', 'a b', '$(id)', `${'a.'.repeat(127)}a`]) {
		t.regex(domainProblem(name) ?? '', /is no DNS name/v);
	}
});

test('those that were given folders of their own are named with these as well', t => {
	const together = [{word: 'x/a', dir: 'certs/x'}, {word: 'y/a', dir: 'my certs'}];
	t.is(optionsFor({name: 'a', together}), '--cluster x/a --dir certs/x --cluster y/a --dir \'my certs\'');
});

test('lists call clusters by their names, and where two are called alike by what tells them apart', t => {
	t.deepEqual(shortNames([{name: 'a', namespace: 'x'}, {name: 'b', namespace: 'x'}]), ['a', 'b']);
	t.deepEqual(shortNames([{name: 'a', namespace: 'x'}, {name: 'b', namespace: 'x'}, {name: 'a', namespace: 'y'}]), ['a in namespace x', 'b', 'a in namespace y']);
	t.deepEqual(shortNames([{name: 'a', namespace: 'x', context: 'east'}, {name: 'a', namespace: 'x', context: 'west'}]), ['a in namespace x of east', 'a in namespace x of west']);
});

test('clusters that go together are named with the context of each, so that a message\'s command reaches them all', t => {
	const together = [{
		name: 'a', namespace: 'x', uid: '1', word: 'x/a', context: 'east',
	}, {
		name: 'b', namespace: 'y', uid: '2', word: 'b', context: 'my west',
	}];
	t.deepEqual(namingWords({name: 'b', together}), ['--cluster', 'x/a', '--context', 'east', '--cluster', 'b', '--context', 'my west']);
	t.is(optionsFor({name: 'b', together, side: 'mysql'}), '--cluster x/a --context east --cluster b --context \'my west\' --mysql');
	t.is(optionsFor({name: 'b'}), '--cluster b');
	t.is(optionsFor({name: 'b', kind: 'dm'}), '--cluster b --kind dm');
});
