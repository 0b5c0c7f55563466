import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import which from 'which';
import {z} from 'zod';
import {readCertificates} from '../../../src/certificates/read.ts';
import {missingSecret} from '../../../src/observe/secrets.ts';
import {statusPrometheus} from '../../../src/report/status-prometheus.ts';
import {statusTable} from '../../../src/report/status-table.ts';
import {statusSchema} from '../../../src/status/schema.ts';
import {namesIn} from '../../helpers/schema.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';
import {daysFrom, issuanceFor, requestFor} from '../../helpers/issuance.ts';
import {healthyStatus, statusOf} from '../../helpers/status.ts';

const pd = 'basic-pd-cluster-secret';
const awkward = String.raw`Ping "CAP" \ Inc`;

/** One that cert-manager looks after, with a request that was denied, and a Certificate that is put aside. */
const issued = healthyStatus(input => {
	const issuance = issuanceFor(input);
	const [, tikv] = issuance.certificates;
	Object.assign(tikv!, {lastFailureTime: '2026-01-02T00:00:00Z', failedAttempts: 2, ready: false});
	issuance.requests.push(requestFor(tikv!, daysFrom(input.now, -1)));
	Object.assign(issuance.certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: '2030-04-05T06:07:08Z'});
	input.issuance = {...issuance, certificates: issuance.certificates.filter(({name}) => name !== pd)};
	input.cluster = {...input.cluster, namespace: 'issued'};
});

/** One healthy, one with a missing Secret, one whose names need escaping and whose leaf says no key id. */
const statuses = statusOf(healthyStatus(), healthyStatus(input => {
	input.secrets[pd] = missingSecret(pd);
	input.cluster = {...input.cluster, namespace: 'other'};
}), healthyStatus(input => {
	const ca = makeCa({subject: {C: 'US', O: awkward, CN: 'TiDB\nCA'}});
	Object.assign(input.secrets[pd]!, {leaf: readCertificates(makeLeaf(ca, {hasKeyId: false}).cert), key: {}, bundle: readCertificates(ca.cert)});
	input.cluster = {...input.cluster, namespace: 'third'};
}));

const lines = statusPrometheus({...statuses, clusters: [...statuses.clusters, issued]}).trimEnd().split('\n');

test('the JSON follows its schema', t => {
	t.notThrows(() => statusSchema.parse(statuses));
});

test('the JSON of a cluster that cert-manager looks after follows the schema', t => {
	t.notThrows(() => statusSchema.parse(statusOf(issued)));
});

test('the table has a line for each Certificate of cert-manager, and for each Secret that has none', t => {
	const rows = statusTable(statusOf(issued)).replaceAll(/ \d{4}-\d\d-\d\d /gv, ' DATE ').split('\n').map(line => line.trim().split(/ {2,}/v));
	const start = rows.findIndex(([first]) => first === 'Certificate');
	t.deepEqual(rows.slice(start, start + 7), [
		['Certificate', 'for', 'issuer', 'revision', 'Ready', 'renewed from', 'key at renewal', 'tries'],
		['basic-tikv-cluster-secret', 'tikv', 'Issuer basic-tidb-issuer', '3', 'NO', 'DATE', 'kept', '2 failed, next 2026-01-02T02:00Z'],
		['basic-tidb-cluster-secret', 'tidb', 'Issuer basic-tidb-issuer', '3', 'yes', 'DATE', 'kept', '-'],
		['basic-cluster-client-secret', 'client', 'Issuer basic-tidb-issuer', '3', 'yes', 'DATE', 'kept', '-'],
		['basic-ca', 'ca', 'Issuer basic-selfsigned-ca-issuer', '1', 'yes', 'DATE', 'another', '-'],
		[pd, pd, 'put aside', '-', '-', 'never', '-', '-'],
		['cert-manager v1.11.5'],
	]);
});

test('the table of a cluster of cfssl has nothing about cert-manager', t => {
	const text = statusTable(statusOf(healthyStatus()));
	t.notRegex(text, /cert-manager|Certificate /v);
});

test('the metrics tell of each Certificate of cert-manager when it is renewed, and whether that fails', t => {
	const found = statusPrometheus(statusOf(issued)).split('\n').filter(line => /^tidb_cert_rotate_issued_\w+\{.*(?:tikv|basic-ca")/v.test(line) || line.startsWith('tidb_cert_rotate_issued_aside'));
	const cluster = 'namespace="issued",cluster="basic",kind="TidbCluster",side="components"';
	const tikv = `${cluster},certificate="basic-tikv-cluster-secret",secret="basic-tikv-cluster-secret",role="component"`;
	const ca = `${cluster},certificate="basic-ca",secret="basic-ca-secret",role="ca"`;
	t.deepEqual(found.filter(line => !line.includes('issued_renewal') || line.includes('role="ca"')), [
		`tidb_cert_rotate_issued_ready{${tikv},issuer="Issuer basic-tidb-issuer"} 0`,
		`tidb_cert_rotate_issued_ready{${ca},issuer="Issuer basic-selfsigned-ca-issuer"} 1`,
		`tidb_cert_rotate_issued_revision{${tikv}} 3`,
		`tidb_cert_rotate_issued_revision{${ca}} 1`,
		`tidb_cert_rotate_issued_renewal_timestamp_seconds{${ca}} ${Date.parse('2030-04-05T06:07:08Z') / 1000}`,
		`tidb_cert_rotate_issued_failed_attempts{${tikv}} 2`,
		`tidb_cert_rotate_issued_failed_attempts{${ca}} 0`,
		`tidb_cert_rotate_issued_aside{${cluster}} 1`,
	]);
});

test('README.md names every field of the JSON', async t => {
	const text = await readFile(path.resolve(import.meta.dirname, '../../../README.md'), 'utf8');
	const [, section = ''] = text.split('#### The status as JSON', 2);
	const [table = ''] = section.split('\n##', 1);
	t.deepEqual(namesIn(z.toJSONSchema(statusSchema)).filter(name => !table.includes(`\`${name}\``)), []);
});

test('the table says of a healthy cluster what it is, where it stands and what is due', t => {
	const text = statusTable(statusOf(healthyStatus()));
	t.regex(text, /^TidbCluster basic in namespace tidb: ok\n {2}Position: at rest \(/v);
	t.regex(text, /\n {2}basic-pd-cluster-secret +cfssl folder +C=US,ST=CA,L=San Francisco,CN=TiDB +[\da-f]{12} +[\da-f]{12} +\d{4}-\d\d-\d\d +33[45] +1\n/v);
	t.regex(text, /Latest safe start: .* \(a rotation takes 36 min: 8 pods, 2 min each, estimated\)\n/v);
	t.notRegex(text, /clusters:/v);
});

test('the table of several clusters ends with those that need somebody', t => {
	const rows = statusTable(statuses).trimEnd().split('\n');
	const start = rows.findIndex(line => /^3 clusters: 1 ok, 0 warning, 2 critical$/v.test(line));
	t.deepEqual(rows.slice(start + 2).map(line => line.split(/ +/v).slice(0, 3)), [['critical', 'other', 'basic'], ['critical', 'third', 'basic']]);
});

test('every metric has its help and type once, before its samples', t => {
	const familiesBy = (mark: string): string[] => lines.filter(line => line.startsWith(`# ${mark} `)).map(line => line.split(' ', 3)[2]!);
	const families = familiesBy('TYPE');
	t.is(new Set(families).size, families.length);
	t.deepEqual(familiesBy('HELP'), families);
	let current = '';
	for (const line of lines) {
		if (line.startsWith('# ')) {
			current = line.split(' ', 3)[2]!;
			continue;
		}

		t.is(/^\w+/v.exec(line)![0], current);
	}
});

test('label values are escaped', t => {
	t.true(lines.some(line => line.includes(String.raw`O=Ping \"CAP\" \\\\ Inc,CN=TiDB\nCA`)));
});

test('no series is there twice', t => {
	const series = lines.filter(line => !line.startsWith('#')).map(line => line.slice(0, line.lastIndexOf(' ')));
	t.is(new Set(series).size, series.length);
});

test('times are in seconds since the epoch', t => {
	const own = 'namespace="tidb",cluster="basic",kind="TidbCluster",side="components"';
	t.true(lines.includes(`tidb_cert_rotate_status_timestamp_seconds{${own}} ${Date.parse('2026-01-02T03:04:05Z') / 1000}`));
});

const promtool = which.sync('promtool', {nothrow: true});
(promtool === null ? test.skip : test)('promtool has nothing to say about the metrics', async t => {
	const {stdout, stderr} = await execa('promtool', ['check', 'metrics'], {input: `${lines.join('\n')}\n`});
	t.is(`${stdout}${stderr}`, '');
});
