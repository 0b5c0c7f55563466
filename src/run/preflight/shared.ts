import type {Problem} from '../../cluster/problem.ts';
import type {Facts} from './facts.ts';

const together = 'clusters that share a CA must be rotated together, which this tool does not do yet';

/**
Whether another TidbCluster depends on this one's CA: it joins this cluster or is joined by it (`spec.cluster`), or its bundle
holds one of the same CAs.
*/
export const sharedCaProblems = ({cluster, observation, others, target}: Facts): Problem[] => {
	// Whoever joins shares the CA between the components; that of the MySQL side is each cluster's own.
	const isJoint = cluster.side === undefined;
	const joins = isJoint ? observation.cluster.spec.cluster : undefined;
	const cas = new Set(Object.values(observation.secrets).flatMap(({bundle}) => bundle.certificates.map(({publicKey}) => publicKey)));
	const members = others.filter(other => isJoint && other.joins?.name === cluster.name && other.joins.namespace === cluster.namespace);
	// Leaves of the same CA harm nobody, nor does another certificate of it; a CA that goes away does.
	const sharers = target.route === 'new-ca' ? others.filter(other => !members.includes(other) && other.cas.some(ca => cas.has(ca))) : [];
	return [
		...(joins?.name === undefined || joins.name === ''
			? []
			: [{
				code: 'shared-ca',
				what: `TidbCluster ${cluster.name} joins TidbCluster ${joins.name} (spec.cluster) and trusts the same CA`,
				fix: together,
			}]),
		...members.map(({namespace, name}) => ({
			code: 'shared-ca', what: `TidbCluster ${name} in namespace ${namespace} joins this cluster (its spec.cluster)`, fix: together,
		})),
		...sharers.map(({namespace, name}) => ({
			code: 'shared-ca', what: `TidbCluster ${name} in namespace ${namespace} trusts the same CA`, fix: together,
		})),
	];
};

/** Whether a backup or restore is running: its pods hold the old certificates, and a restart would end it. */
export const jobProblems = ({jobs, isResumed}: Facts): Problem[] => isResumed
	? []
	: jobs.map(({kind, namespace, name, phase}) => ({
		code: 'job',
		what: `${kind} ${name} in namespace ${namespace} is running (${phase})`,
		fix: 'wait until it has ended; running jobs keep the certificates they began with',
	}));
