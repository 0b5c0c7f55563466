import test from 'ava';
import {hasAll, mergePatch} from '../../sandbox/operator/compare.ts';
import {defaultsPatch} from '../../sandbox/operator/defaults.ts';
import {toMilliseconds, toTime} from '../../sandbox/operator/policies.ts';
import {leaderCount} from '../../sandbox/operator/questions.ts';
import {withSecurity} from '../../sandbox/operator/toml.ts';
import {recordedCluster} from './recorded.ts';

test('settings join the [security] section that is there, and the person\'s own stays', t => {
	t.is(
		withSecurity('[security]\ncluster-verify-cn = ["TiDB"]\nca = "own"\n[log]\nlevel = "info"\n', {ca: '/a', cert: '/b'}),
		'[security]\ncert = "/b"\ncluster-verify-cn = ["TiDB"]\nca = "own"\n[log]\nlevel = "info"\n',
	);
	t.is(withSecurity('', {ca: '/a'}), '[security]\nca = "/a"\n');
});

test('the recorded spec lacks no default', t => {
	t.is(defaultsPatch(recordedCluster()), undefined);
});

test('defaults are written as recorded, and TiDB\'s own configuration stays behind them', t => {
	const cluster = recordedCluster();
	cluster.spec.tidb!.config = '[security]\ncluster-verify-cn = ["TiDB"]\n';
	delete cluster.spec.enablePVReclaim;
	delete cluster.spec.pd!.maxFailoverCount;
	t.deepEqual(defaultsPatch(cluster), {
		spec: {
			enablePVReclaim: false,
			pd: {maxFailoverCount: 3},
			tidb: {config: '[log]\n  [log.file]\n    max-backups = 3\n\n[security]\ncluster-verify-cn = ["TiDB"]\n'},
		},
	});
});

test('a merge patch has what differs and nulls for what went', t => {
	t.deepEqual(mergePatch({a: 1, b: {c: 1, d: 2}, e: [1]}, {b: {c: 1, d: 3}, e: [1]}), {a: null, b: {d: 3}});
	t.is(mergePatch({a: {b: 1, c: 2}}, {a: {c: 2, b: 1}}), undefined);
});

test('what the API server added is no difference, a list of another length is one', t => {
	t.true(hasAll({a: 1, b: 2}, {a: 1}));
	t.false(hasAll({a: [1, 2]}, {a: [1]}));
});

test('durations and times are read and written as Kubernetes does', t => {
	t.is(toMilliseconds('1500m'), 90_000_000);
	t.is(toMilliseconds('1h30m'), 5_400_000);
	t.is(toTime(Date.UTC(2026, 10, 23, 21, 14, 47, 123)), '2026-11-23T21:14:47Z');
});

test('region leaders are read from the metrics, and missing where they are not named', t => {
	t.is(leaderCount('# HELP x\ntikv_raftstore_region_count{type="region"} 7\ntikv_raftstore_region_count{type="leader"} 3\n'), 3);
	t.is(leaderCount('tikv_raftstore_region_count{type="region"} 7\n'), undefined);
});
