#!/usr/bin/env node
import process from 'node:process';
import {runCampaign, seedOf, shardOf} from '../kill/campaign.ts';
import {findPrograms} from '../sandbox/programs.ts';
import {programNames} from '../sandbox/state.ts';
import {standinProgram} from '../sandbox/standin/build.ts';
import {casesOf, titleOf} from './case.ts';
import {openServer} from './server.ts';
import {tryCase} from './try-case.ts';

/* `make test-mixed`: 200 random mixed states, each set up for real with a single server, beside what the proof says of them. */
const count = 200;

const programs = await findPrograms(programNames, text => {
	process.stdout.write(text);
});
const server = await openServer({programs, standin: await standinProgram()});
try {
	const cases = casesOf(count, seedOf()).map((one, index) => ({title: titleOf(one, index + 1), run: async () => tryCase(one, server)}));
	await runCampaign('mixed', cases, {shard: shardOf(process.env.SHARD)});
} finally {
	await server.close();
}
