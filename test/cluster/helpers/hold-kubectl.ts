import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Place} from './place.ts';
import {until} from './until.ts';
import {wrapKubectl} from './wrap-kubectl.ts';

/** A kubectl that stops at one of its calls, until it is let go. */
export type HeldKubectl = {
	/** Variables that put it before the real one. */
	env: Record<string, string>;
	/** Resolves when the call has come. */
	reached: () => Promise<void>;
	/** Lets it go on; later calls are not held. */
	letGo: () => Promise<void>;
	close: () => Promise<void>;
};

/** Makes a kubectl that is held at the first call whose arguments, joined by spaces, are like this pattern of bash. */
export const holdKubectl = async (place: Place, pattern: string): Promise<HeldKubectl> => {
	const {env, folder, close} = await wrapKubectl(place, `
case "$*" in ${pattern})
	if mkdir "$folder/reached" 2> /dev/null; then
		while [ -d "$folder" ] && ! [ -e "$folder/free" ]; do sleep 0.1; done
	fi;;
esac`);
	return {
		env,
		async reached() {
			await until(`kubectl ${pattern}`, async () => existsSync(path.join(folder, 'reached')), 120_000);
		},
		letGo: async () => writeFile(path.join(folder, 'free'), ''),
		close,
	};
};
