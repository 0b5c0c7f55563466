import test from 'ava';
import fc from 'fast-check';
import {readCertificates} from '../../../src/certificates/read.ts';
import {caresOf} from '../../../src/plan/care.ts';
import {consumerFindings} from '../../../src/plan/consumer-findings.ts';
import {holds} from '../../../src/plan/judge.ts';
import {makePlan} from '../../../src/plan/make.ts';
import type {Condition, Plan, Target} from '../../../src/plan/types.ts';
import {consumerProblems} from '../../../src/run/preflight/consumers.ts';
import {
	between,
	holder,
	newCa,
	oldCa,
	pairs,
} from '../../helpers/consumers.ts';
import {cluster} from '../../helpers/observation.ts';
import {makeCa, type Pair} from '../../helpers/pki.ts';

const mine = 'Secret/monitoring/tidb-ca';
const operators = 'Secret/tidb/tidbmonitor-basic-tls-assets';
const both = [newCa, oldCa];
/** The old CA, by the certificate that it had before it was made anew. */
const earlier = makeCa({key: oldCa.key, ends: 100});
/** The same after it was made anew, while the Secrets went back. */
const later = makeCa({key: oldCa.key, ends: 5000});

const asked = (change: Partial<Extract<Condition, {is: 'consumers'}>> = {}): Condition => ({
	is: 'consumers', ca: 'ca.new.pem', old: 'ca.old.pem', leaves: false, whose: 'anyone', handled: [], ...change,
});

type Row = [what: string, id: string, held: {cas?: Pair[]; leaves?: Pair[]}, change: Parameters<typeof asked>[0], expected: boolean];

const rows: Row[] = [
	['the old CA alone', mine, {cas: [oldCa]}, {}, false],
	['the old CA alone, in a certificate from before it was made anew', mine, {cas: [earlier]}, {}, false],
	['the new CA beside the old one, in a certificate from before it was made anew', mine, {cas: [earlier, newCa]}, {}, true],
	['both CAs', mine, {cas: both}, {}, true],
	['the new CA alone', mine, {cas: [newCa]}, {}, true],
	['a leaf of the old CA, before reissue', mine, {cas: both, leaves: [pairs.old]}, {}, true],
	['a leaf of the old CA, before retire', mine, {cas: both, leaves: [pairs.old]}, {leaves: true}, false],
	['a leaf of the old CA without any CA, before retire', mine, {leaves: [pairs.old]}, {leaves: true}, false],
	['a leaf of the old CA that has expired, before retire', mine, {cas: both, leaves: [pairs.ended]}, {leaves: true}, true],
	['a leaf of the new CA, before retire', mine, {cas: both, leaves: [pairs.new]}, {leaves: true}, true],
	['the old CA alone, before retire', mine, {cas: [oldCa]}, {leaves: true}, false],
	['the old CA alone, answered for', mine, {cas: [oldCa], leaves: [pairs.old]}, {leaves: true, handled: [mine]}, true],
	['the old CA alone, another answered for', mine, {cas: [oldCa]}, {handled: [operators]}, false],
	['the operator\'s copy with the old CA alone', operators, {cas: [oldCa]}, {}, false],
	['the operator\'s copy, of what a person looks after', operators, {cas: [oldCa], leaves: [pairs.old]}, {leaves: true, whose: 'person'}, true],
	['a ConfigMap that is called as the operator\'s copy', operators.replace('Secret', 'ConfigMap'), {cas: [oldCa]}, {whose: 'person'}, false],
];

for (const [what, id, held, change, expected] of rows) {
	test(`${what}: ${expected ? 'ready' : 'not ready'}`, t => {
		const {holds: actual, reasons} = holds(asked(change), between([holder(id, held)]));
		t.is(actual, expected);
		t.true(actual || reasons.some(reason => reason.startsWith(`${id} (ca.crt) `)), reasons.join('\n'));
	});
}

test('where nobody stands in the way it holds', t => {
	t.true(holds(asked(), between([])).holds);
});

test('where nobody looked it does not hold', t => {
	const observation = between([]);
	delete observation.consumers;
	t.false(holds(asked(), observation).holds);
});

for (const file of ['ca.new.pem', 'ca.old.pem']) {
	test(`where the folder has no ${file} it does not hold`, t => {
		const observation = between([]);
		Reflect.deleteProperty(observation.folder.certificates, file);
		t.false(holds(asked(), observation).holds);
	});
}

test('a leaf that the new CA vouches for as well, having the old one\'s key, does not stand in the way of retire', t => {
	const again = makeCa({begins: 0, key: oldCa.key});
	const observation = between([holder(mine, {cas: [oldCa, again], leaves: [pairs.old]})]);
	observation.folder.certificates['ca.new.pem'] = readCertificates(again.cert);
	t.true(holds(asked({leaves: true}), observation).holds);
});

const parts = fc.record({cas: fc.subarray([oldCa, newCa]), leaves: fc.subarray([pairs.old, pairs.new, pairs.ended])});

test('whoever is ready for retire is ready for reissue, and nobody stands in the way who holds nothing of the old CA', t => {
	fc.assert(fc.property(fc.array(parts, {maxLength: 4}), all => {
		const observation = between(all.map((held, index) => holder(`Secret/apps/${index}`, held)));
		const isReady = holds(asked({leaves: true}), observation).holds;
		t.true(!isReady || holds(asked(), observation).holds);
		const isFree = all.every(({cas, leaves}) => !cas.includes(oldCa) && !leaves.includes(pairs.old));
		t.true(!isFree || isReady);
	}), {seed: 6, numRuns: 200});
});

test('everybody together is ready exactly when each alone is', t => {
	fc.assert(fc.property(fc.array(parts, {maxLength: 4}), fc.boolean(), (all, leaves) => {
		const holders = all.map((held, index) => holder(`Secret/apps/${index}`, held));
		t.is(holds(asked({leaves}), between(holders)).holds, holders.every(one => holds(asked({leaves}), between([one])).holds));
	}), {seed: 6, numRuns: 100});
});

const target = (change: Partial<Target> = {}): Target => ({
	route: 'new-ca', retire: false, leaves: cluster.components, strict: false, ...change,
});

const planOf = (observation: Parameters<typeof caresOf>[1], change?: Partial<Target>): Plan => makePlan({
	cluster, target: target(change), observation, changed: {}, cure: false,
});

test('what each needs before which phase is told at the start, with who looks after it', t => {
	const found = [holder(mine, {cas: [oldCa], leaves: [pairs.old]}), holder(operators, {cas: [oldCa]})];
	const observation = between(found, {isOpen: false});
	const told = (change: Partial<Target>) => caresOf(planOf(observation, change), observation)
		.filter(({who}) => who !== 'tool')
		.map(({name, who, todo, handled}) => [name, who, todo.length, handled]);
	t.deepEqual(told({}), [[mine, 'you', 1, false], [operators, 'operator', 1, false]]);
	t.deepEqual(told({retire: true, handled: [mine]}), [[mine, 'you', 2, true], [operators, 'operator', 1, false]]);
	t.deepEqual(told({until: 'trust'}), [[mine, 'you', 0, false], [operators, 'operator', 0, false]]);
	t.deepEqual(told({route: 'keep-ca'}), [[mine, 'you', 0, false], [operators, 'operator', 0, false]]);
});

test('the names of the CAs that it holds follow the rotation', t => {
	const words = (isOpen: boolean): string => {
		const observation = between([holder(mine, {cas: [oldCa], leaves: [pairs.old]})], {isOpen});
		return caresOf(planOf(observation), observation).at(-1)!.holds.join('; ');
	};

	t.regex(words(false), /^the present CA \(.*\); a leaf of the present CA \(/v);
	t.regex(words(true), /^the old CA \(.*\); a leaf of the old CA \(/v);
});

test('every write of leaves and every end of a CA stands behind the question who else needs it; a renewal of leaves does not', t => {
	const asks = (change: Partial<Target>): string[] => planOf(between([], {isOpen: false}), change).steps.filter(({needs}) => needs.some(({is}) => is === 'consumers')).map(({id}) => id);
	t.deepEqual(asks({retire: true}), ['reissue.consumers', 'reissue.apply', 'retire.consumers', 'retire.apply']);
	t.deepEqual(asks({route: 'keep-ca'}), []);
});

const findingRows: Array<[what: string, held: {cas?: Pair[]; leaves?: Pair[]}, state: Parameters<typeof between>[1], codes: string[]]> = [
	['the present CA, at rest', {cas: [oldCa], leaves: [pairs.old]}, {isOpen: false}, []],
	['the present CA, in a certificate that ends before that of the Secrets, at rest', {cas: [earlier]}, {isOpen: false}, ['consumer-behind']],
	['the present CA, in both certificates of it, at rest', {cas: [earlier, oldCa]}, {isOpen: false}, []],
	['the present CA, in a certificate that ends after that of the Secrets, at rest', {cas: [later]}, {isOpen: false}, []],
	['the old CA alone, after trust', {cas: [oldCa]}, {}, ['consumer-behind']],
	['the old CA alone, in a certificate from before, after trust', {cas: [earlier]}, {}, ['consumer-behind']],
	['the old CA alone, after reissue', {cas: [oldCa]}, {leaf: 'new'}, ['consumer-ca']],
	['both CAs and a leaf of the old one, after trust', {cas: both, leaves: [pairs.old]}, {}, []],
	['both CAs and a leaf of the old one, after reissue', {cas: both, leaves: [pairs.old]}, {leaf: 'new'}, ['consumer-behind']],
	['both CAs and a leaf of the new one, after reissue', {cas: both, leaves: [pairs.new]}, {leaf: 'new'}, []],
	['the new CA alone, before its leaves are written', {cas: [newCa]}, {}, ['consumer-ca']],
	['an expired leaf', {cas: [oldCa], leaves: [pairs.ended]}, {isOpen: false}, ['consumer-leaf']],
	['a leaf of a CA that is not trusted any more', {leaves: [pairs.new]}, {isOpen: false}, ['consumer-leaf']],
];

for (const [what, held, state, codes] of findingRows) {
	test(`findings: ${what}: ${codes.length === 0 ? 'none' : codes.join(', ')}`, t => {
		const observation = between([holder(mine, held)], state);
		t.deepEqual(consumerFindings(observation).map(({code}) => code), codes);
	});
}

test('a CA in another certificate than the cluster has is told to be the same CA', t => {
	const observation = between([holder(mine, {cas: [earlier]})], {isOpen: false});
	t.regex(caresOf(planOf(observation), observation).at(-1)!.holds.join('; '), /^the present CA, in another certificate of it \([^;]*$/v);
});

test('the Secrets of a cluster that goes through the phases as well are the run\'s own; copies of them elsewhere are a person\'s', t => {
	const ids = ['Secret/tidb-second/second-pd-cluster-secret', 'Secret/monitoring/second-pd-cluster-secret', 'Secret/tidb-second/second-ca'];
	const observation = between(ids.map(id => holder(id, {cas: [oldCa]})));
	const plan = makePlan({
		cluster: {
			...cluster, together: [['basic', 'tidb'], ['second', 'tidb-second']].map(([name, namespace]) => ({
				name: name!, namespace: namespace!, uid: name!, word: name!,
			})),
		}, observation, changed: {}, cure: false, target: {
			route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
		},
	});
	const cares = caresOf(plan, observation).filter(({name}) => ids.includes(name));
	t.deepEqual(cares.map(({who}) => who), ['tool', 'you', 'you']);
	t.deepEqual(cares[0]!.todo, []);
	const named = consumerProblems({...plan, from: plan.steps.findIndex(({id}) => id === 'reissue.consumers')}, observation).map(({what}) => what);
	t.is(named.length, 2);
	t.true(named.every(what => !what.includes('tidb-second/second-pd')));
});
