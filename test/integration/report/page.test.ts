import {pathToFileURL} from 'node:url';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {html} from '../../../src/report/html.ts';
import {pageOf} from '../../../src/report/page-of.ts';
import {reportFile, reportNames} from '../../golden/reports.ts';
import {type Browser, findBrowser, openBrowser} from '../../helpers/browser.ts';
import {runRecord} from '../../helpers/run-record.ts';

const file = await findBrowser();
const inBrowser = file === undefined ? test.serial.skip : test.serial;
const open: {browser?: Browser} = {};

test.before(async () => {
	if (file !== undefined) {
		open.browser = await openBrowser(file);
	}
});

test.after.always(async () => {
	await open.browser?.close();
});

const hasOverflow = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';

for (const name of reportNames) {
	for (const width of [400, 1280]) {
		inBrowser(`${name}: at ${width} pixels the page is no wider than the window, and asks for nothing but itself (needs Chromium)`, async t => {
			const url = pathToFileURL(reportFile(name, 'html')).href;
			const page = await open.browser!.show(url, {width});
			t.is(await page.evaluate('document.documentElement.clientWidth'), width);
			t.false(await page.evaluate<boolean>(hasOverflow));
			t.deepEqual(page.requests, [url]);
		});
	}
}

inBrowser('light and dark differ, and each has a contrast of 4.5 at least between text and page (needs Chromium)', async t => {
	const colours = String.raw`(() => {
		const style = getComputedStyle(document.body);
		const luminance = text => text.match(/\d+/g).slice(0, 3).map(Number).map(one => one / 255)
			.map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
			.reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0);
		const page = luminance(style.backgroundColor);
		const texts = [...document.querySelectorAll('p, li, td, th, h1, h2, h3, .words, a')].map(one => luminance(getComputedStyle(one).color));
		return [page, Math.min(...texts.map(one => (Math.max(one, page) + 0.05) / (Math.min(one, page) + 0.05)))];
	})()`;
	const url = pathToFileURL(reportFile('failed', 'html')).href;
	const [light, dark] = await Promise.all((['light', 'dark'] as const).map(async scheme => {
		const page = await open.browser!.show(url, {width: 1280, scheme});
		return page.evaluate<[number, number]>(colours);
	}));
	t.true(light![0] > 0.8 && dark![0] < 0.1);
	t.true(light![1] >= 4.5 && dark![1] >= 4.5, `${light![1]} ${dark![1]}`);
});

inBrowser('a script in whatever a certificate or a program says does not run (needs Chromium)', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	try {
		const evil = '</code></pre><script>globalThis.ran = true</script><img src=x onerror="globalThis.ran = true">';
		const record = runRecord({ending: {is: 'failed', message: evil, hints: [evil]}, who: evil, left: [evil]});
		for (const secret of Object.values(record.after.secrets)) {
			secret.leaf.certificates[0]!.subject = `CN=${evil}`;
		}

		const page = path.join(folder, 'page.html');
		await writeFile(page, html(pageOf(record)));
		const shown = await open.browser!.show(pathToFileURL(page).href, {width: 400});
		t.is(await shown.evaluate('typeof globalThis.ran'), 'undefined');
		t.is(await shown.evaluate('document.querySelectorAll("script, img").length'), 0);
		t.false(await shown.evaluate<boolean>(hasOverflow));
		t.is(shown.requests.length, 1);
	} finally {
		await rm(folder, {recursive: true});
	}
});
