import type {Component} from './components.ts';
import type {Facts} from './facts.ts';
import {
	dmMasters,
	dmWorkers,
	pdMembers,
	tidbMembers,
	tikvStores,
} from './members.ts';
import type {
	Claim,
	ComponentSpec,
	ComponentStatus,
	Phase,
	Pod,
	StatefulSet,
	TidbCluster,
} from './types.ts';
import {volumeStatus} from './volume-status.ts';

export type Observed = {
	cluster: TidbCluster;
	component: Component;
	set: StatefulSet | undefined;
	pods: Pod[];
	claims: Claim[];
	facts: Facts;
	phase: Phase;
};

/** The components whose status says whether their members could be asked (tidb-facts 3.3, and the definition of TidbCluster). */
const withSynced: ReadonlySet<string> = new Set(['tso', 'scheduling', 'pd', 'tikv', 'tiflash', 'ticdc', 'tiproxy', 'dm-master', 'dm-worker']);

/**
The status of one component, in the recorded shape; whether `synced` is in it depends on the component.

@returns status.<component>
*/
export function statusOf(observed: Observed): ComponentStatus {
	const {cluster, component, set, phase, claims} = observed;
	const spec = cluster.spec[component.name];
	if (!spec || !set) {
		return {phase, ...withSynced.has(component.name) && {synced: false}};
	}

	return {
		image: imageOfSet(set, component),
		phase,
		statefulSet: set.status ?? {},
		...component.data && {volumes: {[component.name]: volumeStatus(component.name, spec, claims)}},
		...own(observed, spec),
	};
}

function own({cluster, component, pods, facts}: Observed, spec: ComponentSpec): ComponentStatus {
	const last = cluster.status?.[component.name];
	switch (component.name) {
		case 'pd': {
			return pdStatus(facts, last);
		}

		case 'tikv': {
			const stores = tikvStores({
				cluster, replicas: spec.replicas, pods, facts, last: last?.stores,
			});
			const isUp = Object.values(stores).some(({state}) => state === 'Up');
			// The operator gets the stores from PD. Here they come from the pods, so they are in step whenever PD is.
			return {stores, synced: facts.pd !== undefined, ...(isUp || last?.bootStrapped === true) && {bootStrapped: true}};
		}

		case 'tidb': {
			return {
				members: tidbMembers({
					cluster, replicas: spec.replicas, pods, facts, last: last?.members,
				}),
			};
		}

		// Not asked, for there is none: whether they are in step is told by their pods.
		case 'tso':
		case 'scheduling':
		case 'tiflash':
		case 'ticdc':
		case 'tiproxy': {
			return {synced: facts.pd !== undefined};
		}

		case 'dm-master': {
			const members = dmMasters({
				cluster, replicas: spec.replicas, pods, facts, last: last?.members,
			});
			const leader = Object.values(members).find(({health}) => health);
			return {members, synced: leader !== undefined, ...(leader && {leader})};
		}

		case 'dm-worker': {
			const areAsked = Object.values(cluster.status?.['dm-master']?.members ?? {}).some(({health}) => health);
			return {
				members: dmWorkers({
					cluster, replicas: spec.replicas, pods, facts, last: last?.members,
				}),
				synced: areAsked,
			};
		}

		case 'pump': {
			return {};
		}
	}
}

/** While PD cannot be asked its members stay as they were last seen, and `synced` is false. */
function pdStatus({pd, now}: Facts, last: ComponentStatus | undefined): ComponentStatus {
	if (!pd) {
		return {members: last?.members, leader: last?.leader, synced: false};
	}

	const members = pdMembers(pd, now, last?.members);
	return {members, leader: pd.leader === undefined ? undefined : members[pd.leader], synced: true};
}

function imageOfSet(set: StatefulSet, component: Component): string | undefined {
	return set.spec.template.spec.containers.find(({name}) => name === component.name)?.image;
}
