import {createHash} from 'node:crypto';
import test from 'ava';
import {inside} from '../../../src/observe/inside.ts';
import {programOnPath} from '../../helpers/program-on-path.ts';

const place = {
	namespace: 'tidb', pod: 'basic-pd-0', container: 'pd', mount: '/var/lib/pd-tls',
};

const stat = `1 (pd server) 1) S 0 ${Array.from({length: 17}, () => '7').join(' ')} 250 9 9\ncpu  1 2 3\nbtime 1700000000\n`;

test('tells the mounted bundle and since when process 1 runs', async t => {
	const env = programOnPath(t, 'kubectl', String.raw`
const line = process.argv.slice(2).join(' ');
const known = {
	'exec --namespace=tidb basic-pd-0 --container=pd -- cat /var/lib/pd-tls/ca.crt': 'bundle\n',
	'exec --namespace=tidb basic-pd-0 --container=pd -- cat /proc/1/stat /proc/stat': ${JSON.stringify(stat)},
};
process.stdout.write(known[line]);
`);
	t.deepEqual(await inside({...place, env}), {
		pod: 'basic-pd-0', bundleDigest: createHash('sha256').update('bundle\n').digest('hex'), processStarted: 1_700_000_002.5,
	});
});

test('a container without cat is told in kubectl\'s words', async t => {
	const env = programOnPath(t, 'kubectl', String.raw`console.error("line one\nerror: exec: \"cat\": not found"); process.exitCode = 1;`);
	t.deepEqual(await inside({...place, env}), {pod: 'basic-pd-0', problem: 'error: exec: "cat": not found'});
});

test('what can be seen is told, though the rest cannot', async t => {
	const env = programOnPath(t, 'kubectl', 'if (process.argv.at(-1) === "/proc/stat") { console.error("Permission denied"); process.exitCode = 1; } else { console.log("bundle"); }');
	const {bundleDigest, processStarted, problem} = await inside({...place, env});
	t.is(bundleDigest, createHash('sha256').update('bundle\n').digest('hex'));
	t.is(processStarted, undefined);
	t.is(problem, 'Permission denied');
});

test('a /proc that looks otherwise tells nothing', async t => {
	const env = programOnPath(t, 'kubectl', 'console.log("none");');
	const {processStarted, problem} = await inside({...place, env});
	t.is(processStarted, undefined);
	t.is(problem, undefined);
});
