import {spellDuration} from '../cluster/duration.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {Observation, PodFacts} from '../observe/types.ts';
import type {Phase, Step} from '../plan/types.ts';
import type {RunRecord} from './record.ts';
import {type StepRecord, stepsOf} from './steps.ts';
import {between} from './time.ts';

/** Where a run stands while it runs. Times are in milliseconds. */
type Progress = {
	phase: Phase;
	component?: ComponentName;
	/** The pod that is being restarted. */
	pod?: string;
	/** Of the step's component, where its pods are waited for. */
	restarted: number;
	pods: number;
	elapsed: number;
	/** How long the whole run will take: by the restarts so far, or at most, before there were any. */
	expected: {time: number; isMeasured: boolean};
};

export type SoFar = Pick<RunRecord, 'plan' | 'events' | 'began' | 'restarts'> & {
	latest: Observation;
	/** Milliseconds since the epoch. */
	now: number;
	/** Milliseconds that the restart of a pod takes at most, before one was measured. */
	usual: number;
};

/** The component whose pods a step waits for. */
const rolling = ({done}: Step): ComponentName | undefined => {
	const condition = done.find(({is}) => ['rolled', 'recreated'].includes(is));
	return condition && 'component' in condition ? condition.component : undefined;
};

/** The component that a step is about, where it is about one. */
const subject = ({done}: Step): ComponentName | undefined => {
	const named = new Set(done.flatMap(condition => 'component' in condition ? [condition.component] : []));
	return named.size === 1 ? [...named][0] : undefined;
};

const podsOf = ({pods}: Observation, component: ComponentName | undefined): PodFacts[] => pods.filter(pod => pod.component === component);

const isDown = ({ready, deleting}: PodFacts): boolean => !ready || deleting;

/** The step that the run is in: the first that has not ended. */
const currentOf = (steps: StepRecord[]): number => steps.findIndex(({state}) => ['stopped', 'not begun'].includes(state));

/** What a run that goes on knows of itself; undefined when every step has ended. Pure. */
export const progressOf = (soFar: SoFar): Progress | undefined => {
	const {began, restarts, latest, now, usual} = soFar;
	const time = new Date(now).toISOString();
	const steps = stepsOf({...soFar, ended: time});
	const current = currentOf(steps);
	const step = steps[current]?.step;
	if (!step) {
		return undefined;
	}

	const since = steps.slice(0, current).findLast(({ended}) => ended !== undefined)?.ended ?? began;
	const ofStep = podsOf(latest, rolling(step));
	const restarted = new Set(restarts.filter(({from, until}) => until !== undefined && from >= since).map(({pod}) => pod));
	const done = ofStep.filter(({name}) => restarted.has(name)).length;
	const left = steps.slice(current).reduce((sum, one) => sum + podsOf(latest, rolling(one.step)).length, 0) - done;
	const over = restarts.filter(({until}) => until !== undefined).length;
	const rolls = steps.slice(0, current + 1).filter(one => one.began !== undefined && rolling(one.step) !== undefined);
	const measured = rolls.reduce((sum, one) => sum + between(one.began!, one.ended!), 0);
	const each = over === 0 ? usual : measured / over;
	const elapsed = between(began, time);
	const component = rolling(step) ?? subject(step);
	const pod = ofStep.find(one => isDown(one))?.name;
	return {
		phase: step.phase,
		...(component !== undefined && {component}),
		...(pod !== undefined && {pod}),
		restarted: done,
		pods: ofStep.length,
		elapsed,
		expected: {time: elapsed + (left * each), isMeasured: over > 0},
	};
};

/** Progress as one line of at most so many columns: what is on, how long it has been, how long it will be. Pure. */
export const progressText = ({phase, component, pod, restarted, pods, elapsed, expected}: Progress, columns: number): string => {
	const text = [
		`phase ${phase}`,
		...(component === undefined ? [] : [component]),
		...(pods === 0 ? [] : [`${restarted} of ${pods} restarted`]),
		...(pod === undefined ? [] : [pod]),
		`${spellDuration(elapsed)} of ${expected.isMeasured ? 'about' : 'at most'} ${spellDuration(expected.time)}`,
	].join(' · ');
	return text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
};
