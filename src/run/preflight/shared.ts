import type {CertificateFacts} from '../../certificates/types.ts';
import type {Problem} from '../../cluster/problem.ts';
import {objectWords} from '../../cluster/kinds.ts';
import type {Cluster} from '../../cluster/types.ts';
import type {Observation} from '../../observe/types.ts';
import type {Facts} from './facts.ts';
import {findHere, jointly} from './jointly.ts';

type Named = {name: string; namespace: string};

/** One that is rotated with it is no problem. */
const isWith = ({together = []}: Cluster, {uid}: {uid: string}): boolean => together.some(one => one.uid === uid);

/** Which one joins is told by its name alone. */
const isJoined = ({together = []}: Cluster, {name, namespace}: Named): boolean => together.some(one => one.name === name && one.namespace === namespace);

/** The keys of the CAs that the cluster trusts: one CA may have several certificates. */
export const trustedKeys = ({secrets}: Observation): Set<string> => new Set(Object.values(secrets).flatMap(({bundle}) => bundle.certificates.map(({publicKey}) => publicKey)));

/**
Whether another TidbCluster depends on this one's CA: it joins this cluster or is joined by it (`spec.cluster`), or its bundle
holds one of the same CAs.
*/
export const sharedCaProblems = ({cluster, observation, others, target}: Facts): Problem[] => {
	// Leaves of the same CA harm nobody, nor does another certificate of it; a CA that goes away does.
	if (target.route !== 'new-ca') {
		return [];
	}

	// Whoever joins shares the CA between the components; that of the MySQL side is each cluster's own.
	const isJoint = cluster.side === undefined;
	const joins = isJoint ? observation.cluster.spec.cluster : undefined;
	const joined = {name: joins?.name ?? '', namespace: joins?.namespace ?? cluster.namespace, domain: joins?.clusterDomain};
	const cas = trustedKeys(observation);
	const strangers = others.filter(other => !isWith(cluster, other));
	const members = strangers.filter(other => isJoint && other.joins?.name === cluster.name && other.joins.namespace === cluster.namespace);
	const sharers = strangers.filter(other => !members.includes(other) && other.cas.some(ca => cas.has(ca)));
	return [
		...(joined.name === '' || isJoined(cluster, joined)
			? []
			: [{
				code: 'shared-ca',
				what: `TidbCluster ${cluster.name} joins TidbCluster ${joined.name} (spec.cluster) and trusts the same CA`,
				fix: jointly('rotate', cluster, [{...joined, isElsewhere: !findHere(cluster, joined, others)}]),
			}]),
		...members.map(({namespace, name}) => ({
			code: 'shared-ca', what: `TidbCluster ${name} in namespace ${namespace} joins this cluster (its spec.cluster)`, fix: jointly('rotate', cluster, [{namespace, name}]),
		})),
		...sharers.map(({namespace, name}) => ({
			code: 'shared-ca', what: `${objectWords({...cluster, name})} in namespace ${namespace} trusts the same CA`, fix: jointly('rotate', cluster, [{namespace, name}]),
		})),
	];
};

/** Who else trusts a CA that a way back takes away, and may serve or present leaves of it. `staying`: the CAs that do not go. */
export const staysBehindProblems = ({cluster, observation, others}: Pick<Facts, 'cluster' | 'observation' | 'others'>, staying: CertificateFacts[]): Problem[] => {
	const stays = new Set(staying.map(({publicKey}) => publicKey));
	const goes = trustedKeys(observation).difference(stays);
	return others.filter(other => !isWith(cluster, other) && other.cas.some(ca => goes.has(ca))).map(({namespace, name}) => ({
		code: 'shared-ca',
		what: `${objectWords({...cluster, name})} in namespace ${namespace} trusts the CA that would go, and may have certificates of it`,
		fix: jointly('rollback', cluster, [{namespace, name}]),
	}));
};

/** Whether a backup or restore is running: its pods hold the old certificates, and a restart would end it. */
export const jobProblems = ({jobs, isResumed}: Facts): Problem[] => isResumed
	? []
	: jobs.map(({kind, namespace, name, phase}) => ({
		code: 'job',
		what: `${kind} ${name} in namespace ${namespace} is running (${phase})`,
		fix: 'wait until it has ended; running jobs keep the certificates they began with',
	}));
