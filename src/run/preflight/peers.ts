import type {Problem} from '../../cluster/problem.ts';
import type {Cluster} from '../../cluster/types.ts';
import type {TidbClusterStatus} from '../../observe/objects.ts';
import type {Facts} from './facts.ts';
import {
	findHere,
	isOf,
	jointly,
	type Named,
} from './jointly.ts';
import {trustedKeys} from './shared.ts';

const peerName = /^[^.]+\.(?<name>.+)-(?:pd|tikv|tiflash)-peer\.(?<namespace>[^.]+)\.svc(?:\.(?<domain>.+))?$/v;

/** The TidbCluster that a member's host name tells of. */
const ownerOf = (host: string): Named | undefined => {
	const groups = peerName.exec(host)?.groups;
	return groups && {name: groups.name!, namespace: groups.namespace!, domain: groups.domain};
};

/**
Hosts of members that PD knows and the operator does not count to this TidbCluster: `status.pd.peerMembers`, and `peerStores` of TiKV and TiFlash
(tidb-operator, pkg/manager/member, v1.6).
*/
const peerHosts = ({pd, tikv, tiflash}: TidbClusterStatus): string[] => [
	...Object.values(pd?.peerMembers ?? {}).flatMap(({clientURL = ''}) => URL.parse(clientURL)?.hostname ?? []),
	...[tikv, tiflash].flatMap(part => Object.values(part?.peerStores ?? {}).flatMap(({ip}) => ip ?? [])),
];

/** Whether it is the cluster itself, or goes through the phases with it. */
const isKnown = (cluster: Cluster, owner: Named): boolean => {
	const {domain, together = []} = cluster;
	const isNamesake = isOf(owner, cluster);
	// Before a cluster was given a domain, its own members were called without.
	const isSelf = isNamesake && (owner.domain ?? domain) === domain;
	return isSelf || together.filter(one => isOf(owner, one)).length > (isNamesake ? 1 : 0);
};

const shown = 3;

const hostWords = (hosts: string[]): string => [...hosts.slice(0, shown), ...(hosts.length > shown ? [`${hosts.length - shown} more`] : [])].join(', ');

/** Members of one TidbCluster; `cas`: the keys of the CAs that the cluster itself has. */
const ownedProblem = ({cluster, others}: Facts, owner: Named, hosts: string[], cas: Set<string>): Problem[] => {
	const found = findHere(cluster, owner, others);
	// Then it is told by that CA.
	return found?.cas.some(ca => cas.has(ca))
		? []
		: [{
			code: 'shared-ca',
			what: `members of this cluster are pods of TidbCluster ${owner.name} in namespace ${owner.namespace}${found ? '' : ', which is not in this Kubernetes cluster'} (${hostWords(hosts)})`,
			fix: jointly('rotate', cluster, [{name: owner.name, namespace: owner.namespace, isElsewhere: !found}]),
		}];
};

/**
Whether PD has members, or TiKV and TiFlash have stores, that are another cluster's: those trust the same CA, and their TidbCluster may be in
another Kubernetes cluster, where nothing here can look (`spec.clusterDomain`, `spec.acrossK8s`).
*/
export const peerProblems = (facts: Facts): Problem[] => {
	const {cluster, observation, target} = facts;
	if (target.route !== 'new-ca' || cluster.side !== undefined || cluster.kind !== undefined) {
		return [];
	}

	// That one is told of already (shared.ts).
	const {name: joined = '', namespace: joinedIn = cluster.namespace} = observation.cluster.spec.cluster ?? {};
	const cas = trustedKeys(observation);
	const peers = [...new Set(peerHosts(observation.cluster.status))].toSorted().map(host => ({host, owner: ownerOf(host)}));
	const strangers = peers.filter(({owner}) => owner === undefined).map(({host}) => host);
	const owned = peers.filter(({owner}) => owner !== undefined && !isKnown(cluster, owner) && !isOf(owner, {name: joined, namespace: joinedIn}));
	const byOwner = Map.groupBy(owned, ({owner}) => JSON.stringify(owner));
	return [
		...byOwner.values().flatMap(of => ownedProblem(facts, of[0]!.owner!, of.map(({host}) => host), cas)),
		...(strangers.length > 0
			? [{
				code: 'unknown-consumer',
				what: `members of this cluster are no pods of a TidbCluster (${hostWords(strangers)}): they trust the same CA, and this tool cannot restart them`,
				fix: 'rotate this cluster by hand, by the documents; its leaves alone are no matter to them (--keep-ca)',
			}]
			: []),
	];
};
