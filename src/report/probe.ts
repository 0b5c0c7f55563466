import type {ProbeNumbers, ProbeTarget} from './numbers.ts';
import {columns} from './table.ts';

const sum = (targets: ProbeTarget[], field: 'attempts' | 'accepted' | 'certificateFailures'): number =>
	targets.reduce((total, target) => total + target[field], 0);

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** The traffic probe's counts in words, and a table with a row for each port. */
export const probeTable = ({targets}: ProbeNumbers): string => {
	const rows = targets.map(({pod, port, attempts, accepted, certificateFailures, otherFailures, forwardsLost, longestGap}) =>
		[pod, port, attempts, accepted, certificateFailures, otherFailures, forwardsLost, seconds(longestGap)].map(String));
	return [
		`Probe: ${sum(targets, 'attempts')} mTLS connections through port-forward, ${sum(targets, 'accepted')} accepted, ${sum(targets, 'certificateFailures')} certificate failures`,
		columns([['pod', 'port', 'attempts', 'accepted', 'certificate failures', 'other failures', 'forwards lost', 'longest gap'], ...rows]),
	].join('\n');
};
