import test from 'ava';
import type {Observation} from '../../../src/observe/types.ts';
import type {Position} from '../../../src/plan/place.ts';
import {folderFindings} from '../../../src/status/folder-findings.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';

const [material, other] = [makeMaterial(), makeMaterial()];

/** What is found in a folder that holds another leaf for PD than the Secret, with what a case changes. */
const found = (name: Position['name'], change: (observation: Observation) => void = () => undefined) => {
	const observation = observationOf(material);
	observation.folder.certificates['pd-server.pem'] = observationOf(other).folder.certificates['pd-server.pem']!;
	change(observation);
	return folderFindings(cluster, observation, {name, why: []});
};

test('a folder that is not the cluster\'s is a warning, which no Secret is to blame for', t => {
	const [stale, ...rest] = found('at rest');
	t.like(stale, {code: 'folder-stale', severity: 'warning', secret: null});
	t.regex(stale!.what, /pd-server\.pem .*is not the certificate in the Secret basic-pd-cluster-secret/v);
	t.deepEqual(rest.map(({code}) => code), ['folder-key-misfit']);
});

for (const name of ['begun', 'renewal', 'unclear'] as const) {
	test(`in position ${name} the folder need not agree with the Secrets`, t => {
		t.deepEqual(found(name), []);
	});
}

test('between two CAs the folder may hold the new one and its leaves', t => {
	t.deepEqual(found('reissue', ({folder}) => {
		const newer = observationOf(other).folder;
		Object.assign(folder.certificates, {'ca.old.pem': folder.certificates['ca.pem']!, 'ca.new.pem': newer.certificates['ca.pem']!});
		Object.assign(folder.keys, {
			'ca-key.old.pem': folder.keys['ca-key.pem']!,
			'ca-key.new.pem': newer.keys['ca-key.pem']!,
			'pd-server-key.pem': newer.keys['pd-server-key.pem']!,
		});
		delete folder.keys['ca-key.pem'];
	}), []);
});

test('a folder that is not here is no finding', t => {
	t.deepEqual(found('at rest', ({folder}) => {
		Object.assign(folder, {exists: false, certificates: {}, keys: {}});
	}), []);
});
