import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';

/*
A preload of node: a run stops just before it begins a step, until it is let go. `<step>.at` in a folder says that it is there, and
goes when it may go on.
*/
const folder = process.env.STEPS_FOLDER;

if (folder !== undefined && /\/scripts\/(?:rotate|rollback)\.ts$/v.test(process.argv[1] ?? '')) {
	const {appendFile} = fs.promises;
	fs.promises.appendFile = async (file, data, options) => {
		const step = /"event":"begin","step":"(?<step>[^"]+)"/v.exec(typeof data === 'string' ? data : '')?.groups?.step;
		if (step !== undefined) {
			const at = path.join(folder, `${step}.at`);
			fs.writeFileSync(at, '');
			while (fs.existsSync(at)) {
				await sleep(50);
			}
		}

		await appendFile(file, data, options);
	};

	syncBuiltinESMExports();
}
