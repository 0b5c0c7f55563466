import type {
	Block,
	Cell,
	Page,
	Section,
} from './page.ts';
import {escape} from './escape.ts';
import {style} from './style.ts';
import {bars} from './bars.ts';

const lines = (text: string): string => escape(text).replaceAll('\n', '<br>');

const inCell = (content: Cell): string => typeof content === 'string' ? lines(content) : `<code>${lines(content.code)}</code>`;

/** What is so short stays on one line: a pod's name, a date. */
const shortest = 24;

const attributes = (content: Cell): string => typeof content === 'string' && content.length <= shortest ? ' class="short"' : '';

const cell = (content: Cell): string => `<td${attributes(content)}>${inCell(content)}</td>`;

/** The first cell of a row names it. */
const row = ([first = '', ...others]: Cell[]): string => `<tr><th scope="row"${attributes(first)}>${inCell(first)}</th>${others.map(content => cell(content)).join('')}</tr>\n`;

/** A table that has no headings is one of names and what they stand for. */
const head = (names: string[]): string => names.every(name => name === '')
	? ''
	: `<thead><tr>${names.map(name => name === '' ? '<td></td>' : `<th scope="col">${escape(name)}</th>`).join('')}</tr></thead>\n`;

const block = (content: Block): string => {
	switch (content.is) {
		case 'text': {
			return `<p>${lines(content.text)}</p>\n`;
		}

		case 'heading': {
			return `<h3>${escape(content.text)}</h3>\n`;
		}

		case 'list': {
			return `<ul>\n${content.items.map(item => `<li>${lines(item)}</li>\n`).join('')}</ul>\n`;
		}

		case 'code': {
			return `<pre><code>${escape(content.text)}</code></pre>\n`;
		}

		case 'table': {
			const caption = escape(content.caption);
			// It can be scrolled by keys, where it is wider than the page.
			return [
				`<div class="table" role="region" tabindex="0" aria-label="${caption}"><table>\n<caption>${caption}</caption>\n${head(content.head)}`,
				`<tbody>\n${content.rows.map(cells => row(cells)).join('')}</tbody>\n</table></div>\n`,
			].join('');
		}

		case 'timeline': {
			return bars(content);
		}
	}
};

const blocks = (all: Block[]): string => all.map(content => block(content)).join('');

const section = ({id, title, blocks: content}: Section): string => `<section aria-labelledby="${id}">\n<h2 id="${id}">${escape(title)}</h2>\n${blocks(content)}</section>\n`;

/**
A report as one HTML page that needs nothing else: no scripts, no other files. The policy in it forbids both, so that whatever a
certificate or a program says stays a text. Pure.
*/
export const html = ({title, verdict, sections}: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(`${verdict.mark} ${title}`)}</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<section class="verdict ${verdict.kind}" aria-labelledby="verdict">
<h2 id="verdict"><span aria-hidden="true">${verdict.mark}</span> ${escape(verdict.title)}</h2>
${blocks(verdict.blocks)}</section>
<nav aria-label="Contents"><ul>
${sections.map(({id, title: of}) => `<li><a href="#${id}">${escape(of)}</a></li>\n`).join('')}</ul></nav>
${sections.map(one => section(one)).join('')}</main>
</body>
</html>
`;
