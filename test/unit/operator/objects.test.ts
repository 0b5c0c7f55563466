import test from 'ava';
import {configMap} from '../../sandbox/operator/config-maps.ts';
import {discoveryService, servicesOf} from '../../sandbox/operator/services.ts';
import {hasTemplate, setPatch, statefulSet} from '../../sandbox/operator/statefulsets.ts';
import {
	component,
	recordedCluster,
	recordedServices,
	recordedSet,
} from './recorded.ts';

type Json = Record<string, unknown>;

/** Fields of the recording that the API server filled in, or that tell one run from another. */
const filledIn = new Set([
	'apiVersion of fieldRef',
	'clusterIPs',
	'clusterIP',
	'defaultMode',
	'dnsPolicy',
	'generation',
	'internalTrafficPolicy',
	'ipFamilies',
	'ipFamilyPolicy',
	'maxUnavailable',
	'persistentVolumeClaimRetentionPolicy',
	'restartPolicy',
	'revisionHistoryLimit',
	'schedulerName',
	'sessionAffinity',
	'status',
	'terminationGracePeriodSeconds',
	'terminationMessagePath',
	'terminationMessagePolicy',
	'uid',
	'volumeMode',
]);

/** An object without those fields and without empty maps; a ConfigMap's name without its digest. */
const bare = (value: unknown, parent = ''): unknown => {
	if (Array.isArray(value)) {
		return value.map(inner => bare(inner, parent));
	}

	if (typeof value === 'object' && value) {
		const entries = Object.entries(value)
			.filter(([key]) => !filledIn.has(key) && !filledIn.has(`${key} of ${parent}`))
			.map(([key, inner]) => [key, bare(inner, key)] as const)
			.filter(([key, inner]) => inner !== undefined && (key === 'emptyDir' || JSON.stringify(inner) !== '{}'));
		return Object.fromEntries(entries);
	}

	return parent === 'name' && typeof value === 'string' ? value.replace(/-[\da-f]{7}$/v, '-<digest>') : value;
};

for (const name of ['pd', 'tikv', 'tidb'] as const) {
	test(`the StatefulSet of ${name} is the recorded one`, t => {
		const cluster = recordedCluster();
		const config = configMap(cluster, name);
		t.regex(config.metadata.name, new RegExp(String.raw`^basic-${name}-[\da-f]{7}$`, 'v'));
		const made = statefulSet(cluster, component(name), config.metadata.name);
		const real = recordedSet(name);
		t.deepEqual(bare(made), bare(real));
	});
}

test('the Services are the recorded ones', t => {
	const cluster = recordedCluster();
	const made = [discoveryService(cluster), ...(['pd', 'tidb', 'tikv'] as const).flatMap(name => servicesOf(cluster, component(name)))];
	t.deepEqual(bare(made), bare(recordedServices()));
	t.deepEqual(made.filter(({spec}) => (spec as Json).clusterIP === 'None').map(({metadata}) => metadata.name), ['basic-pd-peer', 'basic-tidb-peer', 'basic-tikv-peer']);
});

test('a recorded StatefulSet needs no write, for all that the API server added', t => {
	const cluster = recordedCluster();
	const live = recordedSet('pd');
	const wanted = statefulSet(cluster, component('pd'), 'basic-pd-3830323');
	t.true(hasTemplate(live, wanted));
	t.is(setPatch(live, wanted, {replicas: 3, partition: 3}), undefined);
});

test('an annotation of the component reaches the template and leaves the partition alone', t => {
	const cluster = recordedCluster();
	cluster.spec.pd!.annotations = {'tidb.pingcap.com/restartedAt': 'B'};
	const wanted = statefulSet(cluster, component('pd'), 'basic-pd-3830323');
	const patch = setPatch(recordedSet('pd'), wanted, {replicas: 3, partition: 3}) as {spec: {template: {metadata: {annotations: Json}}}};
	t.deepEqual(Object.keys(patch.spec), ['template']);
	t.is(patch.spec.template.metadata.annotations['tidb.pingcap.com/restartedAt'], 'B');
});

test('an annotation that is gone from the component goes from the template', t => {
	const live = recordedSet('pd');
	live.spec.template.metadata.annotations!['tidb.pingcap.com/restartedAt'] = 'A';
	const patch = setPatch(live, statefulSet(recordedCluster(), component('pd'), 'basic-pd-3830323'), {replicas: 3, partition: 3});

	t.like(patch, {spec: {template: {metadata: {annotations: {'tidb.pingcap.com/restartedAt': null}}}}});
});

test('the MySQL side has its Secret only where tlsClient is enabled', t => {
	const cluster = recordedCluster();
	cluster.spec.tidb!.tlsClient = {enabled: true};
	const set = statefulSet(cluster, component('tidb'), 'x');
	t.regex(JSON.stringify(set), /"mountPath":"\/var\/lib\/tidb-server-tls"/v);
	t.regex(configMap(cluster, 'tidb').data?.['config-file'] ?? '', /ssl-ca = "\/var\/lib\/tidb-server-tls\/ca.crt"/v);
	const real = recordedSet('tidb');
	t.notRegex(JSON.stringify(real), /tidb-server-tls/v);
});
