import {prove} from '../../src/prove/prove.ts';
import type {StateProof} from '../../src/prove/types.ts';
import {
	type Foreseen,
	foresee,
	targets,
	takeUpTo,
} from '../helpers/foresee.ts';
import {makeMaterial} from '../helpers/observation.ts';
import {Simulation} from '../helpers/simulate.ts';
import {
	median,
	type Row,
	timed,
	words,
} from './measure.ts';

type Material = ReturnType<typeof makeMaterial>;

const rounds = 9;
const pods = 1000;
/** Milliseconds. */
const allowed = 2000;

/** The same with so many pods: three of PD, the others of TiKV and TiDB in turn. */
const enlarged = (foreseen: Foreseen): Foreseen => {
	const {before} = foreseen;
	const few = (component: string) => before.pods.filter(pod => pod.component === component);
	const many = [...few('pd'), ...Array.from({length: pods - 3}, (_, index) => {
		const component = index % 2 === 0 ? 'tikv' : 'tidb';
		return {...few(component)[index % 2]!, name: `basic-${component}-${Math.floor(index / 2)}`};
	})];
	return {...foreseen, before: {...before, pods: many}};
};

const once = (upTo: string | undefined, [present, next]: [Material, Material]): {proof: () => StateProof} => {
	const simulation = new Simulation(present, next);
	if (upTo !== undefined) {
		takeUpTo(simulation, targets.retire, upTo);
	}

	const {plan, before, folders} = enlarged(foresee(simulation, targets.retire));
	return {
		proof: () => prove({
			plan, observation: before, folders, now: Date.now(),
		}),
	};
};

/** How long the proof of a large cluster's mixed states takes: at rest, and in the middle of the first restarts. */
export const proof = async (): Promise<Row[]> => {
	const materials: [Material, Material] = [makeMaterial(), makeMaterial()];
	const rows: Row[] = [];
	for (const upTo of [undefined, 'trust.rolled.pd'] as const) {
		const proofs = Array.from({length: rounds}, () => once(upTo, materials).proof);
		const times: number[] = [];
		for (const one of proofs) {
			times.push(await timed(async () => one()));
		}

		const {moments, states, pairs, unsafe} = proofs[0]!();
		const what = `proof: ${pods} pods, ${upTo === undefined ? 'at rest' : `after ${upTo}`}: ${moments.length} moments, ${states} states, ${pairs} pairs, ${unsafe.length} unsafe`;
		// The first one checks signatures that the others find checked.
		const found: Array<[string, number]> = [['the first', times[0]!], [`median of ${rounds}`, median(times)]];
		rows.push(...found.map(([which, time]) => ({
			what: `${what}; ${which}`, value: words(time), target: words(allowed), missed: time > allowed,
		})));
	}

	return rows;
};
