import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {dryRun, dryRunText, type Findings} from '../../../src/render/dry-run.ts';
import {type DryRun, dryRunSchema} from '../../../src/render/dry-run-schema.ts';
import {secretChanges} from '../../../src/render/secret-changes.ts';
import {shell} from '../../../src/render/shell.ts';
import {prove} from '../../../src/prove/prove.ts';
import {foresee, targets, takeUpTo} from '../../helpers/foresee.ts';
import {makeMaterial} from '../../helpers/observation.ts';
import {Simulation} from '../../helpers/simulate.ts';

const [present, next] = [makeMaterial(), makeMaterial()];

const findings: Findings = {
	folder: '/clusters/basic',
	position: {name: 'at rest', why: ['folder, Secrets and pods agree, and the folder holds one CA']},
	nothingToDo: null,
	questions: [],
	programs: [{
		name: 'cfssl', file: '/usr/bin/cfssl', version: '1.6.5', remark: '',
	}],
	secrets: [],
	consumers: [],
	unread: [],
	routes: [],
	serverAnswers: [{
		step: 'trust.apply', command: 'kubectl apply --dry-run=server -f -', answer: 'secret/one configured (server dry run)', warnings: ['Warning: one'],
	}],
};

const of = (target: (typeof targets)['plain'], upTo?: string) => {
	const simulation = new Simulation(present, next);
	if (upTo !== undefined) {
		takeUpTo(simulation, target, upTo);
	}

	const {plan, before, after, folders} = foresee(simulation, target);
	const proof = prove({
		plan, observation: before, folders, now: Date.now(),
	});
	const found = {...findings, secrets: secretChanges(plan, before, after), proof};
	return {plan, found, data: dryRun(plan, found)};
};

/** What a reader of the JSON gets. */
const readBack = (data: DryRun): unknown => {
	const text = JSON.stringify(data);
	return JSON.parse(text);
};

for (const [name, target] of Object.entries(targets)) {
	test(`${name}: as JSON it has the documented form`, t => {
		const read = readBack(of(target).data);
		t.deepEqual(dryRunSchema.parse(read) as unknown, read);
	});
}

test('on the way, too, it has the documented form', t => {
	const {data} = of(targets.retire, 'trust.apply');
	t.true(dryRunSchema.safeParse(readBack(data)).success);
});

test('ways, and what a stolen key signed, have the documented form and stand before the plan', t => {
	const {plan, found} = of({...targets.retire, reason: 'compromised'});
	const [ca] = readCertificates(present.ca.cert).certificates;
	const [leaf] = readCertificates(present.leaves.pd!.cert).certificates;
	const more: Findings = {
		...found,
		routes: [{
			option: '--retire-old-ca', restarts: 3, verdict: 'chosen', why: 'nothing less will do',
		}],
		exposure: {
			cas: [ca!], staying: [], leaves: [{leaf: leaf!, places: ['Secret/tidb/one']}], keys: ['clusters/basic/ca-key.pem'],
		},
	};
	const read = readBack(dryRun(plan, more)) as DryRun;
	t.deepEqual(dryRunSchema.parse(read), read);
	t.is(read.target.reason, 'compromised');
	t.deepEqual(read.exposure?.leaves.map(({places}) => places), [['Secret/tidb/one']]);
	const text = dryRunText(plan, more);
	t.true(text.indexOf('→ --retire-old-ca') < text.indexOf('phase trust'));
	t.true(text.indexOf('Copies of the key lie here: clusters/basic/ca-key.pem') < text.indexOf('phase trust'));
});

test('its commands are those of the plan, in its order', t => {
	const {plan, data} = of(targets.retire);
	t.deepEqual(
		data.steps.flatMap(({commands}) => commands.map(({text, changes}) => [text, changes])),
		plan.steps.flatMap(({lines}) => lines.map(line => [shell(line), line.changes])),
	);
});

test('steps that are done already are marked so, and the position is between them and the next', t => {
	const {data} = of(targets.plain, 'trust.apply');
	t.deepEqual(data.steps.filter(({done}) => done).map(({id}) => id), ['trust.ca', 'trust.apply']);
	t.deepEqual(data.position, {
		...findings.position,
		last: 'trust.apply', next: 'trust.restart.pd', done: 2, left: data.steps.length - 2,
	});
});

test('gates and waits are said in words', t => {
	const {steps} = of(targets.plain).data;
	t.is(steps.find(({id}) => id === 'reissue.sign')?.gate[0], 'every pd pod accepts a throwaway leaf of the new CA, and none of a CA that nobody trusts');
	t.deepEqual(steps.find(({id}) => id === 'trust.rolled.pd')?.waitsFor, ['every pd pod was made for ca.pem and the folder\'s leaf, and the roll is over']);
	t.deepEqual(steps.find(({id}) => id === 'trust.ca')?.checks, ['ca.pem is ca.new.pem and ca.old.pem']);
});

test('where nothing is to be done, no step is shown, and the form is the same', t => {
	const {plan} = of(targets.plain, 'reissue.rolled.tidb');
	const data = dryRun(plan, {...findings, nothingToDo: ['Nothing to do.'], serverAnswers: []});
	t.true(dryRunSchema.safeParse(data).success);
	t.deepEqual(data.steps, []);
	t.deepEqual([data.position.next, data.position.left], [null, 0]);
});

test('as text it ends with the server\'s answers, each under its step and command', t => {
	const {plan, found} = of(targets.plain);
	t.deepEqual(dryRunText(plan, {...found, proof: undefined}).split('\n').slice(-8), [
		'What the API server answered, asked with --dry-run=server about each write, in the folder as it would be then:',
		'  trust.apply',
		'    $ kubectl apply --dry-run=server -f -',
		'      secret/one configured (server dry run)',
		'      Warning: one',
		'',
		'A dry run: nothing was changed.',
		'',
	]);
});

test('what was proved of its mixed states is a line, or the whole with --explain, and numbers as JSON', t => {
	const {plan, found, data} = of(targets.retire);
	const lines = dryRunText(plan, found).split('\n');
	t.regex(lines.at(-4)!, /^Mixed states: \d+ moments, \d+ states of 9 processes, [\d,]+ pairs, all verify$/v);
	t.true(dryRunText(plan, found, {isExplained: true}).includes(`Moment ${data.proof!.moments.length}: after`));
	t.deepEqual(data.proof!.unsafe, []);
	t.true(lines.at(-4)!.includes(`${data.proof!.pairs} pairs`));
});

test('as text, nothing to do is said in its lines', t => {
	const {plan} = of(targets.plain);
	t.is(dryRunText(plan, {...findings, nothingToDo: ['Nothing to do.', 'A hint.']}), 'Nothing to do.\nA hint.\n');
});
