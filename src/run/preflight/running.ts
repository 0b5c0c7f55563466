import {microservices, partOf, runningComponents} from '../../cluster/components.ts';
import {kindOf, objectWords} from '../../cluster/kinds.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {Facts} from './facts.ts';

const byHand = 'rotate this cluster by hand, by the documents';

/** Nobody works on the cluster's object, so that nothing would be restarted. */
const restingProblems = ({cluster, observation}: Facts): Problem[] => {
	const {name, namespace} = cluster;
	const {paused, suspendAction = {}} = observation.cluster.spec;
	return [
		...(paused
			? [{
				code: 'paused',
				what: `${objectWords(cluster)} is paused, so the operator would restart nothing`,
				fix: `kubectl patch ${kindOf(cluster).resource} ${name} -n ${namespace} --type=merge -p '{"spec":{"paused":false}}'`,
			}]
			: []),
		...(Object.keys(suspendAction).length > 0
			? [{
				code: 'suspended', what: `${objectWords(cluster)} has a suspendAction`, fix: 'resume the cluster first',
			}]
			: []),
	];
};

/** Parts of it that this tool does not restart. */
const unknownParts = ({cluster: {name, guests = []}, observation}: Facts): Problem[] => {
	const {tlsCluster, pdms = []} = observation.cluster.spec;
	const unknown = pdms.map(one => one.name).filter(one => !(microservices as readonly string[]).includes(one));
	// Without a PD, or without its mode for them, the operator restarts none: it takes them away, or leaves them as they are (its pd_ms_member_manager.go).
	const left = observation.pods.filter(({component}) => microservices.some(one => one === component && !guests.includes(one)));
	return [
		...(unknown.length > 0
			? [{
				code: 'unknown-consumer',
				what: `TidbCluster ${name} has PD microservices that this tool does not know (${unknown.join(', ')} in spec.pdms)`,
				fix: byHand,
			}]
			: []),
		...(left.length > 0
			? [{
				code: 'unknown-consumer',
				what: [
					`pods of PD microservices still run with PD's Secret (${left.map(pod => pod.name).join(', ')})`,
					'and the operator would not restart them: PD is not in the mode for microservices (spec.pd.mode: ms)',
				].join(', '),
				fix: 'have the operator run them, or wait until they are gone',
			}]
			: []),
		...(tlsCluster?.enableDiscoveryMTLS
			? [{
				code: 'unknown-consumer',
				what: `TidbCluster ${name} has enableDiscoveryMTLS: its discovery loads its CA once, and this tool does not restart it`,
				fix: byHand,
			}]
			: []),
	];
};

const noTls = ({cluster, observation}: Facts): Problem[] => {
	const {name, side} = cluster;
	const {tlsCluster, tidb} = observation.cluster.spec;
	if (side === 'mysql') {
		return tidb?.tlsClient?.enabled
			? []
			: [{
				code: 'no-tls',
				what: `TidbCluster ${name} has no TLS for MySQL clients (spec.tidb.tlsClient.enabled is not true)`,
				fix: `there is nothing to rotate; to make its first certificates: npm run issue -- --cluster ${name} --mysql`,
			}];
	}

	return tlsCluster?.enabled
		? []
		: [{
			code: 'no-tls',
			what: `${objectWords(cluster)} has no TLS between its components (spec.tlsCluster.enabled is not true)`,
			fix: 'there is nothing to rotate; TLS is chosen when a cluster is created',
		}];
};

/** Why the TidbCluster could not be rotated at all: TLS is off, nobody works on it, or it has parts that this tool does not restart. */
export const settingProblems = (facts: Facts): Problem[] => [
	...noTls(facts),
	...restingProblems(facts),
	...(facts.cluster.side === 'mysql' ? [] : unknownParts(facts)),
];

/** Why the TidbCluster is not as it should be before a new rotation, in the operator's words. */
export const readyProblems = ({cluster, observation, isResumed, isCure}: Facts): Problem[] => {
	if (isResumed || isCure) {
		return [];
	}

	const {status} = observation.cluster;
	const ready = status.conditions?.find(({type}) => type === 'Ready');
	const words = ready ? [ready.reason, ready.message].filter(Boolean).join(': ') : 'it has no condition Ready';
	const phases = runningComponents(cluster).map(component => ({component, phase: partOf(status, component)?.phase ?? 'Normal'}));
	return [
		...(ready?.status === 'True'
			? []
			: [{
				code: 'not-ready',
				what: `${objectWords(cluster)} is not Ready (${words})`,
				fix: 'wait until it is, or mend it, then run this again',
			}]),
		...phases.filter(({phase}) => phase !== 'Normal').map(({component, phase}) => ({
			code: 'in-progress', what: `${component} is in phase ${phase}`, fix: 'wait until it is Normal',
		})),
	];
};
