import {
	access,
	constants,
	mkdir,
	mkdtemp,
	rmdir,
} from 'node:fs/promises';
import path from 'node:path';
import {refused} from './errors.ts';

/**
Sees that files can be made in the cluster folder, before anything else is done. A folder on a read-only mount grants root
everything by its mode, so a folder is really made and removed.
@throws Stopped when they cannot.
*/
export const checkWritable = async (folder: string): Promise<void> => {
	try {
		await mkdir(folder, {recursive: true, mode: 0o700});
		await access(folder, constants.R_OK + constants.W_OK);
		await rmdir(await mkdtemp(path.join(folder, '.staging-')));
	} catch (error) {
		throw refused(`the cluster folder cannot be written: ${(error as Error).message}`, 'name another with --dir, or put its file system right');
	}
};
