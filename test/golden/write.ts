#!/usr/bin/env node
import {writeFile} from 'node:fs/promises';
import {goldenFile, goldenNames, printed} from './cases.ts';

/** `npm run golden` writes the golden runbooks anew. */
for (const name of goldenNames) {
	await writeFile(goldenFile(name), printed(name));
}
