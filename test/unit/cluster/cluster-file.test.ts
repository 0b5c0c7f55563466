import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
	clusterFileProblems,
	parseClusterFile,
	readClusterFile,
	writeClusterFile,
} from '../../../src/cluster/cluster-file.ts';

const error = (text: string): string => {
	try {
		parseClusterFile(text, 'cluster.yaml');
		return '';
	} catch (error_) {
		return (error_ as Error).message;
	}
};

test('what was written is read back, by its owner only', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'cluster-file-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	t.is(await readClusterFile(folder), undefined);
	const content = {context: 'production', namespace: 'tidb', uid: 'b5c1'};
	await writeClusterFile(folder, content);
	t.deepEqual(await readClusterFile(folder), content);
	const {mode} = await stat(path.join(folder, 'cluster.yaml'));
	t.is(mode % 0o1000, 0o600);
});

test('a folder that is not there has no cluster.yaml', async t => {
	const nowhere = path.join(tmpdir(), 'no-such-folder');
	t.is(await readClusterFile(nowhere), undefined);
});

test('every problem is reported with its line and column', t => {
	const lines = error('namespace: a b\nuid: 1\ncontxt: x\ncomponents: [pd, tikvv]\n').split('\n');
	const places = lines.map(line => line.split(' ', 2).join(' '));
	t.deepEqual(places.toSorted(), [
		'cluster.yaml:1:12: namespace:',
		'cluster.yaml:2:6: uid:',
		'cluster.yaml:3:9: "contxt"',
		'cluster.yaml:4:18: components:',
	]);
});

test('a misspelt key or component comes with what was meant', t => {
	t.regex(error('namespace: tidb\ncontxt: x\n'), /did you mean "context"\?/v);
	t.regex(error('namespace: tidb\ncomponents: [tikvv]\n'), /did you mean "tikv"\?/v);
});

test('what is no YAML, or empty, is refused', t => {
	t.regex(error('a: ['), /^cluster\.yaml:1:\d+: /v);
	t.regex(error(''), /^cluster\.yaml:1:1: /v);
	t.regex(error('context: x\n'), /namespace: is missing/v);
});

test('a folder belongs to one TidbCluster, by namespace and uid', t => {
	const cluster = {namespace: 'tidb', uid: 'b5c1'};
	t.deepEqual(clusterFileProblems({namespace: 'tidb', uid: 'b5c1'}, cluster), []);
	t.deepEqual(clusterFileProblems({namespace: 'tidb'}, cluster), []);
	t.deepEqual(clusterFileProblems({namespace: 'tidb', uid: 'other', context: 'production'}, cluster), ['it remembers a TidbCluster with uid other in context production, this one has uid b5c1']);
	t.deepEqual(clusterFileProblems({namespace: 'shop', uid: 'b5c1'}, cluster), ['it remembers namespace shop, the TidbCluster is in tidb']);
});
