import {realpathSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(import.meta.dirname, '..');

/**
Where the person stands who called. npm runs our scripts in this package's folder, and says in INIT_CWD where it was called itself.
Another package's script that calls us leaves its own INIT_CWD behind, which says nothing.
@returns undefined when it is the working directory.
*/
export const callerFolder = (env: Record<string, string | undefined>, cwd: string): string | undefined => {
	const {INIT_CWD: caller, npm_package_json: description} = env;
	const isOurs = cwd === root && description !== undefined && realpathSync(path.dirname(description)) === root;
	return isOurs && caller !== cwd ? caller : undefined;
};

/** Makes relative paths (`--dir`, KUBECONFIG, TIDB_CLUSTERS) mean what the caller means by them. */
export const goToCaller = (): void => {
	const folder = callerFolder(process.env, process.cwd());
	if (folder !== undefined) {
		process.chdir(folder);
	}
};
