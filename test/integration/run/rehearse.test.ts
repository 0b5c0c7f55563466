import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {makePlan} from '../../../src/plan/make.ts';
import {afterRetire, followedBy} from '../../../src/plan/next-rotation.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import type {FolderFacts, Observation} from '../../../src/observe/types.ts';
import {type Rehearsal, rehearse} from '../../../src/run/rehearse.ts';
import {findKey, keyWindows} from '../../cluster/helpers/key-windows.ts';
import {
	fakePrograms,
	filesOf,
	folderWith,
	type Trouble,
} from '../../helpers/fake-programs.ts';
import {targets, takeUpTo} from '../../helpers/foresee.ts';
import {cluster, makeMaterial} from '../../helpers/observation.ts';
import {Simulation} from '../../helpers/simulate.ts';

const [present, next, third] = [makeMaterial(), makeMaterial(), makeMaterial()];
const keys = [present, next, third].flatMap(({ca, leaves}) => [ca, ...Object.values(leaves)]).map(({key}) => key);

/** Everything temporary goes here, so that what is left can be seen. */
const temporary = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
process.env.TMPDIR = temporary;

test.after.always(() => {
	rmSync(temporary, {recursive: true, force: true});
});

const plan = (target: Target, observation: Observation): Plan => makePlan({
	cluster, target, observation, changed: {}, cure: false,
});

/** A cluster at rest with the present certificates, whose folder is really there. */
const atRest = (t: ExecutionContext): Observation => {
	const observation = new Simulation(present, next).observe();
	observation.folder.path = folderWith(t, filesOf(present));
	return observation;
};

type Seen = Rehearsal & {looked: FolderFacts[]};

const rehearsed = async (t: ExecutionContext, observation: Observation, what: Plan, {made = next, ...trouble}: Trouble & {made?: typeof next} = {}): Promise<Seen> => {
	const env = fakePrograms(t, made, trouble);
	const looked: FolderFacts[] = [];
	const rehearsal = await rehearse({access: {env}, plan: what, observation}, async folder => {
		looked.push(folder);
		return [];
	});
	t.deepEqual(readdirSync(temporary).filter(name => !name.includes('-test-')), [], 'nothing is left');
	t.is(findKey(JSON.stringify([rehearsal.problems, rehearsal.answers]), keyWindows(keys)), undefined);
	return {...rehearsal, looked};
};

test.serial('each write is asked of the server with the files of its moment: the old leaf with both CAs, the new leaf with both, the new leaf with the new CA', async t => {
	const observation = atRest(t);
	const {answers, problems, folder} = await rehearsed(t, observation, plan(targets.retire, observation));
	t.deepEqual(problems, []);
	const digest = (file: string, {certificates} = folder): string => certificates[file]!.digest;
	const expected = [
		['trust.apply', digest('pd-server.pem', observation.folder), digest('ca.pem')],
		['reissue.apply', digest('pd-server.pem'), digest('ca.pem')],
		['retire.apply', digest('pd-server.pem'), digest('ca.new.pem')],
	];
	t.deepEqual(
		answers.filter(({answer}) => answer.startsWith('basic-pd-')).map(({step, answer}) => [step, ...answer.split(/ key \[redacted\] | /v).slice(1)]),
		expected,
	);
	t.is(answers.length, 3 * cluster.components.length);
});

test.serial('each question is the plan\'s own line with --dry-run=server', async t => {
	const observation = atRest(t);
	const {answers} = await rehearsed(t, observation, plan(targets.keepCa, observation), {made: {...next, leaves: present.leaves}});
	t.regex(answers[0]!.command, /^kubectl create secret generic basic-pd-cluster-secret .* --dry-run=client -o yaml \| kubectl apply --dry-run=server -f -$/v);
});

test.serial('what the server refuses is a problem, said once and with its command', async t => {
	const observation = atRest(t);
	const {problems, answers} = await rehearsed(t, observation, plan(targets.retire, observation), {refuse: 'basic-tikv-'});
	t.is(problems.length, 1);
	t.deepEqual([...new Set(answers.map(({step}) => step))], ['trust.apply'], 'no more is asked after it');
	t.regex(problems[0]!, /^this command would fail \(status 1\):\n {2}kubectl create secret generic basic-tikv-cluster-secret .*\n {2}denied: basic-tikv-/v);
});

test.serial('a program that fails is a problem, and nothing is looked at', async t => {
	const observation = atRest(t);
	const {problems, looked} = await rehearsed(t, observation, plan(targets.plain, observation), {fail: 'cfssl'});
	t.deepEqual(problems, ['this command would fail (status 1):\n  cfssl gencert -initca ca-csr.json | cfssljson -bare ca -\n  no such profile']);
	t.deepEqual(looked, []);
});

test.serial('the folder that comes of it has the new certificates beside the old CA, and the real one is as it was', async t => {
	const observation = atRest(t);
	const before = readdirSync(observation.folder.path);
	const {folder} = await rehearsed(t, observation, plan(targets.retire, observation));
	t.deepEqual(Object.keys(folder.certificates).filter(file => file.startsWith('ca.')).toSorted(), ['ca.new.pem', 'ca.old.pem', 'ca.pem']);
	t.deepEqual(readdirSync(observation.folder.path), before);
});

test.serial('two rotations one after the other are rehearsed in one folder, which is put in order between them', async t => {
	const simulation = new Simulation(present, next);
	takeUpTo(simulation, targets.plain, 'reissue.verify');
	const observation = simulation.observe();
	const [old, renewed] = [filesOf(present), filesOf(next)];
	observation.folder.path = folderWith(t, {
		...renewed,
		'ca.new.pem': next.ca.cert,
		'ca-key.new.pem': next.ca.key,
		'ca.old.pem': old['ca.pem']!,
		'ca-key.old.pem': old['ca-key.pem']!,
		'ca.pem': `${next.ca.cert}${present.ca.cert}`,
	});
	rmSync(path.join(observation.folder.path, 'ca-key.pem'));
	const both = followedBy(plan(targets.retire, observation), plan(targets.plain, afterRetire(observation, {})));
	const {problems, answers, folder} = await rehearsed(t, observation, both, {made: third});
	t.deepEqual(problems, []);
	t.deepEqual([...new Set(answers.map(({step}) => step))], ['retire.apply', 'trust.apply', 'reissue.apply']);
	t.is(folder.certificates['ca.old.pem']!.text, next.ca.cert);
});
