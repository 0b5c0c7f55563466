import test from 'ava';
import {podAddress} from '../../sandbox/address.ts';
import {membersOf, peersOf} from '../../sandbox/kubelet/peers.ts';
import type {StatefulSet} from '../../sandbox/kubelet/types.ts';

const network = 100;
const set = (component: string, replicas: number, instance = 'basic'): StatefulSet => ({
	metadata: {
		name: `${instance}-${component}`,
		namespace: 'tidb',

		labels: {'app.kubernetes.io/component': component, 'app.kubernetes.io/instance': instance},
	},
	spec: {replicas, serviceName: `${instance}-${component}-peer`},
});
const sets = [set('pd', 2), set('tikv', 2), set('tidb', 1), set('pd', 3, 'other')];
const dialled = (pod: string, own: StatefulSet) => peersOf(pod, own, sets, network).map(({serverName, address}) => `${serverName.split('.', 1)[0]}:${address.split(':', 2)[1]}`);

test('a member has its address and the name that the cluster knows it by', t => {
	t.deepEqual(membersOf(sets[0]!, network)[1], {
		name: 'basic-pd-1',
		address: podAddress({
			network, namespace: 'tidb', set: 'basic-pd', ordinal: 1,
		}),
		dnsName: 'basic-pd-1.basic-pd-peer.tidb.svc',
	});
});

test('TiKV connects to all PDs and to the other TiKVs of its cluster', t => {
	t.deepEqual(dialled('basic-tikv-0', sets[1]!), ['basic-pd-0:2379', 'basic-pd-1:2379', 'basic-tikv-1:20160']);
});

test('PD connects to the peer port of the other PDs', t => {
	t.deepEqual(dialled('basic-pd-1', sets[0]!), ['basic-pd-0:2380']);
});

test('TiDB connects to PD and TiKV', t => {
	t.deepEqual(dialled('basic-tidb-0', sets[2]!), ['basic-pd-0:2379', 'basic-pd-1:2379', 'basic-tikv-0:20160', 'basic-tikv-1:20160']);
});
