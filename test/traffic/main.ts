#!/usr/bin/env node
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import writeFileAtomic from 'write-file-atomic';
import {countTraffic} from './counter.ts';

/**
`node test/traffic/main.ts --state <sandbox folder> [--rate 120] [--least 20000] [--out counts.json]`: counts until SIGTERM or SIGINT and at
least so many attempts, then writes the counts. Says on stderr when it begins.
*/
const {values} = parseArgs({
	options: {
		state: {type: 'string'}, rate: {type: 'string', default: '120'}, least: {type: 'string', default: '0'}, out: {type: 'string'},
	},
});
const rate = Number(values.rate);
const least = Number(values.least);
if (values.state === undefined || !(rate > 0) || !(least >= 0)) {
	console.error('usage: node test/traffic/main.ts --state <sandbox folder> [--rate <connections a second>] [--least <connections>] [--out <file>]');
	process.exit(2);
}

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	process.once(signal, () => {
		stop.abort();
	});
}

const report = await countTraffic({
	state: path.resolve(values.state), rate, least, onBegin() {
		console.error('counting');
	},
}, stop.signal);
const text = `${JSON.stringify(report, undefined, '\t')}\n`;
if (values.out === undefined) {
	console.log(text);
} else {
	await writeFileAtomic(values.out, text);
}
