import type {FolderFacts, Observation} from '../observe/types.ts';
import type {Texts} from './folder.ts';
import type {Plan} from './types.ts';

const renamed = <Facts>(files: Record<string, Facts>, names: Record<string, string>): Record<string, Facts> => {
	const kept = Object.entries(files).filter(([file]) => !/\.(?:new|old)\.pem$/v.test(file));
	const moved = Object.entries(names).flatMap(([file, name]) => files[file] === undefined ? [] : [[name, files[file]] as const]);
	return Object.fromEntries([...kept, ...moved]);
};

/** The folder as the last step of retire leaves it, with the requests that the plan before it wrote. */
const tidied = (folder: FolderFacts, texts: Texts): FolderFacts => ({
	...folder,
	certificates: renamed(folder.certificates, {'ca.new.pem': 'ca.pem'}),
	keys: renamed(folder.keys, {'ca-key.new.pem': 'ca-key.pem'}),
	requests: {...folder.requests, ...Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, {value: JSON.parse(text) as unknown}]))},
});

/** What a plan for the time after retire begins from. Of the cluster nothing counts that retire changes. Pure. */
export const afterRetire = (observation: Observation, texts: Texts): Observation => ({...observation, folder: tidied(observation.folder, texts)});

/** Two plans as one to show: the second begins where the first ends, and its target is the one that was asked for. */
export const followedBy = (first: Plan, second: Plan): Plan => ({...second, steps: [...first.steps, ...second.steps.slice(second.from)], from: first.from});
