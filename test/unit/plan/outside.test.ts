import test from 'ava';
import {caresOf} from '../../../src/plan/care.ts';
import {holds} from '../../../src/plan/judge.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {answered, outsideOf} from '../../../src/plan/outside.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {handledNames} from '../../../src/run/handled.ts';
import {
	cluster,
	makeMaterial,
	mysqlSide,
	observationOf,
} from '../../helpers/observation.ts';

const observation = observationOf(makeMaterial(mysqlSide), mysqlSide);
const names = outsideOf(mysqlSide).map(({name}) => name);

const planOf = (target: Partial<Target>): Plan => makePlan({
	cluster: mysqlSide, observation, changed: {}, cure: false, target: {
		route: 'new-ca', retire: false, leaves: mysqlSide.components, strict: false, ...target,
	},
});

/** The steps that nothing is done of until somebody is answered for. */
const waitingFor = (plan: Plan, who: string): string[] =>
	plan.steps.filter(({needs}) => needs.some(condition => condition.is === 'answered' && condition.who === who)).map(({id}) => id);

test('between the components there is nobody who cannot be seen', t => {
	t.deepEqual(outsideOf(cluster), []);
});

test('no new leaf is written before a person answers for clients that verify the server, and no CA taken away before one answers for those with a certificate', t => {
	const plan = planOf({retire: true});
	t.deepEqual(waitingFor(plan, 'MySQL/tidb/clients-ca'), ['reissue.consumers', 'reissue.apply']);
	t.deepEqual(waitingFor(plan, 'MySQL/tidb/client-certificates'), ['retire.consumers', 'retire.apply']);
});

test('leaves of the CA that everybody has need nobody\'s answer', t => {
	t.deepEqual(names.flatMap(name => waitingFor(planOf({route: 'keep-ca'}), name)), []);
});

test('who answers for one of them does not answer for the other', t => {
	const holding = (handled: string[]): boolean[] => [...answered(mysqlSide, 'reissue', handled), ...answered(mysqlSide, 'retire', handled)].map(condition => holds(condition, observation).holds);
	t.deepEqual(holding([]), [false, false]);
	t.deepEqual(holding(['MySQL/tidb/clients-ca']), [true, false]);
	t.deepEqual(holding(names), [true, true]);
});

test('they are named as any other holder is, by --i-have-handled as well', t => {
	t.deepEqual(handledNames(['clients-ca', 'mysql/tidb/client-certificates'], {found: [], unread: [], users: []}, {outside: names}), names);
});

test('a plan names those that its own phases need', t => {
	const named = (target: Partial<Target>): string[] => caresOf(planOf(target), observation).filter(({who}) => who === 'you').map(({name}) => name);
	t.deepEqual(named({}), ['MySQL/tidb/clients-ca']);
	t.deepEqual(named({retire: true}), names);
	t.deepEqual(named({route: 'keep-ca'}), []);
});

test('a plan for the components says that the MySQL side is rotated apart, where there is one', t => {
	const resting = observationOf(makeMaterial());
	const plan = makePlan({
		cluster, observation: resting, changed: {}, cure: false, target: {
			route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
		},
	});
	const todo = (tidb: Record<string, unknown>): string[] =>
		caresOf(plan, {...resting, cluster: {...resting.cluster, spec: {...resting.cluster.spec, tidb}}}).filter(({who}) => who === 'you').flatMap(care => care.todo);
	t.deepEqual(todo({replicas: 2}), []);
	t.deepEqual(todo({replicas: 2, tlsClient: {enabled: true}}), ['a rotation of its own: npm run rotate -- --cluster basic --mysql']);
});

test('each account that needs a certificate must be answered for by its own name, before a CA is taken away', t => {
	const asked = {...mysqlSide, accounts: [{name: 'app@%', requires: 'X509'}, {name: 'old@10.%', requires: 'ISSUER \'/CN=TiDB\''}]};
	const plan = makePlan({
		cluster: asked, observation, changed: {}, cure: false, target: {
			route: 'new-ca', retire: true, leaves: asked.components, strict: false,
		},
	});
	t.deepEqual(waitingFor(plan, 'MySQL/tidb/app@%'), ['retire.consumers', 'retire.apply']);
	const [app, old] = outsideOf(asked).slice(-2);
	t.notRegex(app!.needs, /ISSUER/v);
	t.regex(old!.needs, /whose subject REQUIRE ISSUER must then name/v);
	t.deepEqual(handledNames(['app@%'], {found: [], unread: [], users: []}, {outside: outsideOf(asked).map(({name}) => name)}), ['MySQL/tidb/app@%']);
});
