import {probeNumbersOf} from '../cluster/helpers/journal.ts';
import {rotate} from '../cluster/helpers/product.ts';
import type {TestSandbox} from '../cluster/helpers/sandbox.ts';
import {startTraffic} from '../cluster/helpers/traffic.ts';

/** What was counted during one rotation. */
export type Rotation = {
	/** Handshakes that were accepted: between the pods and from a client, straight at the pods' addresses. */
	direct: number;
	/** The same through `kubectl port-forward`, by the rotation's own probe. */
	forwarded: number;
	certificateFailures: number;
	/** Direct connections that failed without a word of TLS though the called process ran on. */
	unexplained: number;
	seconds: number;
};

/** Counters that run side by side, and how many connections each makes a second: two cores have a cluster to run as well. */
const counters = 2;
const rate = 120;

/**
Rotates a sandbox's cluster to another CA, `args` being options of `rotate`, and counts the mTLS connections that are made all the while.
@throws Error with what went wrong, when the rotation does not end with status 0.
*/
export const countRotation = async (sandbox: TestSandbox, args: string[]): Promise<Rotation & {examples: unknown[]}> => {
	const traffic = await Promise.all(Array.from({length: counters}, async () => startTraffic(sandbox, rate)));
	const {exitCode, stderr, seconds} = await rotate(sandbox, [...args, '--min-age', '0', '--probe', '--yes']);
	const reports = await Promise.all(traffic.map(async counter => counter.stop()));
	if (exitCode !== 0) {
		throw new Error(`the rotation ended with status ${exitCode}:\n${stderr}`);
	}

	const {targets} = await probeNumbersOf(sandbox.folder);
	const counted: Rotation & {examples: unknown[]} = {
		direct: 0, forwarded: 0, certificateFailures: 0, unexplained: 0, seconds, examples: reports.flatMap(({examples}) => examples),
	};
	for (const {total} of reports) {
		counted.direct += total.accepted;
		counted.certificateFailures += total.certificateErrors;
		counted.unexplained += total.unexplained;
	}

	for (const {accepted, certificateFailures} of targets) {
		counted.forwarded += accepted;
		counted.certificateFailures += certificateFailures;
	}

	return counted;
};
