import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {Stopped} from '../../../src/run/errors.ts';
import {proveStates} from '../../../src/run/proof.ts';
import {type Foreseen, foresee, targets} from '../../helpers/foresee.ts';
import {makeMaterial} from '../../helpers/observation.ts';
import {Simulation} from '../../helpers/simulate.ts';

const [present, next, foreign] = [makeMaterial(), makeMaterial(), makeMaterial()];

const proved = ({plan, before, folders}: Foreseen, isStrict: boolean) => () => proveStates({
	plan, observation: before, rehearsal: {folders}, isStrict, isExplained: false,
});

test('a plan all of whose mixed states verify is not refused', t => {
	const foreseen = foresee(new Simulation(present, next), targets.retire);
	t.deepEqual(proved(foreseen, true)().unsafe, []);
});

test('a plan that would bring an unsafe state about is refused with exit status 3, the pair and the moment', t => {
	const foreseen = foresee(new Simulation(present, next), targets.retire);
	const ungated = {...foreseen, plan: {...foreseen.plan, steps: foreseen.plan.steps.map(step => ({...step, needs: []}))}};
	for (const isStrict of [true, false]) {
		const error = t.throws(proved(ungated, isStrict), {instanceOf: Stopped});
		t.is(error.status, 3);
		t.regex(error.message, /^refused; nothing was changed: /v);
		t.regex(error.message, /^ {2}from "Item 2: [^"]+" \(reissue\.apply\) on: pd \(.*\) refuses the client certificate of pd \(/mv);
		t.regex(error.hints.join('\n'), /--explain/v);
	}
});

test('what may be refused already now bars a new rotation, but not what goes on or goes back', t => {
	const foreseen = foresee(new Simulation(present, next), targets.plain);
	// Somebody has written a leaf of a CA that nobody trusts.
	foreseen.before.secrets['basic-tidb-cluster-secret']!.leaf = readCertificates(foreign.leaves.tidb!.cert);
	const error = t.throws(proved(foreseen, true), {instanceOf: Stopped});
	t.regex(error.message, /^ {2}now: pd \(.*\) refuses the server certificate of tidb \(/mv);
	t.true(proved(foreseen, false)().unsafe.every(({already}) => already));
});
