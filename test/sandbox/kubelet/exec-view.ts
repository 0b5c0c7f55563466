import {
	chmod,
	copyFile,
	mkdir,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {statePaths} from '../state.ts';

const names = `
	awk base64 bash cat cmp cut date df diff env find grep head ls md5sum mount od openssl printenv ps readlink sed sh sha256sum sort stat tail test tr true wc
`.trim().split(' ');

/**
Write the folder that stands first on kwok's PATH, so that `kubectl exec` runs pod-view.sh under the command's name. A command
given by its full path escapes it.
*/
export const writeExecBin = async (state: string): Promise<void> => {
	const folder = statePaths(state).execBin;
	await mkdir(folder, {recursive: true});
	const file = path.join(folder, 'pod-view');
	await copyFile(new URL('pod-view.sh', import.meta.url), file);
	await chmod(file, 0o755);
	await Promise.all(names.map(async name => {
		await rm(path.join(folder, name), {force: true});
		await symlink('pod-view', path.join(folder, name));
	}));
};

/**
Say what a command in this pod sees.

@param folder - The folder of all pods of the name.
@param pid - The process that is number 1 in the container.
@param volumes - Paths in the folder, and where the pod mounts them.
*/
export const writeView = async (folder: string, pid: number, volumes: Array<{path: string; mountPath: string}>): Promise<void> => {
	const lines = volumes.filter(one => one.mountPath.startsWith('/var/lib/')).map(one => `volume ${one.path} ${one.mountPath}`);
	await writeFile(path.join(folder, 'view'), [...lines, `process ${pid}`, ''].join('\n'));
};
