import path from 'node:path';
import process from 'node:process';

/** Where a cluster's folder is: `--dir`, else `$TIDB_CLUSTERS/<name>`, else `clusters/<name>` (design.md 1). Absolute. */
export const clusterFolder = (name: string, dir?: string): string =>
	path.resolve(dir ?? path.join(process.env.TIDB_CLUSTERS ?? 'clusters', name));
