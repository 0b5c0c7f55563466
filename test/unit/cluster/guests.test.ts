import test from 'ava';
import {
	componentsOf,
	guestNames,
	guestsOf,
	hostOf,
	limitedTo,
	runningComponents,
	withHosts,
} from '../../../src/cluster/components.ts';
import {secretName} from '../../../src/cluster/names.ts';
import type {Cluster} from '../../../src/cluster/types.ts';

const spec = (tiproxy: {certLayout?: string}, tlsClient: boolean) => ({
	pd: {}, tikv: {}, tidb: {tlsClient: {enabled: tlsClient}}, tiproxy,
});

test('TiProxy has a Secret of its own with layout v1, or where MySQL clients have no TLS', t => {
	for (const [one, isOwn] of [[spec({certLayout: 'v1'}, true), true], [spec({certLayout: 'v1'}, false), true], [spec({}, false), true], [spec({}, true), false]] as const) {
		t.is(componentsOf(one).includes('tiproxy'), isOwn, JSON.stringify(one));
		t.deepEqual(guestsOf(one, undefined), isOwn ? [] : ['tiproxy-client'], JSON.stringify(one));
	}
});

test('of the MySQL side it is always a guest, as it shows clients TiDB\'s certificate', t => {
	t.deepEqual(guestsOf(spec({certLayout: 'v1'}, true), 'mysql'), ['tiproxy-server']);
	t.deepEqual(guestsOf({tidb: {tlsClient: {enabled: true}}}, 'mysql'), []);
});

test('PD\'s microservices are guests where PD runs in its mode for them, and not of the MySQL side', t => {
	const ms = {pd: {mode: 'ms'}, pdms: [{name: 'scheduling'}, {name: 'tso'}, {name: 'router'}]};
	t.deepEqual(guestsOf(ms, undefined), ['tso', 'scheduling']);
	t.deepEqual(guestsOf({...ms, pd: {}}, undefined), []);
	t.deepEqual(guestsOf(ms, 'mysql'), []);
});

test('a guest has its host\'s Secret', t => {
	for (const guest of guestNames) {
		t.is(secretName('basic', guest), secretName('basic', hostOf(guest)));
	}
});

const cluster: Cluster = {
	name: 'basic', namespace: 'tidb', components: ['pd', 'client'], guests: ['tiproxy-client'],
};

test('guests run as components do', t => {
	t.deepEqual(runningComponents(cluster), ['pd', 'tiproxy-client']);
});

test('a cluster that is limited to some has those alone', t => {
	t.deepEqual(limitedTo(cluster, ['tiproxy-client']), {...cluster, components: []});
	t.deepEqual(limitedTo(cluster, ['pd']), {name: 'basic', namespace: 'tidb', components: ['pd']});
});

test('where only some leaves are renewed, guests of the others stay as they are', t => {
	t.is(withHosts(cluster, ['pd']).guests, undefined);
	t.deepEqual(withHosts(cluster, ['client']).guests, ['tiproxy-client']);
});
