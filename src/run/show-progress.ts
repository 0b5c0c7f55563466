import {usualRestart} from '../plan/rotation-time.ts';
import type {Plan} from '../plan/types.ts';
import {progressOf, progressText} from '../report/progress.ts';
import {liveColumns, showLive} from './live-line.ts';
import type {Recorder} from './recorder.ts';

/** Shows on a terminal how far a run has come, until `stop`. */
export const showProgress = (plan: Plan, {events, restarts, latest}: Recorder): {stop: () => void} => {
	const began = new Date().toISOString();
	return showLive(() => {
		const now = latest();
		const progress = now && progressOf({
			plan, events, restarts, latest: now, began, now: Date.now(), usual: usualRestart,
		});
		return progress ? progressText(progress, liveColumns()) : '';
	});
};
