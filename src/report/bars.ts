import {escape} from './escape.ts';
import type {Block, Row} from './page.ts';

type Timeline = Extract<Block, {is: 'timeline'}>;

const percent = (part: number): string => `${(part * 100).toFixed(2)}%`;

const bar = ({from, to, kind, isStopped}: Row['bars'][number]): string =>
	`<span class="bar ${kind}${isStopped ? ' stopped' : ''}" style="left:${percent(from)};width:${percent(Math.max(0, to - from))}"></span>`;

const row = ({label, words, bars: all}: Row): string =>
	`<li><span class="label">${escape(label)}</span><span class="track" aria-hidden="true">${all.map(one => bar(one)).join('')}</span><span class="words">${escape(words)}</span></li>\n`;

/** The timeline as bars, each with its words beside it. */
export const bars = ({caption, ticks, groups}: Timeline): string => `<figure class="timeline">
<figcaption>${escape(caption)}</figcaption>
<div class="ticks" aria-hidden="true">${ticks.map(tick => `<span>${escape(tick)}</span>`).join('')}</div>
${groups.map(({title, rows}) => `<h3>${escape(title)}</h3>\n<ul>\n${rows.map(one => row(one)).join('')}</ul>\n`).join('')}</figure>
`;
