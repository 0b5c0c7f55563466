/** What tells one run from another, or was not recorded: names of machines, times, ids, addresses, counts of changes. */
const runs = new Set([
	'clusterID',
	'clusterIP',
	'clusterIPs',
	'clientURL',
	'creationTimestamp',
	'currentRevision',
	'generation',
	'id',
	'lastTransitionTime',
	'lastUpdateTime',
	'leader',
	'managedFields',
	'node',
	'observedGeneration',
	'resourceVersion',
	'tidb.pingcap.com/cluster-id',
	'tidb.pingcap.com/member-id',
	'controller-revision-hash',
	'uid',
	'updateRevision',
]);

/**
An object without what tells one run from another. A name's digest (a ConfigMap's) becomes a placeholder.

@param value - plain JSON.
@param name - the key it stands under.
*/
export const bare = (value: unknown, name = ''): unknown => {
	if (Array.isArray(value)) {
		return value.map(inner => bare(inner));
	}

	if (typeof value === 'object' && value) {
		const entries = Object.entries(value).map(([key, inner]) => [key, runs.has(key) ? '<differs>' : bare(inner, key)] as const);
		// The recording leaves some of them out altogether.
		return Object.fromEntries(entries.filter(([key]) => !runs.has(key)));
	}

	return name === 'name' && typeof value === 'string' ? value.replace(/-[\da-f]{7}$/v, '-<digest>') : value;
};
