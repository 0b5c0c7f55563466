import type {Group} from './types.ts';

const shownPods = 3;

/** A group of processes in words: `tikv (basic-tikv-0, basic-tikv-1)`. */
export const groupWords = ({component, pods}: Group): string => {
	if (component === 'client' || component === 'dm-client') {
		return 'the operator, or another that reads the client Secret';
	}

	if (component === 'tidb-client') {
		return 'a MySQL client that reads the client Secret';
	}

	const names = pods.length > shownPods + 1 ? [...pods.slice(0, shownPods), `${pods.length - shownPods} more`] : pods;
	return `${component} (${names.join(', ')})`;
};
