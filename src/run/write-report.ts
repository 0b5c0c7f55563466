import {chmod, mkdir} from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import {html} from '../report/html.ts';
import {markdown} from '../report/markdown.ts';
import {pageOf} from '../report/page-of.ts';
import type {RunRecord} from '../report/record.ts';
import type {Redactor} from './redact.ts';

/** The folder in a cluster folder that holds the reports. */
const reportsFolder = 'reports';

/** Redacts every text in a value: before it is rendered, because the marks that are put into a text would hide a key in it. */
const redacted = <Value>(value: Value, redact: Redactor): Value => {
	if (typeof value === 'string') {
		return redact(value) as Value;
	}

	if (Array.isArray(value)) {
		return value.map((one: unknown) => redacted(one, redact)) as Value;
	}

	return typeof value === 'object' && value !== null
		? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redacted(one as unknown, redact)])) as Value
		: value;
};

/**
Writes the report of a run as Markdown and as HTML, each at once or not at all, readable by their owner alone.
`stamp` is the time in their names, and `redact` takes keys out of every text in them.
@returns the path of the HTML page.
*/
export const writeReport = async (record: RunRecord, stamp: string, redact: Redactor): Promise<string> => {
	const folder = path.join(record.folder, reportsFolder);
	await mkdir(folder, {recursive: true, mode: 0o700});
	await chmod(folder, 0o700);
	const page = redacted(pageOf(record), redact);
	const [asMarkdown, asHtml] = ['md', 'html'].map(form => path.join(folder, `${stamp}.${form}`));
	await writeFileAtomic(asMarkdown!, markdown(page), {mode: 0o600});
	await writeFileAtomic(asHtml!, html(page), {mode: 0o600});
	return asHtml!;
};
