import test from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {folderProblems} from '../../../src/judge/folder.ts';
import {healthy, makeMaterial, observationOf} from '../../helpers/observation.ts';

const found = (change: (facts: Facts) => void): Array<[string, string]> =>
	folderProblems(healthy(change)).map(({code, what}) => [code, what]);

test('the folder of another cluster of the same name is refused, file by file', t => {
	const other = observationOf(makeMaterial());
	const problems = found(({observation}) => {
		observation.folder = other.folder;
	});
	t.deepEqual(problems.map(([code]) => code), ['stale', 'stale', 'stale', 'stale', 'stale']);
	t.regex(problems[0]![1], /clusters\/basic\/pd-server\.pem \(serial [\da-f]+\) is not the certificate in the Secret basic-pd-cluster-secret/v);
	t.regex(problems[4]![1], /clusters\/basic\/ca\.pem is not in the bundle/v);
});

test('a folder without one of the leaves is refused', t => {
	t.deepEqual(found(({observation: {folder}}) => {
		delete folder.certificates['client.pem'];
	}), [['not-in-folder', 'clusters/basic has no client.pem, though the Secret basic-cluster-client-secret holds it']]);
});

test('a key of another certificate is refused', t => {
	t.deepEqual(found(({observation: {folder}}) => {
		folder.keys['pd-server-key.pem'] = folder.keys['client-key.pem']!;
		folder.keys['ca-key.pem'] = folder.keys['client-key.pem']!;
	}), [
		['key-misfit', 'clusters/basic/pd-server-key.pem does not fit pd-server.pem'],
		['key-misfit', 'clusters/basic/ca-key.pem does not fit ca.pem'],
	]);
});

test('a file that does not end in a newline would break the bundle', t => {
	const [problem] = found(({observation: {folder}}) => {
		folder.certificates['ca.pem'] = readCertificates(folder.certificates['ca.pem']!.text.trimEnd());
	});
	t.is(problem![0], 'unreadable');
	t.regex(problem![1], /clusters\/basic\/ca\.pem: .*newline/v);
});

test('other files of a person are no affair of ours', t => {
	t.deepEqual(found(({observation: {folder}}) => {
		folder.certificates['dhparam.pem'] = readCertificates('-----BEGIN DH PARAMETERS-----\n');
		folder.keys['mysql-key.pem'] = readKey('');
	}), []);
});

test('the old CA\'s key is not needed to replace the CA, but to keep it', t => {
	t.deepEqual(found(({observation: {folder}}) => {
		delete folder.keys['ca-key.pem'];
	}), []);
	t.deepEqual(found(({observation: {folder}, target}) => {
		target.route = 'keep-ca';
		delete folder.keys['ca-key.pem'];
	}), [['no-ca-key', 'clusters/basic has no ca-key.pem, so nothing can be signed with ca.pem']]);
});

test('a folder that is not there is no problem, but --keep-ca has no key then', t => {
	const lose = ({observation: {folder}}: Facts): void => {
		Object.assign(folder, {exists: false, certificates: {}, keys: {}});
	};

	t.deepEqual(found(lose), []);
	t.deepEqual((found(facts => {
		lose(facts);
		facts.target.route = 'keep-ca';
	})).map(([code]) => code), ['no-ca-key']);
});

test('on the way the folder\'s leaves may be newer than the Secrets\'', t => {
	const other = observationOf(makeMaterial());
	t.deepEqual(found(facts => {
		const {certificates, keys} = facts.observation.folder;
		facts.isResumed = true;
		certificates['ca.old.pem'] = certificates['ca.pem']!;
		certificates['ca.new.pem'] = other.folder.certificates['ca.pem']!;
		keys['ca-key.new.pem'] = other.folder.keys['ca-key.pem']!;
		keys['ca-key.old.pem'] = keys['ca-key.pem']!;
		delete keys['ca-key.pem'];
		certificates['pd-server.pem'] = other.folder.certificates['pd-server.pem']!;
	}), []);
});

test('on the way the new CA\'s key must be there', t => {
	const problems = found(facts => {
		facts.isResumed = true;
		facts.observation.folder.certificates['ca.new.pem'] = facts.observation.folder.certificates['ca.pem']!;
	});
	t.deepEqual(problems, [['no-ca-key', 'clusters/basic has no ca-key.new.pem, so nothing can be signed with ca.new.pem']]);
});
