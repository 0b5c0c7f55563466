import test from 'ava';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import {certManagerProblems} from '../../../src/run/preflight/cert-manager.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {issuanceFor} from '../../helpers/issuance.ts';
import {healthy} from '../../helpers/observation.ts';

const names = ['basic-pd-cluster-secret', 'basic-tikv-cluster-secret', 'basic-tidb-cluster-secret', 'basic-cluster-client-secret'];
const pd = names[0]!;

const found = (change: (facts: Facts) => void): string[] => certManagerProblems(healthy(change)).map(({what}) => what);

const owned = (name: string): string => `Secret ${name} is issued by cert-manager (Certificate ${name}), which would issue it again and undo the rotation`;

/** The Secrets say that cert-manager has issued them; nobody looked for Certificates. */
const mark = ({observation}: Facts): void => {
	issuanceFor(observation);
};

test('a cluster that cfssl issues is not refused', t => {
	t.deepEqual(found(() => undefined), []);
});

test('each Secret that cert-manager issues is refused with its Certificate', t => {
	t.deepEqual(found(mark), names.map(name => owned(name)));
});

test('a Secret is refused whose Certificate is put aside', t => {
	t.is(found(facts => {
		const issuance = issuanceFor(facts.observation);
		facts.observation.issuance = {...issuance, certificates: issuance.certificates.filter(({name}) => name !== pd)};
	})[0], `Secret ${pd} was issued by cert-manager, and its Certificate ${pd} is not there now: once it comes back, the rotation is undone`);
});

test('a cluster of which only some Secrets are cert-manager\'s is refused with the reason per Secret', t => {
	const problems = found(({observation}) => {
		observation.secrets[pd]!.annotations = {'cert-manager.io/certificate-name': 'pd'};
	});
	t.is(problems.length, 2);
	t.regex(problems[0]!, /^Secret basic-pd-cluster-secret is issued by cert-manager \(Certificate pd\)/v);
	t.regex(problems[1]!, /^the certificates of TidbCluster basic come from two sides: Secret basic-pd-cluster-secret is cert-manager's \(/v);
	t.regex(problems[1]!, /\), and nothing says so of Secrets basic-tikv-cluster-secret, /v);
});

test('what a person has suspended by cluster.yaml does not bar the rotation', t => {
	t.deepEqual(found(facts => {
		mark(facts);
		facts.suspended = ['cert-manager'];
	}), []);
});

const issuerNotReady = (change: Partial<Facts['target']>): string[] => found(facts => {
	const {observation} = facts;
	observation.issuance = issuanceFor(observation);
	facts.cluster = {...facts.cluster, issuance: documentedIssuance(facts.cluster)};
	facts.target = {...facts.target, ...change};
	Object.assign(observation.issuance.issuers.find(({name}) => name === 'basic-tidb-issuer')!, {ready: false, words: 'ErrGetKeyPair: there is none'});
});

for (const change of [{route: 'new-ca'}, {route: 'keep-ca'}, {route: 'keep-ca', asDocumented: true}] as const) {
	test(`${JSON.stringify(change)}: refused while the Issuer is not Ready`, t => {
		t.deepEqual(issuerNotReady(change), ['Issuer basic-tidb-issuer is not Ready: ErrGetKeyPair: there is none']);
	});
}

test('the documents\' new CA is not refused for an Issuer that is not Ready: it may be what mends it', t => {
	t.deepEqual(issuerNotReady({route: 'new-ca', asDocumented: true}), []);
});
