import type {FolderFacts, Observation} from '../../src/observe/types.ts';
import type {Plan} from '../../src/plan/types.ts';
import {prove} from '../../src/prove/prove.ts';
import type {StateProof} from '../../src/prove/types.ts';
import type {World} from './world.ts';

/** The world's clock stands years back, and goes on with each write: its last write, or pod, was a moment ago. */
const recent = (observation: Observation): Observation => {
	const times = [...Object.values(observation.secrets).map(({changed}) => changed), ...observation.pods.map(({created}) => created)];
	const shift = observation.now - Date.parse(times.toSorted().at(-1)!);
	const later = (time: string): string => new Date(Date.parse(time) + shift).toISOString();
	return {
		...observation,
		folder: {
			...observation.folder,
			backups: observation.folder.backups.map(backup => {
				const {time = '', rest = ''} = /^(?<time>\d{8}T\d{6}Z)(?<rest>.*)$/v.exec(backup.name)!.groups!;
				const stamp = time.replace(/^(?<year>....)(?<month>..)(?<day>..)T(?<hour>..)(?<minute>..)/v, '$<year>-$<month>-$<day>T$<hour>:$<minute>:');
				return {...backup, name: `${later(stamp).replaceAll(/[\-:]|\.\d+/gv, '')}${rest}`};
			}),
		},
		secrets: Object.fromEntries(Object.entries(observation.secrets).map(([name, secret]) => [name, {...secret, changed: later(secret.changed)}])),
		pods: observation.pods.map(pod => ({...pod, created: later(pod.created)})),
	};
};

/** The folder after each step that changes it: the steps' lines are run as a rehearsal runs them, and the world's files are as before. */
const foldersOf = (world: World, {steps, from}: Plan): Map<number, FolderFacts> => {
	const files = {...world.files};
	const folders = new Map<number, FolderFacts>();
	for (const [index, {id, lines}] of steps.entries()) {
		const isAside = index < from || lines.length === 0 || ['prepare.backup', 'prepare.prune'].includes(id);
		if (isAside || lines.some(({changes}) => changes !== 'files')) {
			continue;
		}

		for (const line of lines) {
			world.run(line);
		}

		folders.set(index, world.observe().folder);
	}

	world.files = files;
	return folders;
};

/** What the proof says of a plan before its first write. */
export const onPaper = (world: World, plan: Plan): StateProof => {
	const observation = recent(world.observe());
	return prove({
		plan, observation, folders: foldersOf(world, plan), now: Date.now(),
	});
};
