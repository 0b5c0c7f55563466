import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import test from 'ava';
import {
	codesIn,
	numbersIn,
	type Section,
	sectionsOf,
	targetsIn,
} from '../helpers/markdown.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string): Section[] => sectionsOf(readFileSync(path.join(root, name), 'utf8'));

const english = read('README.md');
const chinese = read('README.zh-CN.md');

/** The sections in which something is not the same in both, each with what it is. */
const differences = <T>(of: (section: Section, sections: readonly Section[]) => T): Array<{heading: string; english: T; chinese?: T}> => english
	.map((section, index) => {
		const counterpart = chinese[index];
		return {heading: section.heading, english: of(section, english), ...(counterpart && {chinese: of(counterpart, chinese)})};
	})
	.filter(both => !isDeepStrictEqual(both.english, both.chinese));

const linksIn = ({prose, rows}: Section): string[] => [prose, ...rows.flat()].flatMap(text => targetsIn(text));

/** A link's target without its language: the place of a heading, and PingCAP's page. */
const place = (target: string, sections: readonly Section[]): string => target.startsWith('#')
	? `section ${sections.findIndex(({anchor}) => anchor === target.slice(1))}`
	: target.replace('https://docs.pingcap.com/zh/', 'https://docs.pingcap.com/');

for (const [name, sections, other] of [['README.md', english, 'README.zh-CN.md'], ['README.zh-CN.md', chinese, 'README.md']] as const) {
	test(`the links of ${name} lead somewhere`, t => {
		const anchors = new Set(sections.map(({anchor}) => anchor));
		const targets = sections.flatMap(section => linksIn(section)).filter(target => !target.startsWith('https:'));
		t.true(targets.some(target => target.startsWith('#')));
		t.deepEqual(targets.filter(target => target.startsWith('#') ? !anchors.has(target.slice(1)) : !existsSync(path.join(root, target))), []);
	});

	test(`${name} begins with a link to ${other}`, t => {
		t.regex(sections[0]!.prose, new RegExp(String.raw`^\n\[[^\]]+\]\(${RegExp.escape(other)}\)\n\n`, 'v'));
	});
}

test('both READMEs have the same headings, by level', t => {
	t.deepEqual(chinese.map(({level}) => level), english.map(({level}) => level));
});

test('both READMEs show the same blocks, but for comments', t => {
	t.true(english.some(({blocks}) => blocks.length > 0));
	t.deepEqual(differences(({blocks}) => blocks), []);
});

test('both READMEs have the same links', t => {
	const others = new Set(['README.md', 'README.zh-CN.md']);
	t.deepEqual(differences((section, sections) => linksIn(section).filter(target => !others.has(target)).map(target => place(target, sections)).toSorted()), []);
});

test('the tables of both READMEs have the same rows: options, fields, exit statuses, log lines', t => {
	t.true(english.some(({rows}) => rows.length > 0));
	t.deepEqual(differences(({rows}) => rows.map(([key = '']) => [...codesIn(key), ...numbersIn(key)])), []);
});

test('each row of both READMEs names the same options, fields and numbers', t => {
	t.deepEqual(differences(({rows}) => rows.map(row => row.map(cell => [...codesIn(cell), ...numbersIn(cell)]))), []);
});

test('the sentences of both READMEs name the same commands, options, files and numbers', t => {
	t.deepEqual(differences(({prose}) => [...codesIn(prose), ...numbersIn(prose)]), []);
});
