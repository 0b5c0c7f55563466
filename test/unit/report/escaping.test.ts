import test from 'ava';
import fc from 'fast-check';
import {html} from '../../../src/report/html.ts';
import {markdown} from '../../../src/report/markdown.ts';
import type {Page} from '../../../src/report/page.ts';
import {anyText} from '../../helpers/any-text.ts';

/** Texts with all that has a meaning in Markdown or HTML. */
const texts = fc.oneof(
	anyText,
	fc.array(fc.constantFrom('<', '>', '&', '"', '\'', '`', '``', '|', '\\', '*', '_', '[', ']', '(', ')', '#', '~', '\n', '<script>', '</pre>', '<!--', 'a', ' ')).map(parts => parts.join('')),
);

/** A page that has the text in every place where a text may be. */
const pageOf = (text: string): Page => ({
	title: text,
	verdict: {
		kind: 'failed', mark: '✗', title: text, blocks: [{is: 'code', text}],
	},
	sections: [{
		id: 'one',
		title: text,
		blocks: [
			{is: 'text', text},
			{is: 'heading', text},
			{is: 'list', items: [text]},
			{
				is: 'table', caption: text, head: [`a${text}`, 'b'], rows: [[text, {code: text}]],
			},
			{
				is: 'timeline', caption: text, ticks: [text], groups: [{
					title: text, rows: [{
						label: text, words: text, bars: [{
							from: 0, to: 1, kind: 'trust', isStopped: false,
						}],
					}],
				}],
			},
		],
	}],
});

/** The tags of a page in order, without those that a line's end makes. */
const tagsIn = (page: string): string[] => (page.match(/<!?\/?[\-a-z][\da-z]*/giv) ?? []).filter(tag => tag !== '<br');

/** The attributes' names and how they are quoted. */
const attributesIn = (page: string): string[] => (page.match(/ [\-a-z]+="[^"]*"/gv) ?? []).map(attribute => attribute.replace(/="[^"]*"/v, '')).filter(name => name !== ' class');

test('whatever a text says, the page has the same tags and attributes', t => {
	const plain = html(pageOf('a'));
	t.true(tagsIn(plain).length > 30);
	fc.assert(fc.property(texts, text => {
		const page = html(pageOf(text));
		t.deepEqual(tagsIn(page), tagsIn(plain));
		t.deepEqual(attributesIn(page.replaceAll('<br>', '')), attributesIn(plain));
	}), {numRuns: 100});
});

test('a certificate whose subject is a script is a text', t => {
	const page = html(pageOf('CN=<script>alert(1)</script>'));
	t.false(page.includes('<script'));
	t.true(page.includes('CN=&lt;script&gt;alert(1)&lt;/script&gt;'));
});

test('whatever a text says, a table in Markdown has the same rows and columns, and no tag', t => {
	fc.assert(fc.property(texts, text => {
		const written = markdown({
			...pageOf('a'), sections: [{
				id: 'one', title: 'a', blocks: [{
					is: 'table', caption: 'a', head: ['a', 'b'], rows: [[text, {code: text}], ['c', 'd']],
				}],
			}],
		});
		const [first, second] = written.split('\n').slice(-3);
		t.is(second, '| c | d |');
		t.is(first!.replaceAll(/\\[\\\|]/gv, '').split('|').length, 4, written);
		const asText = first!.slice(0, first!.replaceAll(/\\./gv, '..').indexOf(' |'));
		t.notRegex(asText.replaceAll('<br>', ''), /</v);
	}), {numRuns: 100});
});

test('a code block in Markdown ends where it is meant to', t => {
	const written = markdown({...pageOf('a'), sections: [{id: 'one', title: 'a', blocks: [{is: 'code', text: '```\n<b>\n````'}]}]});
	t.true(written.endsWith('`````text\n```\n<b>\n````\n`````\n'));
});
