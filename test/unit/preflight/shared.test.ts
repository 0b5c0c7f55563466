import test from 'ava';
import type {Cluster} from '../../../src/cluster/types.ts';
import type {OtherCluster} from '../../../src/run/preflight/facts.ts';
import {jobProblems, sharedCaProblems, staysBehindProblems} from '../../../src/run/preflight/shared.ts';
import {healthy} from '../../helpers/observation.ts';

const other = (change: Partial<OtherCluster> = {}): OtherCluster => ({
	name: 'second', namespace: 'tidb', uid: 'of second', cas: ['f00d'], ...change,
});

const withOther = (change: Partial<OtherCluster>): string[] => sharedCaProblems(healthy(facts => {
	facts.others = [other(change)];
})).map(({what}) => what);

test('another cluster with a CA of its own is no matter', t => {
	t.deepEqual(withOther({}), []);
});

test('a cluster that joins another is refused', t => {
	const problems = sharedCaProblems(healthy(({observation}) => {
		observation.cluster.spec.cluster = {name: 'first'};
	}));
	t.deepEqual(problems.map(({code}) => code), ['shared-ca']);
	t.regex(problems[0]!.what, /joins TidbCluster first/v);
});

test('a cluster that others join is refused', t => {
	t.deepEqual(withOther({joins: {name: 'basic', namespace: 'tidb'}}), ['TidbCluster second in namespace tidb joins this cluster (its spec.cluster)']);
	t.deepEqual(withOther({joins: {name: 'basic', namespace: 'elsewhere'}}), []);
});

test('a CA that another cluster trusts as well is not replaced, but its leaves may be', t => {
	const shared = (route: 'new-ca' | 'keep-ca'): string[] => sharedCaProblems(healthy(facts => {
		const [{publicKey} = {publicKey: ''}] = facts.observation.secrets['basic-pd-cluster-secret']!.bundle.certificates;
		facts.target.route = route;
		facts.others = [other({cas: [publicKey]})];
	})).map(({what}) => what);
	t.deepEqual(shared('new-ca'), ['TidbCluster second in namespace tidb trusts the same CA']);
	t.deepEqual(shared('keep-ca'), []);
});

test('a running backup is waited for, but does not bar a resume', t => {
	const jobs = [{
		kind: 'Backup', namespace: 'tidb', name: 'nightly', phase: 'Running',
	}];
	t.deepEqual(jobProblems(healthy(facts => {
		facts.jobs = jobs;
	})).map(({what}) => what), ['Backup nightly in namespace tidb is running (Running)']);
	t.deepEqual(jobProblems(healthy(facts => {
		facts.jobs = jobs;
		facts.isResumed = true;
	})), []);
});

const inLockstep = (...names: Array<[name: string, namespace: string]>) => names.map(([name, namespace]) => ({
	name, namespace, uid: `of ${name}`, word: name,
}));

test('a cluster that goes through the phases as well is no reason to refuse, another one of its name is, as in the Kubernetes cluster of another context', t => {
	const problems = (uid: string): string[] => sharedCaProblems(healthy(facts => {
		const [{publicKey} = {publicKey: ''}] = facts.observation.secrets['basic-pd-cluster-secret']!.bundle.certificates;
		facts.cluster = {...facts.cluster, together: inLockstep(['basic', 'tidb'], ['second', 'tidb'])};
		facts.others = [other({uid, cas: [publicKey], joins: {name: 'basic', namespace: 'tidb'}})];
	})).map(({what}) => what);
	t.deepEqual(problems('of second'), []);
	t.is(problems('of another').length, 1);
});

test('the command for all of them names the side, the kind, the namespaces that differ, and those that go together already', t => {
	const fix = (cluster: Partial<Cluster>, change: Partial<OtherCluster> = {}): string => sharedCaProblems(healthy(facts => {
		const [{publicKey} = {publicKey: ''}] = facts.observation.secrets['basic-pd-cluster-secret']!.bundle.certificates;
		facts.cluster = {...facts.cluster, ...cluster};
		facts.others = [other({cas: [publicKey], ...change})];
	})).map(problem => problem.fix!).join('\n').replace('they are rotated together, phase by phase: npm run rotate -- ', '');
	t.is(fix({}), '--cluster basic --cluster second');
	t.is(fix({}, {namespace: 'elsewhere'}), '--cluster basic --cluster elsewhere/second');
	t.is(fix({side: 'mysql'}), '--cluster basic --cluster second --mysql');
	t.is(fix({kind: 'dm'}), '--cluster basic --cluster second --kind dm');
	t.is(fix({together: inLockstep(['basic', 'tidb'], ['third', 'tidb'])}), '--cluster basic --cluster third --cluster second');
	const together = inLockstep(['basic', 'tidb'], ['third', 'tidb']).map(one => ({...one, context: `of ${one.name}`}));
	t.is(fix({together, context: 'of basic'}), '--cluster basic --context \'of basic\' --cluster third --context \'of third\' --cluster second --context \'of basic\'');
});

test('for two that are called alike the command has a place for the folder of each, since they would share one', t => {
	const [problem] = sharedCaProblems(healthy(facts => {
		facts.others = [other({name: 'basic', namespace: 'elsewhere', joins: {name: 'basic', namespace: 'tidb'}})];
	}));
	t.true(problem!.fix!.endsWith('npm run rotate -- --cluster tidb/basic --dir FOLDER --cluster elsewhere/basic --dir FOLDER, each FOLDER being that cluster\'s own'), problem!.fix);
});

test('to clusters with folders of their own another one is added with a place for its own', t => {
	const [problem] = sharedCaProblems(healthy(facts => {
		const [own, third] = inLockstep(['basic', 'tidb'], ['third', 'tidb']);
		facts.cluster = {...facts.cluster, together: [{...own!, dir: 'certs/basic'}, {...third!, dir: 'certs/third'}]};
		facts.others = [other({joins: {name: 'basic', namespace: 'tidb'}})];
	}));
	t.regex(problem!.fix!, /--cluster basic --dir certs\/basic --cluster third --dir certs\/third --cluster second --dir FOLDER, each FOLDER being/v);
});

test('where only leaves or a certificate of the same key are made, clusters that join each other are no reason to refuse', t => {
	for (const route of ['keep-ca', 'renew-ca'] as const) {
		t.deepEqual(sharedCaProblems(healthy(facts => {
			facts.target.route = route;
			facts.others = [other({joins: {name: 'basic', namespace: 'tidb'}})];
		})), []);
	}
});

test('a way back that takes a CA away is refused while another cluster trusts that CA, and not for one that both keep', t => {
	const facts = healthy();
	const {bundle} = facts.observation.secrets['basic-pd-cluster-secret']!;
	const others = [other({cas: bundle.certificates.map(({publicKey}) => publicKey)})];
	const [problem] = staysBehindProblems({...facts, others}, []);
	t.regex(problem!.what, /TidbCluster second in namespace tidb trusts the CA that would go/v);
	t.regex(problem!.fix!, /rollback -- --cluster basic --cluster second/v);
	t.deepEqual(staysBehindProblems({...facts, others}, bundle.certificates), []);
	t.deepEqual(staysBehindProblems({...facts, others, cluster: {...facts.cluster, together: inLockstep(['basic', 'tidb'], ['second', 'tidb'])}}, []), []);
});

test('a cluster that joined one in another Kubernetes cluster is told to name the contexts', t => {
	const here = [other({name: 'first', namespace: 'east'})];
	const fix = (clusterDomain: string, own?: string): string => sharedCaProblems(healthy(facts => {
		facts.observation.cluster.spec.cluster = {name: 'first', namespace: 'east', clusterDomain};
		facts.cluster = {...facts.cluster, ...(own !== undefined && {domain: own})};
		facts.others = here;
	}))[0]!.fix!;
	t.regex(fix('east.com', 'west.com'), /--cluster basic --context CONTEXT --cluster east\/first --context CONTEXT, each CONTEXT/v);
	t.regex(fix('west.com', 'west.com'), /--cluster basic --cluster east\/first$/v);
	t.regex(fix('cluster.local'), /--cluster basic --cluster east\/first$/v);
});
