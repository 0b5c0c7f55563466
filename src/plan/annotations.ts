/** The documents' annotation: any new value makes the operator restart the component's pods (tidb-facts 3.1). */
export const restartedAt = 'tidb.pingcap.com/restartedAt';

/**
Ours, in the same patch: a short hash of the bundle and leaf that the pod must start with. It reaches the pod template, so a
pod that carries it was made after the Secret was written, whatever the clocks say (design.md 3).
*/
export const material = 'tidb-cert-rotate/material';

/** The same of the MySQL side: TiDB's pods start with both. */
const mysqlMaterial = 'tidb-cert-rotate/mysql-material';

export const materials: readonly string[] = [material, mysqlMaterial];

/** On a TiDB pod itself, not its template: the hash of the material that it has read again since it started. A new pod has none. */
export const reloadedMaterial = 'tidb-cert-rotate/mysql-reloaded';

/** In the pod template of discovery: a short hash of the CA certificates that its pod must start with. Its process has no leaf that would be seen. */
export const discoveryCa = 'tidb-cert-rotate/discovery-ca';

/** The annotation with the hash of a component's material. */
export const materialOf = (component: string): string => component === 'tidb-server' || component === 'tiproxy-server' ? mysqlMaterial : material;
