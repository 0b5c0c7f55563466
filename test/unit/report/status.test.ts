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
import {healthyStatus, statusOf} from '../../helpers/status.ts';

const pd = 'basic-pd-cluster-secret';
const awkward = String.raw`Ping "CAP" \ Inc`;

/** One healthy, one with a missing Secret, one whose names need escaping and whose leaf says no key id. */
const statuses = statusOf(healthyStatus(), healthyStatus(input => {
	input.secrets[pd] = missingSecret(pd);
	input.cluster = {...input.cluster, namespace: 'other'};
}), healthyStatus(input => {
	const ca = makeCa({subject: {C: 'US', O: awkward, CN: 'TiDB\nCA'}});
	Object.assign(input.secrets[pd]!, {leaf: readCertificates(makeLeaf(ca, {hasKeyId: false}).cert), key: {}, bundle: readCertificates(ca.cert)});
	input.cluster = {...input.cluster, namespace: 'third'};
}));

test('the JSON follows its schema', t => {
	t.notThrows(() => statusSchema.parse(statuses));
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
	const lines = statusTable(statuses).trimEnd().split('\n');
	const start = lines.findIndex(line => /^3 clusters: 1 ok, 0 warning, 2 critical$/v.test(line));
	t.deepEqual(lines.slice(start + 2).map(line => line.split(/ +/v).slice(0, 3)), [['critical', 'other', 'basic'], ['critical', 'third', 'basic']]);
});

const lines = statusPrometheus(statuses).trimEnd().split('\n');

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
	t.true(lines.includes(`tidb_cert_rotate_status_timestamp_seconds ${Date.parse('2026-01-02T03:04:05Z') / 1000}`));
});

const promtool = which.sync('promtool', {nothrow: true});
(promtool === null ? test.skip : test)('promtool has nothing to say about the metrics', async t => {
	const {stdout, stderr} = await execa('promtool', ['check', 'metrics'], {input: statusPrometheus(statuses)});
	t.is(`${stdout}${stderr}`, '');
});
