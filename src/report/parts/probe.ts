import type {ProbeTarget} from '../numbers.ts';
import type {Section} from '../page.ts';
import type {RunRecord} from '../record.ts';
import {took} from '../time.ts';

const sum = (targets: ProbeTarget[], of: 'attempts' | 'certificateFailures' | 'otherFailures'): number => targets.reduce((total, target) => total + target[of], 0);

/** What connections were counted during the run; none where no probe was on. */
export const probe = ({probe: numbers}: RunRecord): Section[] => {
	if (!numbers) {
		return [];
	}

	const {targets} = numbers;
	const total = [
		`${sum(targets, 'attempts')} connections during the run: ${sum(targets, 'certificateFailures')} failed by a certificate,`,
		`${sum(targets, 'otherFailures')} otherwise (a port that restarts refuses connections).`,
	].join(' ');
	return [{
		id: 'probe',
		title: 'Traffic probe',
		blocks: [
			{is: 'text', text: total},
			{
				is: 'table',
				caption: 'Connections per port',
				head: ['pod', 'component', 'port', 'attempts', 'accepted', 'certificate failures', 'other failures', 'forwards lost', 'longest gap'],
				rows: targets.map(({pod, component, port, attempts, accepted, certificateFailures, otherFailures, forwardsLost, longestGap}) =>
					[pod, component, ...[port, attempts, accepted, certificateFailures, otherFailures, forwardsLost].map(String), took(longestGap)]),
			},
		],
	}];
};
