import {readFile} from 'node:fs/promises';
import type {Plan} from '../plan/types.ts';
import type {EarlierRun} from '../report/record.ts';
import {journalFile} from './journal.ts';

type Entry = {time: string; event: string; plan?: string[]; step?: string; file?: string};

const read = (line: string): Entry[] => {
	try {
		return [JSON.parse(line) as Entry];
	} catch {
		// A run that was killed while it wrote.
		return [];
	}
};

/** The steps that a run of a plan takes, by name. */
export const stepsLeft = ({steps, from}: Plan): string[] => steps.slice(from).map(({id}) => id);

/** The words for how far a run came. */
const cameTo = (entries: Entry[]): string => {
	const last = entries.findLast(({event}) => ['begin', 'end', 'finish'].includes(event));
	return last === undefined ? 'no step' : (last.event === 'finish' ? 'its end' : `${last.step}${last.event === 'begin' ? ', which it did not end' : ''}`);
};

/**
The runs of a rotation before this one, the oldest first: back to that which took its first step. They only explain: nothing is decided
by the journal. None where this run takes the first step itself.
*/
export const earlierRuns = async (folder: string, plan: Plan): Promise<EarlierRun[]> => {
	const first = plan.steps.find(({phase}) => phase !== 'prepare')?.id;
	if (first === undefined || stepsLeft(plan).includes(first)) {
		return [];
	}

	const text = await readFile(journalFile(folder), 'utf8').catch(() => '');
	const entries = text.split('\n').flatMap(line => read(line));
	const begins = entries.flatMap(({event}, index) => event === 'start' ? [index] : []);
	const start = begins.findLastIndex(index => entries[index]!.plan?.includes(first));
	return start === -1
		? []
		: begins.slice(start).map((index, position, all) => {
			const own = entries.slice(index, all[position + 1]);
			const report = own.find(({event}) => event === 'report')?.file;
			return {began: own[0]!.time, last: cameTo(own), ...(report !== undefined && {report})};
		});
};
