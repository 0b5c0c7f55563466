import path from 'node:path';
import process from 'node:process';

/** Not where the caller stands: called from elsewhere, the tool must not take a second folder for the same cluster. */
const usual = path.join(import.meta.dirname, '..', '..', 'clusters');

/**
Where a cluster's folder is: `--dir`, else `$TIDB_CLUSTERS/<name>`, else `clusters/<name>` of this tool (design.md 1). The MySQL side's files
have the same names as the components': with `--mysql`, `mysql` in it. Absolute.
*/
export const clusterFolder = (name: string, {dir, mysql = false}: {dir?: string; mysql?: boolean} = {}): string =>
	path.resolve(dir ?? path.join(process.env.TIDB_CLUSTERS ?? usual, name), ...(mysql ? ['mysql'] : []));
