import type {Observation, PodFacts, StatefulSetFacts} from '../observe/types.ts';
import type {RunContext} from './context.ts';
import {runProgram} from './program.ts';

/** So many pods are looked into; the others are likely to have the same cause. */
const mostPods = 2;
const lastLogLines = 8;
const lastEvents = 5;

type PodStatus = {
	status?: {
		conditions?: Array<{type: string; status: string; lastTransitionTime?: string}>;
		containerStatuses?: Array<{name: string; state?: {waiting?: {reason?: string; message?: string}}; lastState?: {terminated?: {reason?: string; exitCode?: number}}}>;
	};
};

const indented = (title: string, text: string): string[] => text.trim() === '' ? [] : [`    ${title}:`, ...text.trim().split('\n').map(line => `      ${line}`)];

const stateWords = (text: string): string[] => {
	const {status} = JSON.parse(text) as PodStatus;
	const ready = status?.conditions?.find(({type}) => type === 'Ready');
	const since = ready?.lastTransitionTime === undefined ? '' : ` since ${ready.lastTransitionTime}`;
	const containers = (status?.containerStatuses ?? []).flatMap(({name, state, lastState}) => [
		...(state?.waiting ? [`container ${name} waits: ${state.waiting.reason ?? ''} ${state.waiting.message ?? ''}`.trimEnd()] : []),
		...(lastState?.terminated ? [`container ${name} ended: ${lastState.terminated.reason ?? ''}, status ${lastState.terminated.exitCode ?? 'unknown'}`] : []),
	]);
	return [`not Ready${since}`, ...containers];
};

/** What kubectl says; nothing where it cannot say it: the message that this goes into is about something else. */
const ask = async ({access, signal}: RunContext, args: string[]): Promise<string> => {
	if (signal.aborted) {
		return '';
	}

	const {stdout, exitCode} = await runProgram('kubectl', args, {env: access.env, timeout: 10_000, allowFailure: true}).catch(() => ({stdout: '', exitCode: 1}));
	return exitCode === 0 ? stdout : '';
};

const eventsOf = async (context: RunContext, name: string): Promise<string[]> => {
	const lines = String.raw`{range .items[*]}{.lastTimestamp} {.type} {.reason}: {.message}{"\n"}{end}`;
	const text = await ask(context, [
		'get', 'events', `--namespace=${context.plan.cluster.namespace}`, `--field-selector=involvedObject.name=${name}`, '--sort-by=.lastTimestamp', `--output=jsonpath=${lines}`,
	]);
	return indented('events', text.trim().split('\n').slice(-lastEvents).join('\n'));
};

const aboutPod = async (context: RunContext, {name, component}: PodFacts): Promise<string[]> => {
	const namespace = `--namespace=${context.plan.cluster.namespace}`;
	const [pod, log, events] = await Promise.all([
		ask(context, ['get', 'pod', name, namespace, '-o', 'json']),
		ask(context, ['logs', name, namespace, `--container=${component}`, `--tail=${lastLogLines}`]),
		eventsOf(context, name),
	]);
	const states = pod === '' ? ['cannot be read'] : stateWords(pod);
	return [
		`  ${name}: ${states.join('; ')}`,
		...indented('its last log lines', log),
		...events,
	];
};

/** A StatefulSet that lacks pods: why they cannot be made stands in its own events. */
const aboutSet = async (context: RunContext, {name, replicas}: StatefulSetFacts, present: number): Promise<string[]> =>
	[`  ${name}: ${present} of ${replicas} pods`, ...await eventsOf(context, name)];

/** What a person would look up first about pods that do not get Ready, or cannot be made: since when, why, their last log lines and events; redacted. */
export const podTrouble = async (context: RunContext, {pods, sets}: Observation): Promise<string[]> => {
	const unready = pods.filter(pod => !pod.ready || pod.deleting);
	const counted = sets.map(set => ({set, present: pods.filter(({component}) => component === set.component).length}));
	const [redact, ...found] = await Promise.all([
		context.redact(),
		...unready.slice(0, mostPods).map(async pod => aboutPod(context, pod)),
		...counted.filter(({set, present}) => present < set.replicas).map(async ({set, present}) => aboutSet(context, set, present)),
	]);
	const more = unready.length > mostPods ? [`  and ${unready.length - mostPods} more pods that are not Ready`] : [];
	return [...found.flat(), ...more].map(line => redact(line));
};
