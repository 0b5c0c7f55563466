import test from 'ava';
import fc from 'fast-check';
import type {Observation} from '../../../src/observe/types.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {reasonBar, type Route, routesOf} from '../../../src/plan/routes.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {routesText} from '../../../src/render/routes.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const lasting = makeMaterial();
const ending = (() => {
	const ca = makeCa({ends: 200});
	return {ca, leaves: Object.fromEntries(cluster.components.map(component => [component, makeLeaf(ca, {ends: 335})]))};
})();

const planFor = (observation: Observation, target: Partial<Target>): Plan => makePlan({
	cluster,
	target: {
		route: 'new-ca', retire: false, leaves: cluster.components, strict: false, ...target,
	},
	observation,
	changed: {},
	cure: false,
});

const routes = (material: typeof lasting, target: Partial<Target> = {}, change?: (observation: Observation) => void): Record<string, Route> => {
	const observation = observationOf(material);
	change?.(observation);
	return Object.fromEntries(routesOf(planFor(observation, target), observation).map(route => [route.option, route]));
};

test('each way is told with its restarts, and the plan\'s own is marked', t => {
	const found = Object.values(routes(ending, {route: 'renew-ca', reason: 'expiry'}));
	t.deepEqual(found.map(({option, restarts, verdict}) => [option, restarts, verdict]), [
		['--keep-ca', 1, 'ruled out'],
		['--renew-ca', 1, 'chosen'],
		['(neither)', 2, 'possible'],
		['--retire-old-ca', 3, 'possible'],
	]);
	t.regex(found[1]!.why, /nothing that restarts less will do$/v);
});

test('the renewal says how long the CA would live, by the life that it had', t => {
	const before = observationOf(ending).secrets['basic-pd-cluster-secret']!.bundle.certificates[0]!;
	const until = new Date(observationOf(ending).now + Date.parse(before.notAfter) - Date.parse(before.notBefore)).toISOString().slice(0, 10);
	t.true(routes(ending)['--renew-ca']!.why.startsWith(`the CA's certificate anew until ${until}, `));
});

test('a CA whose life is shorter than its leaves\' is told to be what ends first again, and only that', t => {
	const short = makeCa({begins: -1, ends: 200});
	const leaves = Object.fromEntries(cluster.components.map(component => [component, makeLeaf(short, {ends: 335})]));
	t.regex(routes({ca: short, leaves})['--renew-ca']!.why, /shorter life than its leaves, and will be what ends first again/v);
	const long = makeCa({begins: -400, ends: 200});
	const own = Object.fromEntries(cluster.components.map(component => [component, makeLeaf(long, {ends: 335})]));
	t.notRegex(routes({ca: long, leaves: own})['--renew-ca']!.why, /ends first again/v);
});

test('where the CA ends, leaves alone are ruled out by its end', t => {
	t.regex(routes(ending)['--keep-ca']!.why, /^the CA ends at \d{4}-\d\d-\d\d, and a leaf of pd .* would outlive it$/v);
});

test('where the CA lasts, its renewal is ruled out, as it gains nothing', t => {
	t.deepEqual([routes(lasting)['--renew-ca']!.verdict, routes(lasting)['--renew-ca']!.why], ['ruled out', 'the CA is not what ends']);
	t.is(routes(lasting)['--keep-ca']!.verdict, 'possible');
});

test('a plan that restarts more than the least names what restarts less', t => {
	t.regex(routes(ending)['(neither)']!.why, /more than the least: --renew-ca \(1\) would do/v);
	t.regex(routes(ending, {retire: true})['--retire-old-ca']!.why, /--renew-ca \(1\), \(neither\) \(2\)/v);
});

test('without the CA\'s key nothing that needs it will do', t => {
	const found = routes(ending, {}, ({folder}) => {
		delete folder.keys['ca-key.pem'];
	});
	t.deepEqual(['--keep-ca', '--renew-ca'].map(option => found[option]!.verdict), ['ruled out', 'ruled out']);
	t.regex(found['(neither)']!.why, /nothing that restarts less will do/v);
});

test('with a stolen key only a new CA without the old one will do, and that is the cheapest', t => {
	const found = routes(ending, {retire: true, reason: 'compromised'});
	t.deepEqual(Object.values(found).map(({verdict}) => verdict), ['ruled out', 'ruled out', 'ruled out', 'chosen']);
	t.regex(found['--retire-old-ca']!.why, /nothing that restarts less will do/v);
});

test('what goes on has no ways to choose from', t => {
	const observation = observationOf(ending);
	t.deepEqual(routesOf({...planFor(observation, {}), from: 1}, observation), []);
	t.is(routesText([]), '');
});

test('a person reads a line for each way', t => {
	const text = routesText(Object.values(routes(ending, {route: 'renew-ca'})));
	t.is(text.split('\n').length, 5);
	t.regex(text, /^→ --renew-ca {7}1 restart of each pod {3}the CA's certificate anew/mv);
});

const wish = fc.record({
	route: fc.constantFrom('new-ca', 'keep-ca', 'renew-ca'), retire: fc.boolean(), reason: fc.constantFrom(undefined, 'expiry', 'compromised', 'policy'),
});

type Wish = {route: Target['route']; retire: boolean; reason: Target['reason'] | undefined};

const asTarget = ({route, retire, reason}: Wish): Partial<Target> => ({route, retire: retire && route === 'new-ca', ...(reason !== undefined && {reason})});

/** Asks of every target and both CAs whether something holds of what is told. */
const always = (holds: (found: Route[], plan: Plan) => boolean): void => {
	fc.assert(fc.property(wish, fc.constantFrom(lasting, ending), (asked, material) => {
		const observation = observationOf(material);
		const plan = planFor(observation, asTarget(asked));
		return holds(routesOf(plan, observation), plan);
	}), {numRuns: 200, seed: 20_261_125, includeErrorInReport: true});
};

test('whatever is asked for, one way is marked, and its restarts are those of the plan', t => {
	t.notThrows(() => {
		always((found, plan) => {
			const [chosen, ...others] = found.filter(({verdict}) => verdict === 'chosen');
			return others.length === 0 && chosen?.restarts === plan.steps.filter(({id}) => id.endsWith('.restart.pd')).length;
		});
	});
});

test('a way that its reason bars is never told to be possible', t => {
	const asked = new Map<string, Pick<Target, 'route' | 'retire'>>([
		['--keep-ca', {route: 'keep-ca', retire: false}],
		['--renew-ca', {route: 'renew-ca', retire: false}],
		['(neither)', {route: 'new-ca', retire: false}],
	]);
	t.notThrows(() => {
		always((found, {target: {reason}}) => found.filter(({verdict}) => verdict === 'possible').every(({option}) => {
			const other = asked.get(option);
			return other === undefined || reasonBar({...other, ...(reason !== undefined && {reason})}) === undefined;
		}));
	});
});
