import {mergePatch} from './compare.ts';
import type {ComponentName, TidbCluster, TidbClusterSpec} from './types.ts';

const withFailover: ComponentName[] = ['pd', 'tikv', 'tidb', 'tiflash'];

/**
What tidb-operator writes into a TidbCluster's spec at its first sync. The rest of the recorded defaults (base images, pull and reclaim policy, start timeout) come from the CRD's schema, through the API server.

@returns A merge patch, or undefined where nothing is missing.
*/
export function defaultsPatch(cluster: TidbCluster): Record<string, unknown> | undefined {
	const spec = structuredClone(cluster.spec);
	spec.enablePVReclaim ??= false;
	spec.tlsCluster ??= {enabled: false};
	for (const name of withFailover) {
		const component = spec[name];
		if (component) {
			component.maxFailoverCount ??= 3;
		}
	}

	setLogBackups(spec);
	const patch = mergePatch(cluster.spec, spec);
	return patch && {spec: patch};
}

/** TiDB keeps three old logs, unless its configuration says something of its log itself: this looks for the section only, where the operator reads the TOML. */
function setLogBackups({tidb}: TidbClusterSpec): void {
	if (tidb?.config === undefined || tidb.config.split('\n').some(line => /^(?:\[log\b|log\.)/v.test(line.trim()))) {
		return;
	}

	const rest = tidb.config.trim();
	tidb.config = '[log]\n  [log.file]\n    max-backups = 3\n' + (rest === '' ? '' : `\n${rest}\n`);
}
