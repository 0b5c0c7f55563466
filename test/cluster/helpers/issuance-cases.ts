import type {Condition} from '../../../src/plan/types.ts';
import type {OfCertManager} from './condition-cases.ts';

/** Where a cluster of cert-manager's stands: before anything, after trust with the Certificates aside, after the whole, and after its leaves were issued again. */
export const issuanceStates = ['rest', 'trust', 'retire', 'renewed'] as const;

export type IssuanceState = typeof issuanceStates[number];

/** A condition, where it is asked, and what must be the answer. */
type IssuanceCase = {state: IssuanceState; condition: Condition; expected: boolean};

const yes = (state: IssuanceState, condition: Condition): IssuanceCase => ({state, condition, expected: true});

const no = (state: IssuanceState, condition: Condition): IssuanceCase => ({state, condition, expected: false});

const ready = (kind: 'Certificate' | 'Issuer', name: string): Condition => ({is: 'ready', kind, name});
const gone = (kind: 'Certificate' | 'Issuer' | 'Secret', ...names: string[]): Condition => ({is: 'gone', kind, names});
const recorded: Condition = {is: 'recorded', certificates: ['basic-pd-cluster-secret', 'basic-ca']};
const unowned = (...secrets: string[]): Condition => ({is: 'unowned', secrets});
const issued = (secret: string, by: string): Condition => ({is: 'issued', secret, by});
const alike = (secret: string, as: string): Condition => ({is: 'alike', secret, as});
const anew: Condition = {is: 'anew', component: 'pd', signer: 'basic-ca-secret'};
const caSecret = (file: string, another: boolean): Condition => ({
	is: 'ca-secret', secret: 'basic-ca-secret', file, another,
});
const other = (bundle: string, by: string): Condition => ({
	is: 'other', secret: 'basic-pd-cluster-secret', bundle, by,
});

/** A Secret that the test makes, with the TidbCluster as its owner. */
export const ownedSecret = 'owned-secret';

/** For every kind of condition about cert-manager the cases in which it holds, and those in which it does not. */
export const issuanceCases: Record<OfCertManager, IssuanceCase[]> = {
	ready: [
		yes('rest', ready('Certificate', 'basic-pd-cluster-secret')),
		yes('rest', ready('Issuer', 'basic-tidb-issuer')),
		no('rest', ready('Issuer', 'basic-tidb-issuer-next')),
		no('trust', ready('Certificate', 'basic-pd-cluster-secret')),
		yes('trust', ready('Certificate', 'basic-cluster-client-secret-next')),
		no('trust', ready('Certificate', 'basic-ca-next')),
		yes('retire', ready('Certificate', 'basic-pd-cluster-secret')),
	],
	gone: [
		no('rest', gone('Certificate', 'basic-pd-cluster-secret', 'basic-ca')),
		yes('trust', gone('Certificate', 'basic-pd-cluster-secret', 'basic-ca')),
		no('trust', gone('Issuer', 'basic-tidb-issuer-next')),
		no('trust', gone('Secret', 'basic-ca-next-secret')),
		yes('retire', gone('Issuer', 'basic-tidb-issuer-next')),
		yes('retire', gone('Secret', 'basic-ca-next-secret', 'basic-pd-cluster-secret-next')),
	],
	recorded: [
		no('rest', recorded),
		yes('trust', recorded),
		no('retire', recorded),
	],
	unowned: [
		yes('rest', unowned('basic-pd-cluster-secret', 'basic-ca-secret')),
		no('rest', unowned('basic-pd-cluster-secret', ownedSecret)),
	],
	issued: [
		no('rest', issued('basic-cluster-client-secret-next', 'ca.pem')),
		yes('trust', issued('basic-cluster-client-secret-next', 'ca.new.pem')),
		no('trust', issued('basic-cluster-client-secret-next', 'ca.old.pem')),
		no('trust', issued(ownedSecret, 'ca.pem')),
	],
	alike: [
		yes('rest', alike('basic-pd-cluster-secret', 'basic-pd-cluster-secret')),
		no('rest', alike('basic-pd-cluster-secret', 'basic-tikv-cluster-secret')),
		no('rest', alike('no-such-secret', 'no-such-secret')),
	],
	anew: [
		no('trust', anew),
		no('retire', anew),
		yes('renewed', anew),
	],
	'ca-secret': [
		yes('trust', caSecret('ca.old.pem', false)),
		no('trust', caSecret('ca.new.pem', false)),
		no('trust', caSecret('ca.old.pem', true)),
		yes('trust', caSecret('ca.new.pem', true)),
		yes('retire', caSecret('ca.pem', false)),
	],
	other: [
		yes('trust', other('ca.pem', 'ca.old.pem')),
		no('trust', other('ca.old.pem', 'ca.old.pem')),
		no('trust', other('ca.pem', 'ca.new.pem')),
		yes('retire', other('ca.pem', 'ca.pem')),
	],
};
