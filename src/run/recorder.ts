import type {Observation} from '../observe/types.ts';
import type {ProbeNumbers} from '../report/numbers.ts';
import type {Restart, RunEvent} from '../report/record.ts';
import type {Journal} from './journal.ts';
import {followPods} from './lives.ts';

/** Collects what the report of a run tells, while it runs. */
export type Recorder = {
	/** The journal's events are the record's. */
	journal: Journal;
	/** Takes the next look at the cluster into account. */
	saw: (observation: Observation) => void;
	events: RunEvent[];
	restarts: Restart[];
	/** Restarts seen, by pod name. */
	restartCounts: () => Record<string, number>;
	/** The last look at the cluster. */
	latest: () => Observation | undefined;
	/** The traffic probe's numbers, to be set where one is on. */
	probe?: ProbeNumbers | undefined;
};

/** A recorder that hands everything on to the journal. */
export const openRecorder = (journal: Journal): Recorder => {
	const lives = followPods();
	const events: RunEvent[] = [];
	let latest: Observation | undefined;
	return {
		async journal(event, facts = {}) {
			events.push({time: new Date().toISOString(), event, facts});
			await journal(event, facts);
		},
		saw(observation) {
			lives.saw(observation);
			latest = observation;
		},
		events,
		restarts: lives.restarts,
		restartCounts: lives.counts,
		latest: () => latest,
	};
};
