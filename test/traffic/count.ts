import type {Outcome} from './outcome.ts';

/** What became of the connections of one direction, or of all. */
export type Counts = {
	attempts: number;
	accepted: number;
	/** The peer's alert, or our own check of the peer's certificate. */
	certificateErrors: number;
	/** Refused, cut or silent while the called process was being restarted: no certificate's doing. */
	restarting: number;
	/** Refused, cut or silent although the called process ran on: nothing explains it. */
	unexplained: number;
};

/** One connection. */
export type Connection = {
	/** Milliseconds since the epoch. */
	time: number;
	/** `tikv → pd 2379`. */
	direction: string;
	/** A pod's name, or `client`. */
	from: string;
	to: string;
	outcome: Outcome;
	/** The error's code and words. */
	detail: string;
};

export type Tally = {
	total: Counts;
	directions: Record<string, Counts>;
	/** The first connections that failed by certificates, or that nothing explains; times in ISO 8601. */
	examples: Array<Omit<Connection, 'time'> & {time: string}>;
};

const mostExamples = 100;

/** Counts connections per direction. Those that failed without a word of TLS are kept, and judged at the end. */
export const makeCounter = () => {
	const attempts: Record<string, number> = {};
	const failures: Connection[] = [];

	const countsOf = (direction: string | undefined, isRestarting: (connection: Connection) => boolean): Counts => {
		const own = failures.filter(failure => direction === undefined || failure.direction === direction);
		const certificateErrors = own.filter(({outcome}) => outcome === 'certificate').length;
		const restarting = own.filter(failure => failure.outcome !== 'certificate' && isRestarting(failure)).length;
		const tried = direction === undefined ? Object.values(attempts).reduce((sum, count) => sum + count, 0) : attempts[direction]!;
		return {
			attempts: tried, accepted: tried - own.length, certificateErrors, restarting, unexplained: own.length - certificateErrors - restarting,
		};
	};

	return {
		/** How many connections were counted so far. */
		attempts: () => Object.values(attempts).reduce((sum, count) => sum + count, 0),
		add(connection: Connection): void {
			attempts[connection.direction] = (attempts[connection.direction] ?? 0) + 1;
			if (connection.outcome !== 'accepted') {
				failures.push(connection);
			}
		},
		/**
		The counts so far.

		@param isRestarting - Whether the process that was called was being restarted at that time.
		*/
		tally: (isRestarting: (connection: Connection) => boolean): Tally => ({
			total: countsOf(undefined, isRestarting),
			directions: Object.fromEntries(Object.keys(attempts).map(direction => [direction, countsOf(direction, isRestarting)])),
			examples: failures.filter(failure => failure.outcome === 'certificate' || !isRestarting(failure))
				.slice(0, mostExamples)
				.map(failure => ({...failure, time: new Date(failure.time).toISOString()})),
		}),
	};
};
