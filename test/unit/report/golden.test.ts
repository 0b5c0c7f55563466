import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {reportFile, reportNames, written} from '../../golden/reports.ts';

const forms = ['md', 'html'] as const;

for (const name of reportNames) {
	for (const form of forms) {
		test(`${name}.${form}: the report is the golden one (npm run golden writes them anew)`, async t => {
			t.is(written(name, form), await readFile(reportFile(name, form), 'utf8'));
		});
	}
}

test('there is no golden report that nobody writes', async t => {
	const [first] = reportNames;
	const files = await readdir(path.dirname(reportFile(first!, 'md')));
	const known = reportNames.flatMap(name => forms.map(form => path.basename(reportFile(name, form))));
	t.deepEqual(files.filter(file => /\.(?:md|html)$/v.test(file)).toSorted(), known.toSorted());
});
