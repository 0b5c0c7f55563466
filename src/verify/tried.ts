import type {Tries} from './types.ts';

/** One entry of the journal: `time` is ISO 8601. */
type Entry = {time: string; event: string} & Record<string, unknown>;

type Try = {pod: string; verdict: string; attempts: number; lost?: number};

/** How long the tries of an entry that does not say when they began may have taken, in milliseconds. */
const usualLength = 120_000;

/**
When the last rotation, rollback or issue in a journal began, ISO 8601: one that was stopped and gone on with began with its
first run. Undefined where there was none.
*/
export const lastBegan = (entries: Entry[]): string | undefined => {
	const last = entries.findLastIndex(({event}) => event === 'start');
	const ended = entries.slice(0, Math.max(last, 0)).findLastIndex(({event}) => event === 'finish');
	return entries.slice(ended + 1).find(({event}) => event === 'start')?.time;
};

/** The tool's own tries in a journal that were rejected, or may have been before their forwarder ended: each has left an error in its pod's log. */
export const rejectedTries = (entries: Entry[]): Tries[] => entries.filter(({event}) => event === 'handshakes').flatMap(({time, began, tries}) => {
	const to = Date.parse(time);
	const from = typeof began === 'string' ? Date.parse(began) : to - usualLength;
	const byPod = Map.groupBy((tries as Try[]).filter(({verdict}) => verdict !== 'accepted'), ({pod}) => pod);
	return byPod.entries().map(([pod, all]) => ({
		pod, from, to, rejected: all.reduce((sum, {attempts, lost = 0}) => sum + attempts + lost, 0),
	})).toArray();
});
