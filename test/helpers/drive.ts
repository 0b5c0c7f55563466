import {
	allHold,
	holds,
	isGate,
	type GateCondition,
} from '../../src/plan/judge.ts';
import type {Condition, Plan, Step} from '../../src/plan/types.ts';
import type {World} from './world.ts';

/** A run that was killed. */
export class Killed extends Error {}

/**
Whether the work, a drive to be killed after so many writes, was killed; false where it came to its end before.

@throws Whatever else ends it.
*/
export const isKilled = (work: () => unknown): boolean => {
	try {
		work();
		return false;
	} catch (error) {
		if (error instanceof Killed) {
			return true;
		}

		throw error;
	}
};

/** A condition that does not hold: the run ends there. */
export class Ended extends Error {}

/** Somebody who would have refused somebody. */
class Unsafe extends Error {}

const gateHolds = (world: World, condition: GateCondition): boolean => {
	const {component} = condition;
	switch (condition.is) {
		case 'trusts': {
			return world.trusts(component, 'ca.new.pem').every(Boolean);
		}

		case 'trusts-old': {
			return world.trusts(component, 'ca.old.pem').every(Boolean);
		}

		case 'rejects-old': {
			return !world.trusts(component, 'ca.old.pem').some(Boolean);
		}

		case 'rejects-new': {
			return !world.trusts(component, 'ca.new.pem').some(Boolean);
		}

		case 'loads': {
			return world.loads(component).every(Boolean);
		}

		case 'serves': {
			world.sawServed(component);
			return true;
		}
	}
};

const demand = (world: World, step: Step, conditions: Condition[]): void => {
	const observation = world.observe();
	for (const condition of conditions) {
		const judgement = isGate(condition) ? {holds: gateHolds(world, condition), reasons: [`${condition.is} ${condition.component}`]} : holds(condition, observation);
		if (!judgement.holds) {
			throw new Ended(`${step.id}: ${judgement.reasons.join('; ')}`);
		}
	}
};

/**
Runs a plan in a world, as the runner does: a step that changes files is all or nothing, every other line and every restart of a pod is
a write of its own. After so many `writes` the run is killed. `dangersOf` tells after each write who would refuse somebody.
@throws Killed then; Ended when a condition does not hold; Unsafe when after some write somebody would refuse somebody.
@returns how many writes it took.
*/
export const drive = (world: World, plan: Plan, writes = Infinity, dangersOf = () => world.dangers()): number => {
	let done = 0;
	const wrote = (step: Step): void => {
		done++;
		const dangers = dangersOf();
		if (dangers.length > 0) {
			throw new Unsafe(`after ${step.id}: ${dangers.join('; ')}`);
		}

		if (done >= writes) {
			throw new Killed(step.id);
		}
	};

	for (const step of plan.steps.slice(plan.from)) {
		if (step.id.includes('.restart.') && allHold([...step.done, ...step.skip], world.observe()).holds) {
			continue;
		}

		demand(world, step, step.needs);
		const isStaged = step.lines.some(line => line.changes === 'files');
		const files = {...world.files};
		for (const line of step.lines) {
			try {
				world.run(line);
			} catch (error) {
				// A line that fails: what was staged is thrown away.
				world.files = files;
				throw new Ended(`${step.id}: ${(error as Error).message}`);
			}

			if (!isStaged) {
				wrote(step);
			}
		}

		if (isStaged) {
			wrote(step);
		}

		if (step.sql) {
			world.reloadAll(step.sql, () => {
				wrote(step);
			});
		}

		const rolled = step.done.find(one => one.is === 'rolled');
		if (rolled) {
			world.rollAll(rolled.component, () => {
				wrote(step);
			});
		}

		demand(world, step, step.done);
	}

	return done;
};
