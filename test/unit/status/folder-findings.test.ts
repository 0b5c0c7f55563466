import test from 'ava';
import type {FolderFacts} from '../../../src/observe/types.ts';
import type {Position} from '../../../src/plan/place.ts';
import {folderFindings} from '../../../src/status/folder-findings.ts';
import {issuanceFor} from '../../helpers/issuance.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';

const [material, other] = [makeMaterial(), makeMaterial()];
const {folder: others} = observationOf(other);

/** What is found in a folder at a position; another cluster's unless a case changes the cluster's own. */
const found = (name: Position['name'], change?: (folder: FolderFacts) => void) => {
	const observation = observationOf(material);
	if (change) {
		change(observation.folder);
	} else {
		observation.folder = others;
	}

	return folderFindings(cluster, observation, {name, why: []});
};

test('the cluster\'s own folder is no finding', t => {
	t.deepEqual(found('at rest', () => undefined), []);
});

test('a folder that is another cluster\'s is a warning, which no Secret is to blame for', t => {
	const findings = found('at rest');
	t.like(findings[0], {code: 'folder-stale', severity: 'warning', secret: null});
	t.regex(findings[0]!.what, /pd-server\.pem .*is not the certificate in the Secret basic-pd-cluster-secret/v);
	t.is(findings.length, 5);
});

test('a folder of earlier certificates is no finding where cert-manager renews the Secrets', t => {
	const observation = observationOf(material);
	observation.folder = others;
	observation.issuance = issuanceFor(observation);
	t.deepEqual(folderFindings(cluster, observation, {name: 'at rest', why: []}), []);
});

for (const name of ['begun', 'renewal', 'CA renewal', 'unclear'] as const) {
	test(`in position ${name} the folder need not agree with the Secrets`, t => {
		t.deepEqual(found(name), []);
	});
}

test('between two CAs another cluster\'s folder is a finding', t => {
	t.deepEqual(found('reissue').map(({code}) => code), ['folder-stale']);
});

test('between two CAs the folder may hold the new one and its leaves', t => {
	t.deepEqual(found('reissue', ({certificates, keys}) => {
		Object.assign(certificates, {'ca.old.pem': certificates['ca.pem']!, 'ca.new.pem': others.certificates['ca.pem']!});
		Object.assign(keys, {'ca-key.old.pem': keys['ca-key.pem']!, 'ca-key.new.pem': others.keys['ca-key.pem']!});
		delete keys['ca-key.pem'];
		certificates['pd-server.pem'] = others.certificates['pd-server.pem']!;
		keys['pd-server-key.pem'] = others.keys['pd-server-key.pem']!;
	}), []);
});

test('a folder that is not here is no finding', t => {
	t.deepEqual(found('at rest', folder => {
		Object.assign(folder, {exists: false, certificates: {}, keys: {}});
	}), []);
});
