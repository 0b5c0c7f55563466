import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {materialHash} from '../../../src/certificates/verify.ts';
import type {Observation} from '../../../src/observe/types.ts';
import {groupsNow} from '../../../src/prove/loaded.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';

/* Two CAs are trusted: the Secrets were written an hour ago. */
const [old, renewed] = [makeMaterial(), makeMaterial()];
const both = `${renewed.ca.cert}${old.ca.cert}`;
const hour = 3_600_000;
const at = (hours: number): string => new Date(Date.now() + (hours * hour)).toISOString();

const combined = (change: (observation: Observation) => void, written = at(-1)): Observation => {
	const observation = observationOf(old);
	Object.assign(observation.folder.certificates, {'ca.pem': readCertificates(both), 'ca.new.pem': readCertificates(renewed.ca.cert), 'ca.old.pem': readCertificates(old.ca.cert)});
	for (const secret of Object.values(observation.secrets)) {
		Object.assign(secret, {bundle: readCertificates(both), changed: written, material: materialHash(both, secret.leaf.text)});
	}

	for (const pod of observation.pods) {
		pod.created = at(-24);
	}

	change(observation);
	return observation;
};

/** How many CAs the bundles have that a pod may have started with, and the group that it is in. */
const startedOf = (observation: Observation, name: string): {cas: number[]; pods: string[]} => {
	const {component, mounts, pods} = groupsNow(observation, cluster).find(group => group.pods.includes(name))!;
	return {cas: mounts[component]!.started.map(({bundle}) => bundle.certificates.length).toSorted((one, other) => one - other), pods};
};

test('a pod that was made since its Secret was written has loaded what that holds', t => {
	const observation = combined(({pods}) => {
		pods[0]!.created = at(-0.5);
	});
	t.deepEqual(startedOf(observation, 'basic-pd-0'), {cas: [2], pods: ['basic-pd-0']});
});

test('of an older pod nothing is known: it may have loaded either bundle', t => {
	t.deepEqual(startedOf(combined(() => undefined), 'basic-pd-0'), {cas: [1, 2], pods: ['basic-pd-0', 'basic-pd-1', 'basic-pd-2']});
});

test('an older pod with the hash of a material that is known has loaded that, or started again by itself', t => {
	const observation = combined(({pods, secrets, folder}) => {
		const {leaf} = secrets['basic-pd-cluster-secret']!;
		pods[0]!.material = materialHash(both, leaf.text);
		folder.certificates['pd-server.pem'] = leaf;
		Object.assign(secrets['basic-pd-cluster-secret']!, {leaf: readCertificates(renewed.leaves.pd!.cert), material: 'new'});
	});
	t.deepEqual(startedOf(observation, 'basic-pd-0').cas, [2, 2]);
	t.true(startedOf(observation, 'basic-pd-1').cas.includes(1));
});

test('a hash of what the Secret holds now says nothing of a pod that was made before it did', t => {
	const observation = combined(({pods, secrets}) => {
		pods[0]!.material = secrets['basic-pd-cluster-secret']!.material;
	});
	t.deepEqual(startedOf(observation, 'basic-pd-0').cas, [1, 2]);
});

test('what was written an hour ago is mounted; what was written a minute ago may not be', t => {
	const mountedOf = (written: string): number => groupsNow(combined(() => undefined, written), cluster)[0]!.mounts.pd!.mounted.length;
	t.is(mountedOf(at(-1)), 1);
	t.true(mountedOf(at(-1 / 60)) > 1);
});

test('who reads the client Secret has what it holds, and is last', t => {
	const last = groupsNow(combined(() => undefined, at(0)), cluster).at(-1)!;
	t.is(last.component, 'client');
	t.deepEqual(last.mounts.client!.started.map(({bundle}) => bundle.certificates.length), [2]);
});
