import {prove} from '../../src/prove/prove.ts';
import type {StateProof} from '../../src/prove/types.ts';
import {type Foreseen, foresee, targets, takeUpTo} from '../helpers/foresee.ts';
import {makeMaterial} from '../helpers/observation.ts';
import {Simulation} from '../helpers/simulate.ts';
import {
	median,
	type Row,
	timed,
	words,
} from './measure.ts';

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

/** How long the proof of a large cluster's mixed states takes: at rest, and in the middle of the first restarts. */
export const proof = async (): Promise<Row[]> => {
	const [present, next] = [makeMaterial(), makeMaterial()];
	const rows: Row[] = [];
	for (const upTo of [undefined, 'trust.rolled.pd'] as const) {
		const times: number[] = [];
		let found: StateProof | undefined;
		for (let round = 0; round < rounds; round++) {
			const simulation = new Simulation(present, next);
			if (upTo !== undefined) {
				takeUpTo(simulation, targets.retire, upTo);
			}

			const {plan, before, folders} = enlarged(foresee(simulation, targets.retire));
			times.push(await timed(async () => {
				found = prove({
					plan, observation: before, folders, now: Date.now(),
				});
			}));
		}

		const what = `proof: ${pods} pods, ${upTo === undefined ? 'at rest' : `after ${upTo}`}: ${found!.moments.length} moments, ${found!.states} states, ${found!.pairs} pairs, ${found!.unsafe.length} unsafe`;
		// The first one reads certificates and checks signatures that the others find checked.
		rows.push({
			what: `${what}; the first`, value: words(times[0]!), target: words(allowed), missed: times[0]! > allowed,
		}, {
			what: `${what}; median of ${rounds}`, value: words(median(times)), target: words(allowed), missed: median(times) > allowed,
		});
	}

	return rows;
};
