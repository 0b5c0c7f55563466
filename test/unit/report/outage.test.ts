import test from 'ava';
import {makePlan} from '../../../src/plan/make.ts';
import type {Target} from '../../../src/plan/types.ts';
import {expectedOutage} from '../../../src/render/outage.ts';
import {outageOf, outageText} from '../../../src/report/outage.ts';
import {eventsOf, runRecord} from '../../helpers/run-record.ts';
import {issuedCluster as cluster, World} from '../../helpers/world.ts';

const observation = new World(true).observe();
const target: Target = {
	route: 'new-ca', retire: false, strict: false, leaves: cluster.components, asDocumented: true,
};
const plan = makePlan({
	cluster, observation, target, changed: {}, cure: false,
});
const {events} = eventsOf(plan);
const timeOf = (name: string, step: string): string => events.find(({event, facts}) => event === name && facts.step === step)!.time;

test('the outage that the documents have lasts from the components\' Secrets until every pod was asked', t => {
	t.deepEqual(outageOf({plan, events}), {from: timeOf('begin', 'reissue.secrets'), until: timeOf('end', 'reissue.verify'), isEarlier: false});
});

test('a run that went on in an outage tells that it had begun before', t => {
	const rest = events.filter(({facts}) => facts.step !== 'reissue.secrets');
	const outage = outageOf({plan, events: rest})!;
	t.deepEqual(outage, {from: timeOf('begin', 'reissue.recreate.pd'), until: timeOf('end', 'reissue.verify'), isEarlier: true});
	t.regex(outageText(outage), /^at most .* in this run, from [\d:]+Z \(where this run went on; the outage had begun before\) until /v);
});

test('a run that ended in its outage tells of none that is over', t => {
	t.is(outageOf({plan, events: events.slice(0, -1).filter(({facts}) => facts.step !== 'reissue.verify')}), undefined);
});

test('a rotation without an outage tells of none, before and after', t => {
	const record = runRecord();
	t.is(outageOf(record), undefined);
	t.is(expectedOutage(record.plan, observation), '');
});

test('how long it was is told with its two ends', t => {
	const outage = {from: '2026-11-25T20:53:25.100Z', until: '2026-11-25T20:54:01.100Z', isEarlier: false};
	t.is(outageText(outage), 'at most 36 s, from 20:53:25Z (the first Secret) until 20:54:01Z (every pod was seen to accept the new certificates)');
});

test('how long it is expected to be is told before, by the pods and how long they took to restart', t => {
	const [what, howLong, ...rest] = expectedOutage(plan, observation).split('\n');
	t.regex(what!, /^An outage: from the first Secret until the last of \d+ pods is Ready again, the components refuse each other\.$/v);
	t.is(howLong, 'Expected: about 6 min 30 s (3 components in turn, 2 min 00 s each, estimated, and 30 s for Secrets and the last look).');
	t.deepEqual(rest, []);
});
