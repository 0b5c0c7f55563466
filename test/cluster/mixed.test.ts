import test from 'ava';
import {seedOf} from '../kill/campaign.ts';
import {casesOf, titleOf} from '../mixed/case.ts';
import {openServer} from '../mixed/server.ts';
import {tryCase} from '../mixed/try-case.ts';
import {findPrograms} from '../sandbox/programs.ts';
import {programNames} from '../sandbox/state.ts';
import {standinProgram} from '../sandbox/standin/build.ts';

const count = 30;

test(`in ${count} random mixed states that are set up for real, what the proof says is what comes of the handshakes`, async t => {
	t.timeout(600_000);
	const server = await openServer({
		programs: await findPrograms(programNames, text => {
			t.log(text.trim());
		}),
		standin: await standinProgram(),
	});
	try {
		const ends = new Map<string, number>();
		for (const [index, one] of casesOf(count, seedOf()).entries()) {
			const end = await tryCase(one, server).catch((error: unknown) => {
				t.fail(`${titleOf(one, index + 1)}\n${String(error)}`);
				return 'wrong';
			});
			ends.set(end, (ends.get(end) ?? 0) + 1);
		}

		t.log(Object.fromEntries(ends));
		// All ends are there: none of them passes by itself.
		t.true(['accepted', 'refused by the client', 'refused by the server'].every(end => ends.has(end)));
	} finally {
		await server.close();
	}
});
