import {usage} from '../errors.ts';
import type {ProbeWish} from './along.ts';

/** The options of a command that a traffic probe may accompany. */
export type ProbeFlags = {
	probe?: boolean;
	/** Milliseconds between two of its connections to a port. */
	probeInterval?: number;
};

const usualInterval = 1000;

/** The same options as words of a command, for messages; see `goOnCommand`. */
export const givenProbe = ({probe, probeInterval}: ProbeFlags): Array<[flag: string, value: string | boolean | undefined]> => [
	['--probe', probe],
	['--probe-interval', probeInterval === undefined ? undefined : `${probeInterval / 1000}s`],
];

/** Refuses what makes no sense, before anything is looked at. */
export const checkProbeUsage = ({probe, probeInterval}: ProbeFlags): void => {
	if (probeInterval !== undefined && !probe) {
		throw usage('--probe-interval is that of the traffic probe: it needs --probe');
	}

	if (probeInterval === 0) {
		throw usage('--probe-interval must be 1s or more: each connection costs the API server some work');
	}
};

/** The traffic probe that is asked for. `stops`: whether certificate failures end the run, and are not what it is there to cure. */
export const probeWish = ({probe, probeInterval = usualInterval}: ProbeFlags, {stops}: {stops: boolean}): ProbeWish | undefined =>
	probe ? {interval: probeInterval, stops} : undefined;
