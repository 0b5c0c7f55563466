import test, {type ExecutionContext} from 'ava';
import {listClusters} from '../../../src/observe/all-clusters.ts';
import {apiServer, tidbClusters} from '../../helpers/api-server.ts';

const listed = async (t: ExecutionContext, spec: Record<string, unknown>) => {
	const access = await apiServer(t, [tidbClusters({metadata: {namespace: 'tidb', name: 'basic', uid: 'b5c1'}, spec: {tlsCluster: {enabled: true}, ...spec}})]);
	const [cluster] = await listClusters(access, {});
	return cluster!;
};

const pdms = [{name: 'scheduling', replicas: 1}, {name: 'tso', replicas: 2}];

test('PD\'s microservices are among what a restart is about, where PD runs in its mode for them', async t => {
	t.like(await listed(t, {pd: {replicas: 3, mode: 'ms'}, pdms}), {components: ['pd', 'client'], guests: ['tso', 'scheduling'], replicas: 6});
});

test('they are not where PD does not', async t => {
	const {guests, replicas} = await listed(t, {pd: {replicas: 3}, pdms});
	t.is(guests, undefined);
	t.is(replicas, 3);
});
