import test from 'ava';
import {chooseBackup, rollbackSuffix} from '../../../src/plan/backups.ts';
import {holds} from '../../../src/plan/judge.ts';
import {makePlan, restingPlan} from '../../../src/plan/make.ts';
import {folderFiles} from '../../../src/plan/prepare.ts';
import {rollbackPlan} from '../../../src/plan/rollback.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import type {DeploymentFacts, Observation} from '../../../src/observe/types.ts';
import {drive, isKilled} from '../../helpers/drive.ts';
import {discovered} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const whole: Target = {
	route: 'new-ca', retire: true, leaves: discovered.components, strict: false,
};

const restarts = ({steps}: Plan): string[] => steps.map(({id}) => id).filter(id => id.includes('.restart.'));

test('discovery is restarted before the first PD where the CA changes, and not where only leaves do', t => {
	t.deepEqual(restarts(restingPlan(discovered, whole)), [
		'trust.restart.discovery',
		'trust.restart.pd',
		'trust.restart.tikv',
		'trust.restart.tidb',
		'reissue.restart.pd',
		'reissue.restart.tikv',
		'reissue.restart.tidb',
		'retire.restart.discovery',
		'retire.restart.pd',
		'retire.restart.tikv',
		'retire.restart.tidb',
	]);
});

test('its pods start with the same annotation of time that kubectl rollout restart sets off a roll by, and the hash of the CAs', t => {
	const step = restingPlan(discovered, whole).steps.find(({id}) => id === 'trust.restart.discovery')!;
	const words = step.lines[0]!.commands[0]!.stages[0]!;
	t.deepEqual(words.slice(0, 7), ['kubectl', 'patch', 'deployment', 'basic-discovery', '--namespace=tidb', '--type=merge', '-p']);
	const {shell} = words[7] as {shell: string};
	t.true(shell.startsWith('\'{"spec":{"template":{"metadata":{"annotations":{'));
	t.regex(shell, /"tidb\.pingcap\.com\/restartedAt":.*"tidb-cert-rotate\/discovery-ca":.*openssl dgst -sha256 -r ca\.pem \| cut/v);
});

const forth = (world: World): Plan => makePlan({
	cluster: discovered, target: whole, observation: world.observe(), changed: {}, cure: false,
});

const back = (world: World, recreatePods = false): Plan => {
	const observation = world.observe();
	world.suffix = rollbackSuffix;
	const chosen = chooseBackup(observation, discovered);
	if ('problem' in chosen) {
		throw new Error('there is no backup');
	}

	return rollbackPlan({
		cluster: discovered, observation, backup: chosen.backup, recreatePods, files: folderFiles(observation),
	});
};

/** Runs a plan until the last line of a step is written. */
const untilAfter = (world: World, plan: Plan, id: string): void => {
	const upTo = plan.steps.findIndex(step => step.id === id);
	drive(world, {...plan, steps: plan.steps.slice(0, upTo + 1)});
};

test('a way back that was killed when the Secrets were the old ones again, and nothing but discovery knew the new CA, restarts discovery', t => {
	const world = new World(false, discovered);
	const {bundle} = world.discovery!;
	untilAfter(world, forth(world), 'trust.restart.discovery');
	t.not(world.discovery!.bundle, bundle);
	untilAfter(world, back(world), 'rollback-ca.apply');
	const plan = back(world);
	t.deepEqual(restarts(plan), ['rollback-ca.restart.discovery']);
	drive(world, plan);
	t.is(world.discovery!.bundle, bundle);
	t.deepEqual(back(world).steps, []);
});

test('--recreate-pods restarts discovery all the same, before the pods go', t => {
	const world = new World(false, discovered);
	t.true(isKilled(() => drive(world, forth(world), 12)));
	const ids = back(world, true).steps.map(({id}) => id);
	t.true(ids.includes('rollback-ca.restart.discovery'));
	t.true(ids.indexOf('rollback-ca.restart.discovery') < ids.findIndex(id => id.startsWith('rollback-ca.recreate.')));
});

const deployed = (change: (observation: Observation) => Observation): string[] => {
	const world = new World(false, discovered);
	untilAfter(world, restingPlan(discovered, whole), 'trust.restart.discovery');
	return holds({is: 'deployed', bundle: 'ca.pem'}, change(world.observe())).reasons;
};

const changed = (change: Partial<DeploymentFacts>) => (observation: Observation): Observation => ({...observation, discovery: {...observation.discovery!, ...change}});

test('the old pod of discovery must be gone and the new one available, whatever the Deployment\'s template says', t => {
	t.deepEqual(deployed(changed({})), []);
	t.deepEqual(deployed(changed({observedGeneration: 0})), ['basic-discovery: its latest generation is not observed yet']);
	t.deepEqual(deployed(changed({total: 2})), ['basic-discovery: 2 pods exist, and 1 are wanted']);
	t.deepEqual(deployed(changed({updated: 0})), ['basic-discovery: 0 of 1 pods are updated']);
	t.deepEqual(deployed(changed({available: 0})), ['basic-discovery: 0 of 1 pods are available']);
	t.deepEqual(deployed(changed({ca: ''})), ['basic-discovery: its template does not ask for ca.pem yet']);
});

test('a pod of discovery that is older than what PD\'s Secret holds does not count', t => {
	const reasons = deployed(observation => ({
		...observation, pods: observation.pods.map(pod => pod.component === 'discovery' ? {...pod, created: '2020-01-01T00:00:00Z'} : pod),
	}));
	t.deepEqual(reasons, ['basic-discovery-7d9f6bf55b-x2x9k is older than the present content of PD\'s Secret']);
});

test('an old pod that was evicted and is still listed bars nothing', t => {
	t.deepEqual(deployed(observation => ({
		...observation, pods: observation.pods.map(pod => pod.component === 'discovery' ? {...pod, created: '2020-01-01T00:00:00Z', ready: false} : pod),
	})), []);
});

test('a discovery that has gone meanwhile is told by its name', t => {
	t.deepEqual(deployed(({discovery, ...observation}) => observation), ['Deployment basic-discovery does not exist']);
});
