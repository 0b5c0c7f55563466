import type {Component} from './components.ts';
import type {Context} from './component-sync.ts';
import {PdClient} from './pd.ts';
import {
	pdPolicy,
	plainPolicy,
	tikvPolicy,
	toMilliseconds,
} from './policies.ts';
import {rollSteps, type Policy, type RollStep} from './roll.ts';
import {nextReplicas} from './scale.ts';
import {setPatch} from './statefulsets.ts';
import type {Phase, Pod, StatefulSet} from './types.ts';
import {isUpgrading, podView, setView} from './views.ts';

type Change = {component: Component; live: StatefulSet; wanted: StatefulSet; pods: Pod[]; phase: Phase};

// The documented default of spec.tikv.evictLeaderTimeout.
const evictLeaderTimeout = '1500m';

/**
Brings a StatefulSet one sync nearer to what is wanted: the template at once, replicas and partition step by step.

Outside of a roll the partition equals the replicas.
*/
export async function changeSet(context: Context, {component, live, wanted, pods, phase}: Change): Promise<void> {
	const {world} = context;
	const view = setView(live);
	const podViews = pods.map(pod => podView(pod));
	const policy = policyOf(context, component, view.replicas);
	// The StatefulSet controller may have counted the last pod before we looked at it.
	const isEnding = phase !== 'Upgrade' && !isUpgrading(view) && view.partition < view.replicas;
	const steps = isEnding || phase === 'Upgrade' ? rollSteps(view, podViews, policy) : [];
	const isDone = steps.every(step => step.do !== 'wait');
	const replicas = phase === 'Scale' ? nextReplicas(view.replicas, wanted.spec.replicas, podViews) : view.replicas;
	let partition = phase === 'Upgrade' || (isEnding && !isDone) ? view.partition : replicas;
	for (const step of steps) {
		if (step.do === 'partition') {
			partition = step.to;
		} else {
			await take(context, step, pods);
		}
	}

	if (component.name === 'pd' && replicas < view.replicas) {
		await pdClient(context).deleteMember(`${live.metadata.name}-${replicas}`);
	}

	const patch = setPatch(live, wanted, {replicas, partition});
	if (patch) {
		await world.patch('statefulSets', live.metadata, patch);
	}
}

function policyOf({cluster, facts}: Context, {name}: Component, replicas: number): Policy {
	switch (name) {
		case 'pd': {
			const healthy = new Set((facts.pd?.members ?? []).filter(({health}) => health).map(member => member.name));
			return pdPolicy({replicas, leader: facts.pd?.leader, healthy});
		}

		case 'tikv': {
			return tikvPolicy({
				replicas,
				leaders: Object.fromEntries(Object.entries(facts.tikv).map(([pod, {leaders}]) => [pod, leaders])),
				up: new Set(Object.keys(facts.tikv).filter(pod => facts.tikv[pod]?.up)),
				now: facts.now,
				timeout: toMilliseconds(cluster.spec.tikv?.evictLeaderTimeout ?? evictLeaderTimeout),
			});
		}

		case 'dm-master':
		case 'dm-worker': {
			return plainPolicy(name, new Set(Object.keys(facts.dm).filter(pod => facts.dm[pod])));
		}

		case 'tso':
		case 'scheduling': {
			return plainPolicy(name, new Set(Object.keys(facts.microservices).filter(pod => facts.microservices[pod])));
		}

		case 'tidb': {
			return plainPolicy(name, new Set(Object.keys(facts.tidb).filter(pod => facts.tidb[pod])));
		}

		case 'tiproxy':
		case 'tiflash':
		case 'pump':
		case 'ticdc': {
			return plainPolicy(name);
		}
	}
}

async function take(context: Context, step: Exclude<RollStep, {do: 'partition'}>, pods: Pod[]): Promise<void> {
	const {world, cluster, log} = context;
	const {namespace, name} = cluster.metadata;
	switch (step.do) {
		case 'wait': {
			log.repeated(`${namespace}/${name} roll`, `${namespace}/${name}: ${step.why}`);
			return;
		}

		case 'annotate': {
			const pod = pods.find(({metadata}) => metadata.name === step.pod);
			if (pod) {
				// With the uid, so that a successor of that name is not hit.
				await world.patch('pods', pod.metadata, {metadata: {uid: pod.metadata.uid, annotations: step.annotations}});
			}

			return;
		}

		case 'transfer leader': {
			log.repeated(`${namespace}/${name} roll`, `${namespace}/${name}: transfer pd leader from ${step.from} to ${step.to}`);
			await pdClient(context).transferLeader(step.to);
		}
	}
}

function pdClient({world, cluster, secret}: Context): PdClient {
	if (!secret) {
		throw new Error(`TidbCluster ${cluster.metadata.name}: no cluster client certificate to ask PD with`);
	}

	return new PdClient(cluster, world.list('pods', cluster.metadata.namespace, {
		'app.kubernetes.io/instance': cluster.metadata.labels?.['app.kubernetes.io/instance'] ?? cluster.metadata.name,
		'app.kubernetes.io/component': 'pd',
	}), secret);
}
