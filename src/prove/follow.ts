import {components, secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {FolderFacts, Observation} from '../observe/types.ts';
import type {Plan, Step} from '../plan/types.ts';
import {groupsNow} from './loaded.ts';
import {distinct, keyOf} from './material.ts';
import {type Held, narrowed} from './narrow.ts';
import type {Group, Material, Moment} from './types.ts';

/** What a step writes to the Secrets, by its own checks. */
const writesOf = (step: Step, folder: FolderFacts): Held => {
	const empty = {certificates: [], text: '', digest: ''};
	const {certificates} = folder;
	return Object.fromEntries(step.lines.every(({changes}) => changes !== 'cluster')
		? []
		: step.done.filter(condition => condition.is === 'secret').map(({component, bundle}): [ComponentName, Material] => [component, {
			leaf: certificates[`${components[component].file}.pem`] ?? empty, bundle: certificates[bundle] ?? empty,
		}]));
};

/** From a write on a process may have either: it is mounted some time, and any process may start again by itself. */
const widened = (groups: Group[], writes: Held): Group[] => groups.map(group => ({
	...group,
	mounts: Object.fromEntries(Object.entries(group.mounts).map(([secret, {started, mounted}]) => {
		const written = writes[secret as ComponentName];
		return [secret, written ? {started: distinct([...started, written]), mounted: distinct([...mounted, written])} : {started, mounted}];
	})),
}));

/** Whoever reads the Secret itself has what it holds. */
const asRead = (groups: Group[], held: Held): Group[] => groups.map(group => {
	const {component, pods} = group;
	const read = held[component];
	return read && pods.length === 0 ? {...group, mounts: {[component]: {started: [read], mounted: [read]}}} : group;
});

const signature = (groups: Group[]): string => JSON.stringify(groups.map(({mounts}) =>
	Object.values(mounts).map(({started, mounted}) => [started, mounted].map(list => list.map(one => keyOf(one)).toSorted()))));

const nameOf = ({title, id}: Step): string => `"${title}" (${id})`;

/**
The moments of a plan: what each group of processes may hold, from now to the plan's end. Secrets of one step are written side by side, so
that while it is under way each may have been written or not. `folders`: the cluster folder after each step that changes it, by the
step's place in the plan. Pure.
*/
export const follow = ({cluster, steps, from}: Plan, observation: Observation, folders: ReadonlyMap<number, FolderFacts>): Moment[] => {
	let {folder} = observation;
	let groups = groupsNow(observation, cluster);
	let held: Held = Object.fromEntries(cluster.components.map(component => {
		const {leaf, bundle} = observation.secrets[secretName(cluster.name, component)]!;
		return [component, {leaf, bundle}];
	}));
	const moments: Moment[] = [];
	const come = (when: string, next: Group[]): void => {
		const last = moments.at(-1);
		groups = next;
		if (!last || signature(last.groups) !== signature(groups)) {
			moments.push({when, groups});
		}
	};

	come('now', groups);
	for (const [offset, step] of steps.slice(from).entries()) {
		come(`at the gate before ${nameOf(step)}`, narrowed(groups, step.needs, {folder, held}));
		const writes = writesOf(step, folder);
		come(`from ${nameOf(step)} on`, widened(groups, writes));
		held = {...held, ...writes};
		folder = folders.get(from + offset) ?? folder;
		come(`after ${nameOf(step)}`, narrowed(asRead(groups, writes), step.done, {folder, held}));
	}

	return moments;
};
