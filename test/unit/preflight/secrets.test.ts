import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import type {SecretFacts} from '../../../src/observe/types.ts';
import {allSecretProblems} from '../../../src/run/preflight/secrets.ts';
import {healthy} from '../../helpers/observation.ts';

const withSecret = (change: (secret: SecretFacts, other: SecretFacts) => void): Array<[string, string]> => {
	const facts = healthy(({observation: {secrets}}) => {
		change(secrets['basic-pd-cluster-secret']!, secrets['basic-tikv-cluster-secret']!);
	});
	return allSecretProblems(facts).map(({code, what}) => [code, what]);
};

test('a Secret that is not there is named', t => {
	t.deepEqual(withSecret(secret => {
		secret.exists = false;
	}), [['no-secret', 'Secret basic-pd-cluster-secret does not exist']]);
});

test('a Secret that lacks a key is named with the key', t => {
	t.deepEqual(withSecret(secret => {
		secret.keys = ['tls.crt', 'tls.key'];
	}), [['no-key', 'Secret basic-pd-cluster-secret has no ca.crt']]);
});

test('an immutable Secret is refused', t => {
	const [problem] = withSecret(secret => {
		secret.immutable = true;
	});
	t.is(problem![0], 'immutable');
});

test('a key that does not fit its certificate is refused', t => {
	const [problem] = withSecret((secret, other) => {
		secret.key = other.key;
	});
	t.is(problem![0], 'key-misfit');
});

test('a certificate that cannot be read is refused', t => {
	const [problem] = withSecret(secret => {
		secret.leaf = readCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
	});
	t.is(problem![0], 'unreadable');
	t.regex(problem![1], /Secret basic-pd-cluster-secret: tls\.crt: /v);
});

test('a missing newline at the end is no matter in a Secret, which nobody concatenates', t => {
	t.deepEqual(withSecret(secret => {
		secret.bundle = readCertificates(secret.bundle.text.trimEnd());
	}), []);
});
