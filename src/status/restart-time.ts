import {components} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {PodFacts} from '../observe/types.ts';
import {usualRestart} from '../plan/rotation-time.ts';

/** What of a pod tells how long a restart takes. */
export type Restarted = Pick<PodFacts, 'name' | 'component' | 'material' | 'revision' | 'containers'>;

export type RestartTime = {
	/** Milliseconds from one pod's start to the next one's. */
	perPod: number;
	/** `measured`: the last roll of these pods took so long; `estimated`: nobody rolled them yet, or it cannot be told. */
	how: 'measured' | 'estimated';
};

const ordinal = ({name}: Restarted): number => Number(name.slice(name.lastIndexOf('-') + 1));

const startOf = ({containers, component}: Restarted): number => {
	const container = components[component as ComponentName]?.container ?? component;
	return Date.parse(containers.find(({name}) => name === container)?.startedAt ?? '');
};

/** A restart is not told to take less: times are in whole seconds. */
const least = 1000;

/** Milliseconds between the starts of a component's pods, where one roll made them: one revision, the highest ordinal first. */
const gaps = (pods: Restarted[]): number[] => {
	const inTurn = pods.toSorted((one, other) => ordinal(other) - ordinal(one));
	const starts = inTurn.map(pod => startOf(pod));
	const isOneRoll = inTurn.every(({material, revision}) => material !== '' && revision === inTurn[0]!.revision);
	const found = starts.slice(1).map((start, index) => start - starts[index]!);
	return isOneRoll && found.every(gap => gap >= 0) ? found : [];
};

/**
How long one pod takes in a rolling restart, by the starts of the containers that the last roll of this tool made. The larger one in
the middle counts: a pod that was restarted alone since then, by somebody or by itself, makes one gap too long.
*/
export const restartTime = (pods: Restarted[]): RestartTime => {
	const restarted = [...new Set(pods.map(({component}) => component))];
	const found = restarted.flatMap(component => gaps(pods.filter(pod => pod.component === component))).toSorted((one, other) => one - other);
	const middle = found[Math.floor(found.length / 2)];
	return middle === undefined ? {perPod: usualRestart, how: 'estimated'} : {perPod: Math.max(middle, least), how: 'measured'};
};
