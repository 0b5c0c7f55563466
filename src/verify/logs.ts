import type {
	Evidence,
	Finding,
	Logs,
	PodLog,
	Tries,
} from './types.ts';

/** What Go, OpenSSL and Rust say when a certificate or TLS is the reason; not that a connection ends, or that an operator waits for PD. */
const failures = [
	/x509: |(?:remote|local) error: tls: /iv,
	/tls: (?:failed to verify|bad certificate|client didn't|client offered|private key|unknown certificate|expired certificate)/iv,
	/certificate[ _]verify[ _]failed|certificate has expired|unknown certificate authority/iv,
	/alert (?:bad|unknown|expired|revoked|unsupported) ?(?:certificate|ca)\b/iv,
];

const isFailure = (text: string): boolean => failures.some(failure => failure.test(text));

/** `kubectl logs --timestamps` puts the node's time before each line. */
const stamped = /^(?<time>\d{4}-\d{2}-\d{2}T\S+) (?<text>.*)$/v;

/** The lines of a log, read with `--timestamps`, that speak of a certificate or TLS failing. `since` is ISO 8601: older ones do not count. */
export const failuresIn = (log: string, since: string): PodLog['errors'] => log.split('\n').flatMap(line => {
	const {time: stamp = '', text = ''} = stamped.exec(line)?.groups ?? {};
	const time = Date.parse(stamp);
	return isFailure(text) && time >= Date.parse(since) ? [{time, text}] : [];
});

/** How far the clocks of node and tool may be apart, and how late a line may come, in milliseconds. */
const slack = {before: 5000, after: 10_000};

/**
The errors that the tool's own tries do not account for: each rejected try takes one of those that came within its time.
@returns what is left, oldest first, and how many were matched.
*/
export const withoutTries = (errors: PodLog['errors'], tries: Tries[]): {left: PodLog['errors']; matched: number} => {
	let left = errors.toSorted((one, other) => one.time - other.time);
	for (const {from, to, rejected} of tries.toSorted((one, other) => one.from - other.from)) {
		const within = left.filter(({time}) => time >= from - slack.before && time <= to + slack.after);
		const matched = new Set(within.slice(0, rejected));
		left = left.filter(error => !matched.has(error));
	}

	return {left, matched: errors.length - left.length};
};

/** A pod's log, judged. */
const judged = ({tries}: Logs, log: PodLog) => ({log, ...withoutTries(log.errors, tries.filter(({pod}) => pod === log.pod))});

const longest = 300;

const shown = (text: string): string => text.length > longest ? `${text.slice(0, longest)}…` : text;

/** Pods in whose logs certificates or TLS fail, beyond what the tool's own tries left there. */
export const logFindings = ({cluster, logs, observation}: Evidence): Finding[] => logs.pods.map(log => judged(logs, log)).filter(({left}) => left.length > 0).map(({log, left}) => {
	const component = observation.pods.find(({name}) => name === log.pod && log.namespace === cluster.namespace)?.component;
	const last = left.at(-1)!;
	return {
		code: 'log-errors',
		...(component !== undefined && {component: component as NonNullable<Finding['component']>}),
		pod: log.pod,
		what: [
			`the log of ${log.pod} has ${left.length} ${left.length === 1 ? 'line' : 'lines'} since ${logs.since} in which certificates or TLS fail`,
			`the last, at ${new Date(last.time).toISOString()}: ${shown(last.text)}`,
		].join('; '),
		fix: `README.md says what such lines mean ("By what the logs say"); to see them: kubectl logs ${log.pod} -n ${log.namespace} --since-time=${logs.since}`,
	};
});

/** What was read, in one sentence, and what could not be. */
export const logNotes = ({logs}: Evidence): string[] => {
	const matched = logs.pods.map(log => judged(logs, log).matched).reduce((sum, count) => sum + count, 0);
	const read = logs.pods.filter(({problem}) => problem === undefined);
	const own = matched === 0 ? '' : `; ${matched} ${matched === 1 ? 'line there was' : 'lines there were'} left by the tool's own tries`;
	return [
		`the logs of ${read.length} pods were read since ${logs.since} (${logs.why})${own}`,
		...(logs.problem === undefined ? [] : [logs.problem]),
		...logs.pods.filter(({isCut}) => isCut).map(({pod}) => `the log of ${pod} is longer than what is read of it: only its latest lines count`),
		...logs.pods.filter(({problem}) => problem !== undefined).map(({pod, problem}) => `the log of ${pod} could not be read: ${problem}`),
	];
};
