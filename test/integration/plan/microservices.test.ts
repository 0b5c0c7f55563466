import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import type {Cluster} from '../../../src/cluster/types.ts';
import {material, restartedAt} from '../../../src/plan/annotations.ts';
import {foreignChanges} from '../../../src/plan/foreign.ts';
import {restart} from '../../../src/plan/lines.ts';
import {restingPlan} from '../../../src/plan/make.ts';
import {shell} from '../../../src/render/shell.ts';
import {apiServer, tidbClusters} from '../../helpers/api-server.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';

const ms: Cluster = {...cluster, guests: ['tso', 'scheduling']};

test('PD\'s microservices are restarted before PD, in each phase', t => {
	const {steps} = restingPlan(ms, {
		route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
	});
	const restarts = steps.map(({id}) => id).filter(id => id.includes('.restart.'));
	t.deepEqual(restarts, ['trust', 'reissue', 'retire'].flatMap(phase => ['tso', 'scheduling', 'pd', 'tikv', 'tidb'].map(component => `${phase}.restart.${component}`)));
});

test('a restart of one that was asked for is no change by others', t => {
	const before = observationOf(makeMaterial(), ms);
	const now = structuredClone(before);
	Object.assign(now.cluster.spec.tso!, {annotations: {[restartedAt]: '2026-01-01T00:00:00Z', [material]: 'a'}});
	t.deepEqual(foreignChanges(before, now, {stamps: false}), []);
	Object.assign(now.cluster.spec.tso!, {replicas: 5});
	t.regex(foreignChanges(before, now, {stamps: false})[0]!, /spec\.pdms\[tso\]\.replicas changed/v);
});

type Operation = {op: string; path: string; value: unknown};

/** What the restart's line would write for tso, by the real kubectl, where the spec has these microservices. */
const patchFor = async (t: ExecutionContext, pdms: unknown[]): Promise<Operation[]> => {
	const access = await apiServer(t, [tidbClusters({metadata: {namespace: 'tidb', name: 'basic'}, spec: {pdms}})]);
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	await Promise.all(['ca.pem', 'pd-server.pem'].map(async file => writeFile(path.join(folder, file), file)));
	const [get = ''] = shell(restart(ms, 'tso', 'ca.pem')).split(' | kubectl patch ', 1);
	const {stdout} = await execa('bash', ['-c', get], {cwd: folder, env: access.env});
	return stdout === '' ? [] : JSON.parse(stdout) as Operation[];
};

const written = (place: number) => [`/spec/pdms/${place}/annotations/tidb.pingcap.com~1restartedAt`, `/spec/pdms/${place}/annotations/tidb-cert-rotate~1material`];

test('one that has annotations gets two more, where it stands in the list', async t => {
	const [guard, ...rest] = await patchFor(t, [{name: 'scheduling'}, {name: 'tso', annotations: {one: 'other'}}]);
	t.deepEqual(guard, {op: 'test', path: '/spec/pdms/1/name', value: 'tso'});
	t.deepEqual(rest.map(({op, path: at}) => [op, at]), written(1).map(at => ['add', at]));
	t.regex(String(rest[0]!.value), /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/v);
	t.regex(String(rest[1]!.value), /^[\da-f]{16}$/v);
});

test('one that has none gets a place for them first, if nobody has made it meanwhile', async t => {
	const [, guard, place, ...rest] = await patchFor(t, [{name: 'tso'}]);
	t.deepEqual(guard, {op: 'test', path: '/spec/pdms/0/annotations', value: null});
	t.deepEqual(place, {op: 'add', path: '/spec/pdms/0/annotations', value: {}});
	t.deepEqual(rest.map(({op, path: at}) => [op, at]), written(0).map(at => ['add', at]));
});

test('one whose annotations are empty has that place', async t => {
	const [, ...rest] = await patchFor(t, [{name: 'tso', annotations: {}}]);
	t.deepEqual(rest.map(({op, path: at}) => [op, at]), written(0).map(at => ['add', at]));
});

test('one that is not there any more gets nothing, at which kubectl patch ends with an error', async t => {
	t.deepEqual(await patchFor(t, [{name: 'scheduling'}]), []);
});
