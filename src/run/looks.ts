import type {Observation} from '../observe/types.ts';

/** The looks that a run takes at the cluster, as few as it needs: each of them is calls of kubectl to a busy API server. */
export type Looks = {
	/** Looks now. */
	observe: () => Promise<Observation>;
	/** What was seen a moment ago, if nothing was written since; else looks now. */
	observeUnlessRecent: () => Promise<Observation>;
	/** The last look. */
	latest: () => Observation;
	/** Called when something is about to be written: what was seen before tells nothing of what comes after. */
	writing: () => void;
};

/** Milliseconds: a look that is no older is not taken again, since a write itself takes as long. */
const recent = 300;

/** Takes looks by `look`, after a `first` one. */
export const openLooks = (first: Observation, look: () => Promise<Observation>): Looks => {
	let latest = first;
	let isOutdated = false;
	const observe = async (): Promise<Observation> => {
		latest = await look();
		isOutdated = false;
		return latest;
	};

	return {
		observe,
		observeUnlessRecent: async () => !isOutdated && Date.now() - latest.now <= recent ? latest : observe(),
		latest: () => latest,
		writing() {
			isOutdated = true;
		},
	};
};
