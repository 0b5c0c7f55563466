import test from 'ava';
import {changesText} from '../../../src/render/changes.ts';
import type {SecretChange, ShownCertificate} from '../../../src/render/dry-run-schema.ts';

const certificate = (name: string, facts: Partial<ShownCertificate> = {}): ShownCertificate => ({
	fingerprint: `${name}-fingerprint`,
	serial: '1',
	subject: `CN=${name}`,
	issuer: 'CN=TiDB',
	keyId: `${name}-id`,
	issuerKeyId: 'ca-id',
	notBefore: '2026-01-01T00:00:00.000Z',
	notAfter: '2027-01-01T12:30:00.000Z',
	sans: ['a', 'b'],
	example: false,
	...facts,
});

const key = (publicKey: string) => ({publicKey, algo: 'rsa', size: 2048});

const unchanged: SecretChange = {
	name: 'basic-pd-cluster-secret',
	component: 'pd',
	exists: true,
	'ca.crt': {changed: false, old: [certificate('ca')], new: [certificate('ca')]},
	'tls.crt': {
		changed: false, old: [certificate('pd')], new: [certificate('pd')], sansGained: [], sansLost: [],
	},
	'tls.key': {changed: false, old: key('one'), new: key('one')},
};

/** The text after the words that stand above all Secrets. */
const said = (change: Partial<SecretChange>): string[] => {
	const lines = changesText([{...unchanged, ...change}]).split('\n').slice(0, -1);
	return lines.slice(lines.findIndex(line => line.startsWith('  Secret ')));
};

test('what changes is shown as what goes, what stays and what comes, with fingerprint, subject, key ids and validity', t => {
	t.deepEqual(said({
		'ca.crt': {changed: true, old: [certificate('old', {issuerKeyId: null})], new: [certificate('new', {example: true}), certificate('old', {issuerKeyId: null})]},
	}).slice(0, 10), [
		'  Secret basic-pd-cluster-secret',
		'    ca.crt   changes',
		'             + CN=new  (example)',
		'               SHA-256 new-fingerprint',
		'               key id new-id, issuer key id ca-id',
		'               valid 2026-01-01 00:00Z to 2027-01-01 12:30Z',
		'             = CN=old',
		'               SHA-256 old-fingerprint',
		'               key id old-id, issuer key id none',
		'               valid 2026-01-01 00:00Z to 2027-01-01 12:30Z',
	]);
});

test('SANs that a leaf gains and loses are shown', t => {
	const lines = said({
		'tls.crt': {
			changed: true, old: [certificate('pd')], new: [certificate('pd2')], sansGained: ['c', 'd'], sansLost: ['a'],
		},
	});
	t.true(lines.includes('               SANs: -a +c +d'));
	t.deepEqual(lines.filter(line => /^ +[+\-=] CN=pd/v.test(line)), ['             - CN=pd', '             + CN=pd2']);
});

test('SANs that stay are counted', t => {
	t.true(said({}).includes('               SANs: the same 2'));
});

test('of a key only its kind and its public key\'s fingerprint are shown', t => {
	t.deepEqual(said({'tls.key': {changed: true, old: key('one'), new: {publicKey: 'two', algo: null, size: null}}}).slice(-3), [
		'    tls.key  changes',
		'             - rsa 2048, public key SHA-256 one',
		'             + a key, public key SHA-256 two',
	]);
});

test('what does not change is called unchanged', t => {
	t.deepEqual(said({}).filter(line => /^ {4}\w/v.test(line)), ['    ca.crt   unchanged', '    tls.crt  unchanged', '    tls.key  unchanged']);
});

test('the same certificates in other bytes are said to be that', t => {
	const lines = said({'ca.crt': {...unchanged['ca.crt'], changed: true}});
	t.true(lines.includes('    ca.crt   changes in its bytes or their order; the certificates are the same'));
});

test('a Secret that is not there yet is said to be so', t => {
	t.is(said({exists: false})[0], '  Secret basic-pd-cluster-secret (does not exist yet)');
});

test('it says that new certificates are examples, and where they were made, where there are any', t => {
	const note = /"example" were made in a throwaway folder[\s\S]*the real run\s+makes its own/v;
	t.regex(changesText([{...unchanged, 'ca.crt': {...unchanged['ca.crt'], new: [certificate('new', {example: true})]}}]), note);
	t.notRegex(changesText([unchanged]), note);
});
