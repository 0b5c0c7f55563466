import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import {verifies} from '../../../src/certificates/verify.ts';
import {makeThrowaway} from '../../../src/observe/throwaway.ts';
import {makeCa} from '../../helpers/certificates.ts';
import {programOnPath} from '../../helpers/program-on-path.ts';

const ca = makeCa({subject: '/CN=TiDB'});
const helper = path.join(import.meta.dirname, '../../helpers/certificates.ts');

/** Does what cfssl does with these arguments, by openssl; it writes down how it was called. */
const cfssl = String.raw`
import {appendFileSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {makeCa, makeLeaf} from ${JSON.stringify(helper)};
const [, , command, ...rest] = process.argv;
const option = name => rest.find(word => word.startsWith('-' + name + '='))?.slice(name.length + 2);
const {CN} = JSON.parse(readFileSync(rest.at(-1), 'utf8'));
appendFileSync(process.env.CALLS, process.argv.slice(2).join(' ') + '\n');
if (rest[0] === '-initca') {
	const {cert, key} = makeCa({subject: '/CN=' + CN});
	console.log(JSON.stringify({cert, key, csr: ''}));
} else {
	const config = JSON.parse(readFileSync(option('config'), 'utf8')).signing.profiles[option('profile')];
	const mode = statSync(path.dirname(option('config'))).mode.toString(8);
	appendFileSync(process.env.CALLS, config.expiry + ' ' + config.usages.join(',') + ' ' + mode.slice(-3) + '\n');
	const signer = {cert: readFileSync(option('ca'), 'utf8'), key: readFileSync(option('ca-key'), 'utf8')};
	const end = new Date(Date.now() + 3_600_000).toISOString().replaceAll(/[\-:T]|\.\d+/gv, '');
	const {cert, key} = makeLeaf(signer, {subject: '/CN=' + CN, usages: 'clientAuth', notAfter: end});
	console.log(JSON.stringify({cert, key, csr: ''}));
}
`;

const setUp = (t: ExecutionContext, script = cfssl) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	const files = {
		'ca.new.pem': ca.cert,
		'ca-key.new.pem': ca.key,
		'client.json': '{"CN": "TiDB"}',
		'ca-csr.json': '{"CN": "TiDB"}',
		'ca-config.json': '{"signing": {"profiles": {"client": {"expiry": "8760h", "usages": ["signing", "client auth"]}}}}',
	};
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(path.join(folder, name), text);
	}

	const calls = path.join(folder, 'calls');

	const env = {...programOnPath(t, 'cfssl', script), CALLS: calls};
	return {
		folder, env, calls: () => existsSync(calls) ? readFileSync(calls, 'utf8') : '',
	};
};

/** Others on this machine make temporary folders as well. */
const ownTemporary = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
process.env.TMPDIR = ownTemporary;
test.after.always(() => {
	rmSync(ownTemporary, {recursive: true, force: true});
});

const left = (): string[] => readdirSync(ownTemporary).filter(name => name.includes('throwaway'));

test.serial('the canary is a client leaf of the given CA that lives one hour, made in a folder of ours', async t => {
	const {folder, env, calls} = setUp(t);
	const {cert, key} = await makeThrowaway({folder, ca: {cert: 'ca.new.pem', key: 'ca-key.new.pem'}, env});
	const [leaf] = readCertificates(cert).certificates;
	t.true(verifies(leaf!, readCertificates(ca.cert).certificates, Date.now()).ok);
	t.is(readKey(key).publicKey, leaf!.publicKey);
	t.regex(calls(), /^1h signing,client auth 700$/mv);
	t.deepEqual(left(), []);
});

test.serial('the control is like it, but of a CA of the same name that nobody trusts', async t => {
	const {folder, env} = setUp(t);
	const {cert, key} = await makeThrowaway({folder, env});
	const [leaf] = readCertificates(cert).certificates;
	t.false(verifies(leaf!, readCertificates(ca.cert).certificates, Date.now()).ok);
	t.is(leaf!.issuer, readCertificates(ca.cert).certificates[0]!.subject);
	t.is(readKey(key).publicKey, leaf!.publicKey);
	t.deepEqual(left(), []);
});

test.serial('when cfssl fails, its words are told and nothing is left behind', async t => {
	const {folder, env} = setUp(t, 'console.error("Failed to load config file"); process.exitCode = 1;');
	await t.throwsAsync(makeThrowaway({folder, env}), {message: /making the control's CA: failed \(status 1\)[\s\S]*Failed to load config file/v});
	t.deepEqual(left(), []);
});

test.serial('a cfssl that says nothing and ends well is not believed', async t => {
	const {folder, env} = setUp(t, '');
	await t.throwsAsync(makeThrowaway({folder, env}), {message: /cfssl printed no certificate/v});
	t.deepEqual(left(), []);
});

test.serial('a configuration that cannot be read is told', async t => {
	const {folder, env} = setUp(t);
	rmSync(path.join(folder, 'ca-config.json'));
	await t.throwsAsync(makeThrowaway({folder, env}), {message: /ca-config\.json/v});
	t.deepEqual(left(), []);
});
