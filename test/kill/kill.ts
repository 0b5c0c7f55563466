#!/usr/bin/env node
import process from 'node:process';
import {startPlace, stopPlace} from '../cluster/helpers/place.ts';
import {environment} from '../environment.ts';
import {
	areTwo,
	issuerOf,
	matrixName,
	runCampaign,
	seedOf,
	shardOf,
	sideOf,
} from './campaign.ts';
import {meant, sandboxFor} from './cluster.ts';
import {killAt, recordPoints} from './kill-at.ts';
import {openReaper} from './reaper.ts';
import {saveStates} from './saved-state.ts';

/*
`make test-kill`: a rotation with retiring is killed just before and just after each of its writes, each time from the same saved
state, and run again; on stand-ins. The points come from the plan (what its lines write) and from an undisturbed run (what the run
writes besides).
*/
// As ava's configurations do for the tests.
Object.assign(process.env, environment);
const shard = shardOf(process.env.SHARD);
const seed = seedOf();
const issuer = issuerOf(process.env.ISSUER);
const subject = {issuer, side: sideOf(process.env.SIDE), isPair: areTwo(process.env.CLUSTERS)};
const matrix = matrixName('kill', subject);
const name = `${matrix}-${shard.index}-of-${shard.of}`;
const place = meant(await startPlace(name, sandboxFor(subject)), subject);
const [reaper, saved] = await Promise.all([openReaper(place), saveStates(place, {asAnnotated: false})]);
try {
	const {points, planned, outcomes} = await recordPoints(place, reaper);
	process.stdout.write(`${points.length} points, ${planned.length} of them by the plan's lines\n`);
	await runCampaign(matrix, points.map(point => ({
		title: point, run: async () => killAt({
			place, reaper, saved, outcomes,
		}, point),
	})), {shard, seed});
} finally {
	await Promise.all([reaper.close(), saved.close()]);
	await stopPlace(name);
}
