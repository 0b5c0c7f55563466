
import type {Condition, Pod} from './types.ts';

export type Observed = {
	address: string;
	hostAddress: string;
	/** When the kubelet first saw the pod, ISO 8601. */
	startTime: string;
	/** The process behind the pod, if it runs. */
	running?: {startedAt: string; isReady: boolean};
	/** Why it does not run. */
	waiting?: {reason: string; message?: string};
	restarts: number;
	/** The run before this one. */
	before?: {startedAt: string; finishedAt: string};
};

/** Kubernetes keeps times in whole seconds. */
const seconds = (time: string): string => time.replace(/\.\d+Z$/v, 'Z');

const containerStatus = (name: string, image: string, observed: Observed) => {
	const {running, waiting, before} = observed;
	return {
		name,
		image,
		imageID: 'x',
		ready: running?.isReady ?? false,
		started: running !== undefined,
		restartCount: observed.restarts,
		state: running ? {running: {startedAt: seconds(running.startedAt)}} : {waiting},
		lastState: before
			? {
				terminated: {
					exitCode: 1, reason: 'Error', startedAt: seconds(before.startedAt), finishedAt: seconds(before.finishedAt),
				},
			}
			: {},
	};
};

/**
The status that kubelet would report. A condition that has not changed keeps its time of transition.

@param pod - The pod as the API server has it.
@param observed - What the kubelet sees of the process.
@param now - ISO 8601.
*/
export const podStatus = (pod: Pod, observed: Observed, now: string) => {
	const {running} = observed;
	const condition = (type: string, isTrue: boolean): Condition => {
		const status = isTrue ? 'True' : 'False';
		const present = pod.status?.conditions?.find(one => one.type === type);
		return {
			type,
			status,
			lastProbeTime: null,
			lastTransitionTime: present?.status === status ? present.lastTransitionTime : seconds(now),
			...(!isTrue && {reason: 'ContainersNotReady', message: `containers with unready status: [${pod.spec.containers.map(one => one.name).join(' ')}]`}),
		};
	};

	const isReady = running?.isReady ?? false;
	const isStarted = running !== undefined || observed.restarts > 0;
	return {
		phase: isStarted ? 'Running' : 'Pending',
		hostIP: observed.hostAddress,
		...(isStarted && {podIP: observed.address, podIPs: [{ip: observed.address}]}),
		startTime: seconds(observed.startTime),
		qosClass: pod.status?.qosClass ?? 'BestEffort',
		conditions: [condition('Initialized', true), condition('PodScheduled', true), condition('ContainersReady', isReady), condition('Ready', isReady)],
		containerStatuses: pod.spec.containers.map(one => containerStatus(one.name, one.image ?? '', observed)),
	};
};
