import type {Block, Cell, Page} from './page.ts';

/** Everything that Markdown, or HTML in it, would take for a mark. */
const escape = (text: string): string => text.replaceAll(/[#*\[\\\]_`\|~]/gv, String.raw`\$&`).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Backticks around a text, more of them than it has in a row. */
const fence = (text: string, least: number): string => {
	const runs = text.match(/`+/gv) ?? [];
	return '`'.repeat(Math.max(least, ...runs.map(run => run.length + 1)));
};

const code = (text: string): string => {
	if (text === '') {
		return '';
	}

	const mark = fence(text, 1);
	const pad = mark.length > 1 || text.startsWith(' ') ? ' ' : '';
	return `${mark}${pad}${text}${pad}${mark}`;
};

const lines = (text: string, render: (line: string) => string): string => text.split(/\r\n?|\n/v).map(line => render(line)).join('<br>');

const oneLine = (text: string): string => escape(text.replaceAll(/\s+/gv, ' '));

/** A table's column ends at a bar, also in code, where neither it nor the backslash before it can be escaped: such code is text. */
const cell = (content: Cell): string => typeof content === 'string' ? lines(content, escape) : lines(content.code, /[\\\|]/v.test(content.code) ? escape : code);

const row = (cells: Cell[]): string => `| ${cells.map(content => cell(content)).join(' | ')} |\n`;

const block = (content: Block): string => {
	switch (content.is) {
		case 'text': {
			return `${lines(content.text, escape)}\n`;
		}

		case 'heading': {
			return `### ${oneLine(content.text)}\n`;
		}

		case 'list': {
			return content.items.map(item => `* ${lines(item, escape)}\n`).join('');
		}

		case 'code': {
			const mark = fence(content.text, 3);
			return `${mark}text\n${content.text}\n${mark}\n`;
		}

		case 'table': {
			return [`${oneLine(content.caption)}:\n\n`, row(content.head), `|${' --- |'.repeat(content.head.length)}\n`, ...content.rows.map(cells => row(cells))].join('');
		}

		case 'timeline': {
			// The tables below it tell the same.
			return '';
		}
	}
};

const blocks = (all: Block[]): string => all.map(content => block(content)).filter(Boolean).join('\n');

/** A report as Markdown: headings, tables and code blocks, and nothing in it that is taken for more. Pure. */
export const markdown = ({title, verdict, sections}: Page): string => [
	`# ${oneLine(title)}\n`,
	`**${verdict.mark} ${oneLine(verdict.title)}**\n`,
	blocks(verdict.blocks),
	...sections.map(({title: of, blocks: content}) => `## ${oneLine(of)}\n\n${blocks(content)}`),
].join('\n');
