import test from 'ava';
import {probeTable} from '../../../src/report/probe.ts';

const target = {
	pod: 'basic-pd-0', component: 'pd', port: 2379, attempts: 40, accepted: 36, certificateFailures: 1, otherFailures: 3, forwardsLost: 2, longestGap: 4249,
};

test('the probe\'s table has a row for each port, gaps in seconds, and the sums above', t => {
	const other = {
		...target, port: 2380, attempts: 2, accepted: 2, certificateFailures: 0,
	};
	const lines = probeTable({targets: [target, other]}).trimEnd().split('\n');
	t.is(lines[0], 'Probe: 42 mTLS connections through port-forward, 38 accepted, 1 certificate failures');
	t.deepEqual(lines.slice(1).map(line => line.split(/ {2,}/v)), [
		['pod', 'port', 'attempts', 'accepted', 'certificate failures', 'other failures', 'forwards lost', 'longest gap'],
		['basic-pd-0', '2379', '40', '36', '1', '3', '2', '4.2 s'],
		['basic-pd-0', '2380', '2', '2', '0', '3', '2', '4.2 s'],
	]);
});
