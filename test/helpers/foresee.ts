import type {FolderFacts, Observation} from '../../src/observe/types.ts';
import {makePlan} from '../../src/plan/make.ts';
import type {Plan, Target} from '../../src/plan/types.ts';
import {cluster} from './observation.ts';
import type {Simulation} from './simulate.ts';

export const targets: Record<'plain' | 'retire' | 'keepCa' | 'renewCa', Target> = {
	plain: {
		route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
	},
	retire: {
		route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
	},
	keepCa: {
		route: 'keep-ca', retire: false, leaves: cluster.components, strict: false,
	},
	renewCa: {
		route: 'renew-ca', retire: false, leaves: [], strict: false,
	},
};

export type Foreseen = {plan: Plan; before: Observation; after: FolderFacts; folders: Map<number, FolderFacts>};

/** Plans from where a simulated cluster stands, and does in the simulation what a rehearsal does: all but putting the folder in order. */
export const foresee = (simulation: Simulation, target: Target): Foreseen => {
	const before = simulation.observe();
	const plan = makePlan({
		cluster, target, observation: before, changed: {}, cure: false,
	});
	const folders = new Map<number, FolderFacts>();
	for (const [index, step] of plan.steps.entries()) {
		if (index < plan.from || step.id === 'retire.tidy') {
			continue;
		}

		simulation.take(step);
		folders.set(index, simulation.observe().folder);
	}

	return {
		plan, before, after: simulation.observe().folder, folders,
	};
};

/** Takes the plan's steps up to this one, as an earlier run did. */
export const takeUpTo = (simulation: Simulation, target: Target, id: string): void => {
	const {steps} = makePlan({
		cluster, target, observation: simulation.observe(), changed: {}, cure: false,
	});
	const last = steps.findIndex(step => step.id === id);
	for (const step of steps.slice(0, last + 1)) {
		simulation.take(step);
	}
};
