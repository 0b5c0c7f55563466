import type {Phase} from '../plan/types.ts';

/** What stands in a table: text, in lines, or something to be compared letter by letter, such as a serial. */
export type Cell = string | {code: string};

/** A row of the timeline: a step or a pod. Bars go from 0 (the run's begin) to 1 (its end). */
export type Row = {
	label: string;
	/** The same in words: nobody has to read the bars. */
	words: string;
	bars: Array<{from: number; to: number; kind: Phase | 'restart'; isStopped: boolean}>;
};

export type Block =
	| {is: 'text'; text: string}
	| {is: 'heading'; text: string}
	| {is: 'list'; items: string[]}
	/** Commands and programs' words, as they are. */
	| {is: 'code'; text: string}
	| {is: 'table'; caption: string; head: string[]; rows: Cell[][]}
	/** `ticks` are equally far from each other, from the begin to the end. */
	| {is: 'timeline'; caption: string; ticks: string[]; groups: Array<{title: string; rows: Row[]}>};

export type Section = {
	/** For links: letters and hyphens. */
	id: string;
	title: string;
	blocks: Block[];
};

/** A report, before it is Markdown or HTML. Every text in it is plain: whoever renders it escapes it. */
export type Page = {
	title: string;
	/** What came of the run; it stands at the top. */
	verdict: {kind: 'done' | 'failed' | 'interrupted'; mark: string; title: string; blocks: Block[]};
	sections: Section[];
};
