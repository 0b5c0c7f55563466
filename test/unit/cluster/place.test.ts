import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {clusterFolder} from '../../../src/cluster/place.ts';

const root = path.join(import.meta.dirname, '../../..');

test.serial('the folder is clusters/<name> of the tool, wherever it is called from', t => {
	delete process.env.TIDB_CLUSTERS;
	t.is(clusterFolder('basic'), path.join(root, 'clusters/basic'));
});

test.serial('TIDB_CLUSTERS names where all cluster folders are, --dir the folder itself; relative ones are the caller\'s', t => {
	process.env.TIDB_CLUSTERS = 'all';
	t.is(clusterFolder('basic'), path.resolve('all/basic'));
	t.is(clusterFolder('basic', {dir: 'mine'}), path.resolve('mine'));
});

test.serial('the MySQL side has a folder in that of the cluster, since its files have the same names', t => {
	delete process.env.TIDB_CLUSTERS;
	t.is(clusterFolder('basic', {mysql: true}), path.join(root, 'clusters/basic/mysql'));
	t.is(clusterFolder('basic', {dir: 'mine', mysql: true}), path.resolve('mine/mysql'));
});
