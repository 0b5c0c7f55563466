import {components} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import type {BackupFacts} from '../observe/types.ts';

/**
Why a backup's certificates are no place to go back to: they have expired, or will before the way back ends: at
`until`, in milliseconds since the epoch.
*/
export const expiringIn = (backup: BackupFacts, cluster: Cluster, until: number): string[] => {
	const late = (what: string, {notAfter}: CertificateFacts): string[] => Date.parse(notAfter) <= until ? [`${what} of backups/${backup.name} expires at ${notAfter}`] : [];
	const leaves = cluster.components.map(component => `${components[component].file}.pem`);
	return [
		...(backup.certificates['ca.pem']?.certificates ?? []).flatMap(ca => late(`the CA ${ca.subject} (serial ${ca.serial})`, ca)),
		...leaves.flatMap(file => {
			const [leaf] = backup.certificates[file]?.certificates ?? [];
			return leaf ? late(file, leaf) : [`backups/${backup.name} has no ${file}`];
		}),
		...leaves.map(file => file.replace(/\.pem$/v, '-key.pem')).filter(file => backup.keys[file]?.publicKey === undefined).map(file => `backups/${backup.name} has no ${file}`),
	];
};
