import test from 'ava';
import {usersAmong, type UserObject} from '../../../src/observe/users.ts';
import {cluster} from '../../helpers/observation.ts';

const secret = 'basic-cluster-client-secret';
const volumes = [{secret: {secretName: secret}}];

const object = (kind: string, spec: NonNullable<UserObject['spec']>, metadata: Partial<UserObject['metadata']> = {}): UserObject => ({
	kind, metadata: {name: 'one', namespace: 'tidb', ...metadata}, spec,
});

const rows: Array<[what: string, one: UserObject, expected: string[] | undefined]> = [
	['a Deployment that mounts one', object('Deployment', {template: {spec: {volumes}}}), [secret]],
	['a CronJob that mounts one', object('CronJob', {jobTemplate: {spec: {template: {spec: {volumes}}}}}), [secret]],
	['a Job with one in a projected volume', object('Job', {template: {spec: {volumes: [{projected: {sources: [{secret: {name: secret}}]}}]}}}), [secret]],
	['a DaemonSet with one in its environment', object('DaemonSet', {template: {spec: {containers: [{env: [{valueFrom: {secretKeyRef: {name: secret}}}]}]}}}), [secret]],
	['a StatefulSet with all of one in its environment', object('StatefulSet', {template: {spec: {containers: [{envFrom: [{secretRef: {name: secret}}]}]}}}), [secret]],
	['a StatefulSet of the cluster', object('StatefulSet', {template: {spec: {volumes}}}, {ownerReferences: [{kind: 'TidbCluster'}]}), undefined],
	['a Deployment in another namespace', object('Deployment', {template: {spec: {volumes}}}, {namespace: 'apps'}), undefined],
	['a Deployment that mounts something else', object('Deployment', {template: {spec: {volumes: [{secret: {secretName: 'other'}}]}}}), undefined],
	['a TidbMonitor of the cluster', object('TidbMonitor', {clusters: [{name: 'basic'}]}), []],
	['a TidbMonitor of the cluster, in another namespace', object('TidbMonitor', {clusters: [{name: 'basic', namespace: 'tidb'}]}, {namespace: 'monitoring'}), []],
	['a TidbMonitor of a cluster of that name elsewhere', object('TidbMonitor', {clusters: [{name: 'basic'}]}, {namespace: 'monitoring'}), undefined],
	['a TidbInitializer of the cluster', object('TidbInitializer', {cluster: {name: 'basic'}}), []],
	['a BackupSchedule of the cluster', object('BackupSchedule', {backupTemplate: {br: {cluster: 'basic', clusterNamespace: 'tidb'}}}, {namespace: 'backup'}), []],
];

for (const [what, one, expected] of rows) {
	test(`${what} ${expected ? 'uses the cluster\'s Secrets' : 'does not use the cluster\'s Secrets'}`, t => {
		t.deepEqual(usersAmong([one], cluster).map(({uses}) => uses), expected ? [expected] : []);
	});
}
