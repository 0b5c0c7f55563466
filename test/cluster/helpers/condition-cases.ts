import type {Condition} from '../../../src/plan/types.ts';
import type {FolderChange} from './changed-folder.ts';

/**
Where the cluster stands: before anything, after trust with two processes that outlived their pods, after trust, after reissue, after retire,
and after a Secret was written once more.
*/
export const states = ['rest', 'accident', 'trust', 'reissue', 'retire', 'written'] as const;

export type State = typeof states[number];

/** A condition, where it is asked, and what must be the answer. */
export type ConditionCase = {
	state: State;
	condition: Condition;
	expected: boolean;
	/** It is asked of a changed copy of the cluster folder. */
	change?: FolderChange;
};

type Of<Kind extends Condition['is']> = Extract<Condition, {is: Kind}>;

const yes = (state: State, condition: Condition, change?: FolderChange): ConditionCase => ({
	state, condition, expected: true, ...(change !== undefined && {change}),
});

const no = (state: State, condition: Condition, change?: FolderChange): ConditionCase => ({
	state, condition, expected: false, ...(change !== undefined && {change}),
});

const file = (of: string[]): Of<'folder'> => ({is: 'folder', file: 'ca.pem', of});
const signed = (component: 'pd' | 'client', by: string): Of<'signed'> => ({is: 'signed', component, by});
const renewed: Of<'renewed'> = {is: 'renewed', components: ['pd', 'tikv', 'tidb', 'client']};
const kept: Of<'kept'> = {is: 'kept', component: 'tikv'};
const verifies = (by: string): Of<'verifies'> => ({is: 'verifies', component: 'tikv', by});
const successor: Of<'successor'> = {is: 'successor', file: 'ca.pem', components: ['pd', 'tikv', 'tidb', 'client']};
const stamped = (bundle: string, fresh = false, component: 'pd' | 'tidb' = 'tidb'): Of<'stamped'> => ({
	is: 'stamped', component, bundle, fresh,
});
const rolled = (bundle: string): Of<'rolled'> => ({is: 'rolled', component: 'tidb', bundle});
const reloaded = (bundle: string, component: 'pd' | 'tidb' = 'tidb'): Of<'reloaded'> => ({is: 'reloaded', component, bundle});
const deployed = (bundle: string): Of<'deployed'> => ({is: 'deployed', bundle});
const secret = (bundle: string, leaf = true): Of<'secret'> => ({
	is: 'secret', component: 'pd', bundle, leaf,
});
const trusts = (component: 'pd' | 'tikv' | 'tidb', strict = false): Of<'trusts'> => ({is: 'trusts', component, strict});
const trustsOld: Of<'trusts-old'> = {is: 'trusts-old', component: 'pd', strict: true};
const rejectsNew: Of<'rejects-new'> = {is: 'rejects-new', component: 'pd', strict: true};
const restored: Of<'restored'> = {is: 'restored', backup: '20261124T000000Z', files: ['ca.pem', 'ca-key.pem']};
/** Who else holds something in the tests' cluster from the beginning: the CA, in a person's copy and in one that the operator keeps, and a leaf. */
export const others = {person: 'Secret/default/ca-copy', operator: 'Secret/default/tidbmonitor-basic-tls-assets', leaf: 'ConfigMap/default/leaf-copy'};

const consumers = (change: Partial<Of<'consumers'>> = {}): Of<'consumers'> => ({
	is: 'consumers', ca: 'ca.new.pem', old: 'ca.old.pem', leaves: false, whose: 'anyone', handled: [], ...change,
});
const answered = (handled: string[]): Of<'answered'> => ({
	is: 'answered', who: 'MySQL/tidb/clients-ca', needs: 'a new CA', handled,
});
const serves = (component: 'pd' | 'tikv' | 'tidb'): Of<'serves'> => ({is: 'serves', component});
const loads = (component: 'pd' | 'tidb'): Of<'loads'> => ({is: 'loads', component});
const rejectsOld = (component: 'pd' | 'tikv' | 'tidb', strict = false): Of<'rejects-old'> => ({is: 'rejects-old', component, strict});

/** The kinds that are asked where cert-manager issues the certificates: issuance-cases.ts. */
export type OfCertManager = 'ready' | 'gone' | 'recorded' | 'unowned' | 'issued' | 'alike' | 'anew' | 'ca-secret' | 'other';

/** For every other kind of condition the cases in which it holds, and those in which it does not. */
export const conditionCases: Record<Exclude<Condition['is'], OfCertManager>, ConditionCase[]> = {
	backup: [
		no('rest', {is: 'backup'}),
		no('rest', {is: 'backup'}, 'half a backup'),
		yes('rest', {is: 'backup'}, 'a backup'),
		no('trust', {is: 'backup'}),
	],
	answered: [
		yes('rest', answered(['MySQL/tidb/clients-ca'])),
		no('rest', answered(['MySQL/tidb/client-certificates'])),
		no('rest', answered([])),
	],
	restored: [
		yes('rest', restored, 'a backup'),
		no('rest', restored),
		no('retire', restored),
	],
	folder: [
		yes('rest', file(['ca.pem'])),
		no('rest', file(['ca.new.pem', 'ca.old.pem'])),
		yes('trust', file(['ca.new.pem', 'ca.old.pem'])),
		no('trust', file(['ca.old.pem', 'ca.new.pem'])),
	],
	absent: [
		yes('rest', {is: 'absent', files: ['ca.new.pem', 'ca-key.new.pem']}),
		no('trust', {is: 'absent', files: ['ca.new.pem', 'ca-key.new.pem']}),
		yes('retire', {is: 'absent', files: ['ca.new.pem', 'ca-key.new.pem']}),
	],
	signed: [
		yes('rest', signed('pd', 'ca.pem')),
		no('rest', signed('pd', 'ca.pem'), 'the key of another component'),
		no('rest', signed('pd', 'ca.pem'), 'no leaf'),
		no('rest', signed('pd', 'ca.pem'), 'no key'),
		no('rest', signed('pd', 'ca.new.pem')),
		no('trust', signed('client', 'ca.new.pem')),
		yes('reissue', signed('client', 'ca.new.pem')),
	],
	renewed: [
		no('rest', renewed),
		yes('rest', renewed, 'a leaf of another CA'),
	],
	kept: [
		yes('rest', kept),
		no('rest', kept, 'the leaf of another component'),
		no('rest', kept, 'a leaf of another CA'),
		no('rest', {is: 'kept', component: 'pd'}, 'no key'),
	],
	secret: [
		yes('rest', secret('ca.pem')),
		no('rest', secret('ca.pem'), 'an empty line in ca.pem'),
		no('rest', secret('ca.pem'), 'no key'),
		yes('rest', secret('ca.pem', false), 'no key'),
		no('trust', secret('ca.new.pem')),
		yes('trust', secret('ca.pem')),
	],
	verifies: [
		yes('rest', verifies('ca.pem')),
		no('rest', verifies('ca.new.pem')),
		no('trust', verifies('ca.new.pem')),
		yes('reissue', verifies('ca.new.pem')),
	],
	successor: [
		no('rest', successor),
		yes('rest', successor, 'the CA made anew'),
		no('rest', successor, 'a new CA in its place'),
	],
	stamped: [
		no('rest', stamped('ca.pem')),
		no('rest', stamped('ca.new.pem')),
		yes('trust', stamped('ca.pem')),
		no('trust', stamped('ca.new.pem')),
		yes('trust', stamped('ca.pem', true)),
		yes('retire', stamped('ca.pem', true, 'pd')),
		yes('written', stamped('ca.pem', false, 'pd')),
		no('written', stamped('ca.pem', true, 'pd')),
	],
	rolled: [
		no('rest', rolled('ca.pem')),
		no('rest', rolled('ca.new.pem')),
		yes('trust', rolled('ca.pem')),
		no('trust', rolled('ca.new.pem')),
		no('trust', rolled('ca.pem'), 'a leaf of another CA'),
		no('written', {is: 'rolled', component: 'pd', bundle: 'ca.pem'}),
		yes('written', rolled('ca.pem')),
	],
	// That a pod has read its files again is in mysql-reload.test.ts.
	reloaded: [
		no('rest', reloaded('ca.pem')),
		yes('trust', reloaded('ca.pem')),
		no('trust', reloaded('ca.new.pem')),
		no('written', reloaded('ca.pem', 'pd')),
	],
	deployed: [
		no('rest', deployed('ca.pem')),
		yes('trust', deployed('ca.pem')),
		no('trust', deployed('ca.new.pem')),
		yes('retire', deployed('ca.pem')),
		no('written', deployed('ca.pem')),
	],
	recreated: [
		yes('rest', {is: 'recreated', component: 'pd'}),
		no('written', {is: 'recreated', component: 'pd'}),
		yes('written', {is: 'recreated', component: 'tikv'}),
	],
	trusts: [
		no('accident', trusts('pd')),
		yes('accident', trusts('tikv')),
		no('accident', trusts('tidb')),
		yes('trust', trusts('pd', true)),
		yes('trust', trusts('tidb')),
		no('trust', trusts('tidb', true)),
	],
	serves: [
		yes('rest', serves('pd')),
		yes('rest', serves('tikv')),
		no('rest', serves('pd'), 'a client of another CA'),
		yes('reissue', serves('tidb')),
	],
	loads: [
		no('accident', loads('pd')),
		yes('trust', loads('pd')),
		yes('trust', loads('tidb')),
		no('rest', loads('pd')),
	],
	consumers: [
		no('rest', consumers()),
		no('trust', consumers()),
		no('trust', consumers({whose: 'person'})),
		no('trust', consumers({handled: [others.person]})),
		yes('trust', consumers({handled: [others.person], whose: 'person'})),
		yes('trust', consumers({handled: [others.person, others.operator]})),
		yes('trust', consumers({ca: 'ca.pem'})),
		yes('rest', consumers({ca: 'ca.pem', old: 'ca.new.pem'}), 'a new CA'),
		yes('reissue', consumers({handled: [others.person, others.operator]})),
		no('reissue', consumers({handled: [others.person, others.operator], leaves: true})),
		yes('reissue', consumers({handled: Object.values(others), leaves: true})),
	],
	'trusts-old': [
		yes('reissue', trustsOld),
		no('retire', trustsOld, 'the files before retire'),
	],
	'rejects-new': [
		yes('rest', rejectsNew, 'a new CA'),
		no('trust', rejectsNew),
	],
	'rejects-old': [
		no('reissue', rejectsOld('pd')),
		yes('retire', rejectsOld('pd', true), 'the files before retire'),
		yes('retire', rejectsOld('tikv'), 'the files before retire'),
		no('retire', rejectsOld('tidb', true), 'the files before retire'),
		yes('retire', rejectsOld('tidb')),
	],
};
