import test from 'ava';
import type {Cluster} from '../../../src/cluster/types.ts';
import type {TidbClusterStatus} from '../../../src/observe/objects.ts';
import type {Facts, OtherCluster} from '../../../src/run/preflight/facts.ts';
import {peerProblems} from '../../../src/run/preflight/peers.ts';
import {healthy} from '../../helpers/observation.ts';

/** What is found where PD knows these members, by host, and TiKV these stores. */
const found = (pds: string[], stores: string[], change: (facts: Facts) => void = () => undefined) => peerProblems(healthy(facts => {
	const status: TidbClusterStatus = {
		pd: {peerMembers: Object.fromEntries(pds.map(host => [host, {clientURL: `https://${host}:2379`}]))},
		tikv: {peerStores: Object.fromEntries(stores.map((ip, id) => [`${id}`, {ip}]))},
	};
	Object.assign(facts.observation.cluster, {status});
	change(facts);
}));

const member = (name: string, namespace: string, {component = 'pd', domain = ''} = {}): string => `${name}-${component}-0.${name}-${component}-peer.${namespace}.svc${domain}`;

const lockstep = (...others: Array<[name: string, namespace: string]>): Cluster['together'] => [['basic', 'tidb'] as const, ...others].map(([name, namespace], index) => ({
	name, namespace, uid: `${index}`, word: name,
}));

test('where PD knows nobody else there is no problem', t => {
	t.deepEqual(found([], []), []);
	t.deepEqual(peerProblems(healthy()), []);
});

test('members of a cluster in another Kubernetes cluster bar a rotation of this one alone, with the command for both', t => {
	const [problem, ...rest] = found([member('east', 'tidb-east', {domain: '.east.com'})], [member('east', 'tidb-east', {component: 'tikv', domain: '.east.com'})]);
	t.deepEqual(rest, []);
	t.is(problem!.code, 'shared-ca');
	t.regex(problem!.what, /^members of this cluster are pods of TidbCluster east in namespace tidb-east, which is not in this Kubernetes cluster \(east-pd-0\..*, east-tikv-0\..*\)$/v);
	t.is(problem!.fix, [
		'they are rotated together, phase by phase: npm run rotate -- --cluster basic --context CONTEXT --cluster tidb-east/east --context CONTEXT',
		'each CONTEXT being the kubeconfig\'s for that Kubernetes cluster',
	].join(', '));
});

test('a TiFlash store is a member as well', t => {
	const [problem] = found([], [], ({observation}) => {
		observation.cluster.status = {tiflash: {peerStores: {1: {ip: member('east', 'tidb-east', {component: 'tiflash'})}}}};
	});
	t.regex(problem!.what, /TidbCluster east/v);
});

test('its own members are none of another, also those that were called so before it was given a domain', t => {
	for (const domain of ['', '.west.com']) {
		t.deepEqual(found([member('basic', 'tidb', {domain})], [], facts => {
			facts.cluster = {...facts.cluster, domain: 'west.com'};
		}), []);
	}
});

test('one of its name and namespace in another Kubernetes cluster is another one, and each needs a folder', t => {
	const [problem] = found([member('basic', 'tidb', {domain: '.east.com'})], [], facts => {
		facts.cluster = {...facts.cluster, domain: 'west.com'};
	});
	t.regex(problem!.fix!, /--cluster tidb\/basic --context CONTEXT --dir FOLDER --cluster tidb\/basic --context CONTEXT --dir FOLDER, each CONTEXT .*, each FOLDER/v);
});

test('those that go through the phases with it are no problem, and one of them is not taken for two', t => {
	const east = member('basic', 'tidb', {domain: '.east.com'});
	const at = (together: Cluster['together']) => found([east], [], facts => {
		facts.cluster = {...facts.cluster, domain: 'west.com', ...(together && {together})};
	}).length;
	t.is(at(lockstep(['basic', 'tidb'])), 0);
	t.is(at(lockstep(['other', 'tidb'])), 1);
});

test('a member of a cluster that is here and has the same CA is left to the check of that CA, one whose CA cannot be read is not', t => {
	const here = (cas: (own: string) => string[]) => found([member('second', 'tidb')], [], facts => {
		const [{publicKey} = {publicKey: ''}] = facts.observation.secrets['basic-pd-cluster-secret']!.bundle.certificates;
		facts.others = [{
			name: 'second', namespace: 'tidb', uid: 'of second', cas: cas(publicKey),
		} satisfies OtherCluster];
	});
	t.deepEqual(here(own => [own]), []);
	const [problem] = here(() => []);
	t.notRegex(problem!.what, /this Kubernetes cluster/v);
	t.regex(problem!.fix!, /npm run rotate -- --cluster basic --cluster second$/v);
});

test('the cluster that it joined is left to the check of that', t => {
	t.deepEqual(found([member('first', 'tidb')], [], ({observation}) => {
		observation.cluster.spec.cluster = {name: 'first'};
	}), []);
});

test('a member that is no pod of a TidbCluster is refused with its host: nobody would restart it', t => {
	const [problem] = found(['10.0.0.5'], ['tikv.example.com']);
	t.is(problem!.code, 'unknown-consumer');
	t.regex(problem!.what, /no pods of a TidbCluster \(10\.0\.0\.5, tikv\.example\.com\)/v);
});

test('many members are named in part', t => {
	const [problem] = found([], Array.from({length: 9}, (_, index) => `10.0.0.${index}`));
	t.regex(problem!.what, /\(10\.0\.0\.0, 10\.0\.0\.1, 10\.0\.0\.2, 6 more\)/v);
});

test('leaves, a certificate of the same key, and the MySQL side are no matter to others', t => {
	for (const change of [{target: {route: 'keep-ca'}}, {target: {route: 'renew-ca'}}, {cluster: {side: 'mysql'}}] as const) {
		t.deepEqual(found(['10.0.0.5'], [], facts => {
			facts.target = {...facts.target, ...('target' in change && change.target)};
			facts.cluster = {...facts.cluster, ...('cluster' in change && change.cluster)};
		}), []);
	}
});
