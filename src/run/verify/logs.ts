import {components} from '../../cluster/components.ts';
import type {Cluster, ComponentName} from '../../cluster/types.ts';
import type {Access} from '../../observe/cluster.ts';
import type {Observation} from '../../observe/types.ts';
import {failuresIn} from '../../verify/logs.ts';
import type {PodLog} from '../../verify/types.ts';
import {ProgramError, runProgram} from '../program.ts';
import {redactor} from '../redact.ts';
import {sideBySide} from '../side-by-side.ts';

type Source = {namespace: string; pod: string; container: string[]};

/** Of each pod's log, the latest lines and no more bytes: a log may be of any size. */
const lines = 20_000;
const bytes = 8_000_000;
/** Logs read at a time: each costs a kubectl. */
const atOnce = 4;

const operatorLabel = 'app.kubernetes.io/name=tidb-operator';

const read = async ({env}: Access, {namespace, pod, container}: Source, since: string): Promise<PodLog> => {
	const arguments_ = ['logs', pod, `--namespace=${namespace}`, ...container, '--timestamps', `--since-time=${since}`, `--tail=${lines}`, `--limit-bytes=${bytes}`];
	const {stdout, stderr, exitCode} = await runProgram('kubectl', arguments_, {what: `reading the log of ${pod}`, env, allowFailure: true});
	const clean = redactor([]);
	return {
		namespace,
		pod,
		errors: failuresIn(stdout, since).map(({time, text}) => ({time, text: clean(text)})),
		isCut: stdout.length >= bytes || stdout.split('\n').length > lines,
		...(exitCode !== 0 && {problem: stderr.trim().split('\n').at(-1) ?? ''}),
	};
};

type Listed = {items: Array<{metadata: {namespace: string; name: string}}>};

/** The pods of TiDB Operator, in whichever namespace; or why there are none to be seen. */
const operatorPods = async ({env}: Access): Promise<{sources: Source[]; problem?: string}> => {
	try {
		const {stdout} = await runProgram('kubectl', ['get', 'pods', '--all-namespaces', `--selector=${operatorLabel}`, '-o', 'json'], {what: 'looking for the operator\'s pods', env});
		const {items} = JSON.parse(stdout) as Listed;
		return {
			sources: items.map(({metadata: {namespace, name}}) => ({namespace, pod: name, container: ['--all-containers']})),
			...(items.length === 0 && {problem: `no pod has the label ${operatorLabel}: the operator's log is not looked at`}),
		};
	} catch (error) {
		if (!(error instanceof ProgramError)) {
			throw error;
		}

		return {sources: [], problem: `the operator's pods may not be listed, so its log is not looked at: ${error.stderr.trim().split('\n').at(-1) ?? ''}`};
	}
};

/** The option for the container that has the certificates; TiDB's pod has another one, with slow queries. */
const containerOf = (component: string): string => Object.hasOwn(components, component) ? `--container=${components[component as ComponentName].container}` : '--all-containers';

/** Reads what the logs of the cluster's pods, and of the operator's, say of certificates since a time (ISO 8601). */
export const readLogs = async (access: Access, {namespace}: Cluster, {pods}: Observation, since: string): Promise<{pods: PodLog[]; problem?: string}> => {
	const {sources, ...problem} = await operatorPods(access);
	const own = pods.map(({name, component}) => ({namespace, pod: name, container: [containerOf(component)]}));
	return {pods: await sideBySide([...own, ...sources], atOnce, async source => read(access, source, since)), ...problem};
};
