#!/usr/bin/env node
import {writeFile} from 'node:fs/promises';
import {goldenFile, goldenNames, printed} from './cases.ts';
import {reportFile, reportNames, written} from './reports.ts';

/** `npm run golden` writes the golden runbooks and reports anew. */
for (const name of goldenNames) {
	await writeFile(goldenFile(name), printed(name));
}

for (const name of reportNames) {
	await writeFile(reportFile(name, 'md'), written(name, 'md'));
	await writeFile(reportFile(name, 'html'), written(name, 'html'));
}
