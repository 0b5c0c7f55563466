/** A fenced block: its language, and its lines, of programs without their comments. */
type Block = {readonly language: string; readonly lines: readonly string[]};

/** What stands under one heading, up to the next one of any level. */
export type Section = {
	readonly level: number;
	readonly heading: string;
	/** The anchor that GitHub gives the heading. */
	readonly anchor: string;
	readonly blocks: readonly Block[];
	/** The rows of its tables, in order, as cells. */
	readonly rows: ReadonlyArray<readonly string[]>;
	/** The rest. */
	readonly prose: string;
};

/** Languages whose comments a reader reads: what else a block shows was printed by a program. */
const commented = new Set(['sh', 'make', 'yaml']);

const withoutComment = (line: string): string => line.split(/(?:^| )# /v, 1)[0]!.trimEnd();

const fence = /^```(?<language>\w+)\n(?<text>.*?)^```$/gmsv;

/** The line that stands for a block while headings are looked for. */
const fenced = '\u{FFFC}';

/** As GitHub makes it: lower case, without punctuation of any script, spaces as hyphens. */
const slug = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{Connector_Punctuation}\p{Letter}\p{Mark}\p{Number} \-]/gv, '').replaceAll(' ', '-');

const cells = (row: string): string[] => row.slice(1, -1).split('|').map(cell => cell.trim());

const isRow = (line: string): boolean => line.startsWith('|');
const isRule = (line: string): boolean => /^[ \-\|]+$/v.test(line);

/** The sections of a Markdown text that begins with a heading. */
export const sectionsOf = (markdown: string): Section[] => {
	// A comment in a block would look like a heading: blocks are put aside first.
	const blocks: Block[] = [];
	const text = markdown.replaceAll(fence, (_match, language: string, content: string) => {
		const lines = content.split('\n');
		blocks.push({language, lines: commented.has(language) ? lines.map(line => withoutComment(line)) : lines});
		return fenced;
	});
	const seen = new Map<string, number>();
	return text.split(/^(?=#+ )/mv).map(part => {
		const [first = '', ...lines] = part.split('\n');
		const {marks, heading} = /^(?<marks>#+) (?<heading>.+)$/v.exec(first)!.groups as {marks: string; heading: string};
		const name = slug(heading);
		const before = seen.get(name) ?? 0;
		seen.set(name, before + 1);
		return {
			level: marks.length,
			heading,
			anchor: before === 0 ? name : `${name}-${before}`,
			blocks: blocks.splice(0, lines.filter(line => line === fenced).length),
			rows: lines.filter(line => isRow(line) && !isRule(line)).map(line => cells(line)),
			prose: lines.filter(line => line !== fenced && !isRow(line)).join('\n'),
		};
	});
};

const code = /`(?<code>[^`]+)`/gv;
const target = /\]\((?<target>[^\)]+)\)/gv;

/** The code in a text, each once and sorted: another language may name it in another order. */
export const codesIn = (text: string): string[] => [...new Set(text.matchAll(code).map(({groups}) => groups!.code!))].toSorted();

/** The numbers in a text outside code and addresses, each once and sorted. */
export const numbersIn = (text: string): string[] => [...new Set(text.replaceAll(code, '').replaceAll(target, ']').match(/\d+(?:[,.]\d+)*/gv))].toSorted();

/** Where the links of a text lead. */
export const targetsIn = (text: string): string[] => text.matchAll(target).map(({groups}) => groups!.target!).toArray();
