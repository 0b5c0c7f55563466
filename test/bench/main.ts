import process from 'node:process';
import {columns} from '../../src/report/table.ts';
import type {Row} from './measure.ts';

/** `npm run bench`: measures, one part after the other, ends with one table, and with exit status 1 when a target is missed. */
const parts: Record<string, () => Promise<Row[]>> = {
	async lines() {
		const {lines} = await import('./lines.ts');
		return lines();
	},
	async parts() {
		const {parts: measured} = await import('./parts.ts');
		return measured();
	},
	async proof() {
		const {proof} = await import('./proof.ts');
		return proof();
	},
	async start() {
		const {start} = await import('./start.ts');
		return start();
	},
	async status() {
		const {status} = await import('./status.ts');
		return status();
	},
};

const measure = async (names: string[]): Promise<void> => {
	const rows: Row[] = [];
	for (const name of names) {
		process.stderr.write(`== ${name}\n`);
		rows.push(...await parts[name]!());
	}

	const verdict = ({missed}: Row): string => missed === undefined ? '' : (missed ? 'MISSED' : 'kept');
	process.stdout.write(columns([['what', 'measured', 'at most', ''], ...rows.map(row => [row.what, row.value, row.target ?? '', verdict(row)])]));
	process.exitCode = rows.some(({missed}) => missed) ? 1 : 0;
};

const known = Object.keys(parts);
const asked = process.argv.slice(2);
const unknown = asked.filter(name => !known.includes(name));
if (unknown.length > 0) {
	process.stderr.write(`bench knows no part ${unknown.join(', ')}; its parts are ${known.join(', ')}\n`);
	process.exitCode = 2;
} else {
	await measure(asked.length > 0 ? asked : known);
}
