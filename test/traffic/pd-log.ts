/** A line of PD's log that tells of a failed certificate. */
export type LogError = {pod: string; /** Milliseconds since the epoch. */ time: number; line: string};

/** A try of a gate that a port rejected, as the journal of the cluster folder has it. */
export type RejectedTry = {
	pod: string;
	port: number;
	present: string;
	/** When the round of tries was over. */
	time: number;
	/** Made before the one that told: it may have left no line. */
	isEarlier?: true;
};

/** Of which log lines the gates' own tries are the cause. */
export type Matched = {explained: number; unexplained: LogError[]; /** Rejected tries that left no line. */ silent: RejectedTry[]};

const about = /x509: |tls: |authentication handshake failed/v;
const head = /^\[(?<year>\d{4})\/(?<month>\d\d)\/(?<day>\d\d) (?<clock>[\d.:]+) (?<zone>[+\-]\d\d:\d\d)\]/v;

const timeOf = (line: string): number | undefined => {
	const found = head.exec(line)?.groups;
	return found ? Date.parse(`${found.year}-${found.month}-${found.day}T${found.clock}${found.zone}`) : undefined;
};

/**
The lines of PD's log, of all lives of its process, that tell of a failed certificate on either side of a connection.

@param pod - Whose log it is.
@param log - The log's text.
@param since - Milliseconds since the epoch: earlier lines are left out.
*/
export const certificateErrorsIn = (pod: string, log: string, since: number): LogError[] => log.split('\n')
	.filter(line => about.test(line))
	.map(line => ({pod, time: timeOf(line) ?? Infinity, line}))
	.filter(({time}) => time >= since);

type Entry = {time: string; event: string; tries?: Array<{pod: string; port: number; present: string; verdict: string; attempts?: number; lost?: number}>};

/** The tries that were rejected, from the text of `journal.ndjson`. */
export const rejectedTriesIn = (journal: string): RejectedTry[] => journal.split('\n').filter(Boolean).flatMap(text => {
	const {event, time, tries = []} = JSON.parse(text) as Entry;
	return event === 'handshakes'
		? tries.filter(({verdict}) => verdict === 'rejected').flatMap(({pod, port, present, attempts = 1, lost = 0}) => {
			const told: RejectedTry = {
				pod, port, present, time: Date.parse(time),
			};
			// What was tried before, and came back without a word through the port-forward, or ended with it, may have been refused as well.
			return [told, ...Array.from({length: attempts - 1 + lost}, (): RejectedTry => ({...told, isEarlier: true}))];
		})
		: [];
});

/** A round of tries takes this long at most; the journal has the time of its end. */
const longestRound = 120_000;

/** Every rejected try explains one line of that pod's log, written before the round of tries was over. */
export const matchTries = (errors: LogError[], tries: RejectedTry[]): Matched => {
	// Those that told first: they must have left a line.
	const inOrder = tries.toSorted((one, other) => one.time - other.time);
	const left = [...inOrder.filter(({isEarlier}) => !isEarlier), ...inOrder.filter(({isEarlier}) => isEarlier)];
	const unexplained = errors.toSorted((one, other) => one.time - other.time).filter(({pod, time}) => {
		const cause = left.findIndex(rejected => rejected.pod === pod && rejected.time >= time && rejected.time - time <= longestRound);
		if (cause === -1) {
			return true;
		}

		left.splice(cause, 1);
		return false;
	});
	return {explained: errors.length - unexplained.length, unexplained, silent: left.filter(({isEarlier}) => !isEarlier)};
};
