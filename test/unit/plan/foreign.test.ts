import test from 'ava';
import type {Observation, Writer} from '../../../src/observe/types.ts';
import {material, restartedAt} from '../../../src/plan/annotations.ts';
import {changedFiles, foreignChanges} from '../../../src/plan/foreign.ts';
import {makeMaterial, observationOf} from '../../helpers/observation.ts';

const name = 'basic-pd-cluster-secret';
const kubectl: Writer = {
	manager: 'kubectl-client-side-apply', operation: 'Update', time: '2026-01-01T00:00:00Z', parts: ['data', 'metadata'],
};
const operator: Writer = {
	manager: 'tidb-controller-manager', operation: 'Update', time: '2026-01-01T00:00:00Z', parts: ['status'],
};

const rest = observationOf(makeMaterial());
for (const secret of Object.values(rest.secrets)) {
	Object.assign(secret, {digests: {'ca.crt': 'a', 'tls.crt': 'b', 'tls.key': 'c'}, writers: [kubectl]});
}

rest.cluster.writers = [operator];

/** What is seen of foreign changes when an observation was changed. */
const after = (change: (now: Observation) => void, {stamps = false} = {}): string[] => {
	const now = structuredClone(rest);
	change(now);
	return foreignChanges(rest, now, {stamps});
};

test('without a change there is none', t => {
	t.deepEqual(after(() => undefined, {stamps: true}), []);
});

test('changed data of a Secret is named with its keys and who changed them', t => {
	t.deepEqual(after(now => {
		const secret = now.secrets[name]!;
		secret.digests['ca.crt'] = 'x';
		secret.writers = [kubectl, {
			manager: 'kubectl-patch', operation: 'Update', time: '2026-01-01T01:00:00Z', parts: ['data'],
		}];
	}), [`Secret ${name}: ca.crt changed by kubectl-patch (Update, 2026-01-01T01:00:00Z)`]);
});

test('who changed only labels or annotations in the same time is not named', t => {
	t.deepEqual(after(now => {
		const secret = now.secrets[name]!;
		secret.digests['tls.key'] = 'x';
		secret.writers = [{...kubectl, time: '2026-01-01T02:00:00Z'}, {
			manager: 'kubectl-annotate', operation: 'Update', time: '2026-01-01T01:00:00Z', parts: ['metadata'],
		}];
	}), [`Secret ${name}: tls.key changed by kubectl-client-side-apply (Update, 2026-01-01T02:00:00Z)`]);
});

test('without managedFields it is said that nobody can be named', t => {
	t.deepEqual(after(now => {
		Object.assign(now.secrets[name]!, {digests: {}, writers: []});
	}), [`Secret ${name}: ca.crt, tls.crt, tls.key changed, by whom cannot be told`]);
});

test('labels and annotations of a Secret do not count, nor does its resourceVersion', t => {
	t.deepEqual(after(now => {
		Object.assign(now.secrets[name]!, {resourceVersion: '9', labels: {a: 'b'}, annotations: {a: 'b'}});
	}), []);
});

test('a Secret that was deleted, or made immutable, is named', t => {
	t.deepEqual(after(now => {
		now.secrets[name]!.exists = false;
	}), [`Secret ${name} was deleted`]);
	t.deepEqual(after(now => {
		now.secrets[name]!.immutable = true;
		now.secrets[name]!.writers = [kubectl, {
			manager: 'kubectl-edit', operation: 'Update', time: '2026-01-01T01:00:00Z', parts: ['immutable'],
		}];
	}), [`Secret ${name}: immutable changed by kubectl-edit (Update, 2026-01-01T01:00:00Z)`]);
});

test('our restarts are no change of others, whether there were annotations before or not', t => {
	t.deepEqual(after(({cluster}) => {
		cluster.spec.pd!.annotations = {[restartedAt]: 'now', [material]: 'hash'};
	}), []);
});

test('a restart that was asked for after the plan was made counts against the plan', t => {
	t.deepEqual(after(({cluster}) => {
		cluster.spec.pd!.annotations = {[restartedAt]: 'now'};
	}, {stamps: true}), ['TidbCluster basic: spec.pd.annotations changed, by whom cannot be told']);
});

test('another change of the TidbCluster\'s spec is named with its path and who made it', t => {
	t.deepEqual(after(({cluster}) => {
		cluster.spec.tikv!.replicas = 4;
		cluster.spec.pd!.annotations = {other: 'one', [material]: 'hash'};
		cluster.writers = [{...operator, time: '2026-01-01T03:00:00Z'}, {
			manager: 'argocd-controller', operation: 'Apply', time: '2026-01-01T01:00:00Z', parts: ['spec'],
		}];
	}), ['TidbCluster basic: spec.pd.annotations, spec.tikv.replicas changed by argocd-controller (Apply, 2026-01-01T01:00:00Z)']);
});

test('status, labels, generation and resourceVersion of the TidbCluster do not count', t => {
	t.deepEqual(after(({cluster}) => {
		Object.assign(cluster, {
			status: {}, labels: {a: 'b'}, annotations: {a: 'b'}, resourceVersion: '9',
		});
	}), []);
});

test('another TidbCluster of the same name is named', t => {
	t.deepEqual(after(({cluster}) => {
		cluster.uid = 'other';
	}), ['TidbCluster basic is another one now: its uid was b5c1 and is other']);
});

test('a TidbCluster that is made while its first certificates are is no change', t => {
	const before = structuredClone(rest);
	Object.assign(before.cluster, {uid: '', spec: {}});
	t.deepEqual(foreignChanges(before, rest, {stamps: false}), []);
});

test('files of the folder that are others than before are named', t => {
	const now = structuredClone(rest);
	now.folder.certificates['ca.pem']!.digest = 'x';
	delete now.folder.requests['client.json'];
	t.deepEqual(changedFiles(rest, now), ['clusters/basic: ca.pem, client.json changed']);
	t.deepEqual(changedFiles(rest, rest), []);
});

test('what changed of a PD microservice is named as the object has it', t => {
	const spec = (tso: unknown) => (facts: Observation) => {
		Object.assign(facts.cluster.spec, {tso});
	};

	const before = structuredClone(rest);
	spec({replicas: 1})(before);
	const now = structuredClone(rest);
	spec({replicas: 2})(now);
	t.regex(foreignChanges(before, now, {stamps: false}).join('\n'), /: spec\.pdms\[tso\]\.replicas changed/v);
	t.regex(foreignChanges(before, rest, {stamps: false}).join('\n'), /: spec\.pdms\[tso\] changed/v);
});
