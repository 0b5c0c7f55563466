import process from 'node:process';
import anyTest, {type TestFn} from 'ava';
import {type Place, startPlace, stopPlace} from '../cluster/helpers/place.ts';
import {
	areTwo,
	issuerOf,
	matrixName,
	sideOf,
} from './campaign.ts';
import {
	goingOn,
	meant,
	outcomesOf,
	recordRotation,
	restartedInEachPhase,
	sandboxInTurn,
	undisturbed,
	watched,
	wholeRotation,
} from './cluster.ts';
import {plannedPoints} from './kill-at.ts';
import {openReaper} from './reaper.ts';

const test = anyTest as TestFn<{place: Place}>;
const issuer = issuerOf(process.env.ISSUER);
const subject = {issuer, side: sideOf(process.env.SIDE), isPair: areTwo(process.env.CLUSTERS)};
const name = matrixName('kill-test', subject);

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: meant(await startPlace(name, sandboxInTurn(subject)), subject)};
});

test.after.always(async () => {
	await stopPlace(name);
});

/** Requests by cfssl and backups are left beside the files of the documents. */
const lasting = (files: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(files).filter(([file]) => !/^backups|\.csr$/v.test(file)));

test.serial('a rotation that is killed before and after each of its writes in turn, and resumed each time, ends like an undisturbed one: same restarts, 0 certificate errors', async t => {
	// Where cert-manager issues, a third of the points are in steps that are begun anew after each kill.
	t.timeout(issuer === 'cfssl' ? 5_400_000 : 14_400_000);
	const {place} = t.context;
	const reaper = await openReaper(place);
	const began = Date.now();
	let last = await reaper.run('every', wholeRotation(place));
	let kills = 0;
	const seen = await watched(place, async () => {
		while (last.struck !== undefined) {
			kills++;
			last = await reaper.run('every', goingOn(place, began));
		}
	});
	const points = await reaper.points();
	const after = await outcomesOf(place);
	t.is(last.status, 0, last.stderr);
	t.deepEqual(plannedPoints(place).filter(point => !points.includes(point)), [], 'each write of the plan');
	t.is(points.length, kills);
	t.log(`killed ${kills} times, ${plannedPoints(place).length} of them at the plan's own writes`, seen.traffic.total);
	t.notThrows(() => {
		undisturbed(seen);
	});
	t.notThrows(() => {
		restartedInEachPhase(place, seen);
	});
	const {outcomes} = await recordRotation(place, reaper);
	await reaper.close();
	for (const [index, outcome] of outcomes.entries()) {
		t.deepEqual(after[index]!.secrets, outcome.secrets);
		t.deepEqual(after[index]!.issued, outcome.issued);
		t.deepEqual(lasting(after[index]!.files), lasting(outcome.files));
	}
});
