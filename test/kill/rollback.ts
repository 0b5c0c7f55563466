#!/usr/bin/env node
import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {exitStatus} from '../../src/run/errors.ts';
import {documentFiles, serialsByComponent} from '../cluster/helpers/agree.ts';
import {issuedOf} from '../cluster/helpers/issued.ts';
import {
	eachOf,
	type Place,
	startPlace,
	stopPlace,
} from '../cluster/helpers/place.ts';
import {secretsOf} from '../cluster/helpers/state-of.ts';
import {environment} from '../environment.ts';
import {
	areTwo,
	type Case,
	issuerOf,
	matrixName,
	runCampaign,
	seedOf,
	shardOf,
	sideOf,
} from './campaign.ts';
import {
	killedAt,
	meant,
	outcomesOf,
	recordRotation,
	same,
	sandboxFor,
	sideOptions,
	succeeded,
	undisturbed,
	watched,
	wholePlans,
	wholeRotation,
} from './cluster.ts';
import {openReaper} from './reaper.ts';
import {saveStates} from './saved-state.ts';

/*
`make test-rollback`: a rotation with retiring is killed after each of its steps, each time from the same saved state, and taken
back; and from the middle of each such rollback it is taken forward again; on stand-ins.
*/

/** Where cert-manager issues: the steps after which the new CA's Issuer is not there any more, so that from the middle of the way back no way leads on. */
const withoutNext = new Set(['retire.next', 'retire.tidy']);

const digest = (content: string): string => createHash('sha256').update(content).digest('hex');

/** Of one cluster: the texts of the Secrets, what every port serves, and the files of the documents, byte for byte. And cert-manager's objects, where it issues. */
const stateOfOne = async (place: Place): Promise<unknown> => {
	const [secrets, files] = [await secretsOf(place), await documentFiles(place)];
	return {
		secrets: Object.fromEntries(Object.entries(secrets).map(([component, {texts}]) => [component, texts])),
		serials: await serialsByComponent(place),
		files: await Promise.all(files.map(async file => [file, digest(await readFile(path.join(place.folder, file), 'utf8'))])),
		...(place.issuer === 'cert-manager' && {issued: await issuedOf(place)}),
	};
};

const stateOf = async (place: Place): Promise<unknown> => Promise.all(eachOf(place).map(async one => stateOfOne(one)));

type Ending = {time: string; step: string};

/** The steps that runs have ended since a time, by the journals, in their order; of two clusters each with its cluster's name. */
const endedSteps = async (place: Place, since: string): Promise<string[]> => {
	const endings = await Promise.all(eachOf(place).map(async ({folder, cluster}): Promise<Ending[]> => {
		const journal = await readFile(path.join(folder, 'journal.ndjson'), 'utf8');
		const found = journal.matchAll(/"time":"(?<time>[^"]+)","event":"end","step":"(?<step>[^"]+)"/gv).map(({groups}) => groups as Ending);
		return found.filter(({time}) => time >= since).map(({time, step}) => ({time, step: place.companion ? `${cluster}: ${step}` : step})).toArray();
	}));
	return endings.flat().toSorted((one, other) => one.time.localeCompare(other.time)).map(({step}) => step);
};

// As ava's configurations do for the tests.
Object.assign(process.env, environment);
const shard = shardOf(process.env.SHARD);
const seed = seedOf();
const issuer = issuerOf(process.env.ISSUER);
const subject = {issuer, side: sideOf(process.env.SIDE), isPair: areTwo(process.env.CLUSTERS)};
const matrix = matrixName('rollback', subject);
const name = `${matrix}-${shard.index}-of-${shard.of}`;
const place = meant(await startPlace(name, sandboxFor(subject)), subject);
const reaper = await openReaper(place);
const closing = [reaper.close];
try {
	// Where cert-manager issues, a rotation makes the folder, and the way back keeps it: what is saved has that of an earlier one.
	const earlier = issuer === 'cert-manager' ? await recordRotation(place, reaper) : undefined;
	const saved = await saveStates(place, {asAnnotated: true});
	closing.push(saved.close);
	const {outcomes} = earlier ?? await recordRotation(place, reaper);
	await saved.restore();
	const before = await stateOf(place);
	const rotateUpTo = async (step: string): Promise<void> => {
		const mode = `one after step ${step}` as const;
		killedAt(mode, await reaper.run(mode, wholeRotation(place)));
	};

	const begin = async (): Promise<void> => {
		await saved.restore();
		await reaper.forget();
	};

	/** Resolves with the steps of the rollback. */
	const back = async (step: string): Promise<{steps: string[]; words: string}> => {
		await begin();
		let steps: string[] = [];
		const seen = await watched(place, async () => {
			await rotateUpTo(step);
			const since = new Date().toISOString();
			const rolledBack = await reaper.run('record', sideOptions(place), 'rollback');
			succeeded('the rollback', rolledBack);
			steps = rolledBack.stderr.includes('Nothing to do') ? [] : await endedSteps(place, since);
		});
		undisturbed(seen);
		same('Secrets, served certificates and files', await stateOf(place), before);
		return {steps, words: `back in ${steps.length} steps, ${seen.traffic.total.certificateErrors} certificate errors of ${seen.traffic.total.attempts}`};
	};

	const forwardAgain = async (step: string, steps: string[]): Promise<string> => {
		await begin();
		const middle = steps[Math.floor((steps.length - 1) / 2)]!;
		const isNoWay = issuer === 'cert-manager' && withoutNext.has(step);
		const seen = await watched(place, async () => {
			await rotateUpTo(step);
			const mode = `one after step ${middle}` as const;
			killedAt(mode, await reaper.run(mode, sideOptions(place), 'rollback'));
			const forward = await reaper.run('record', wholeRotation(place));
			if (isNoWay) {
				same('exit status of the rotation after it', forward.status, exitStatus.refused);
				succeeded('the rollback that goes on', await reaper.run('record', sideOptions(place), 'rollback'));
			} else {
				succeeded('the rotation after it', forward);
			}
		});
		undisturbed(seen);
		if (isNoWay) {
			same('Secrets, served certificates and files', await stateOf(place), before);
			return `from ${middle} no way but back, ${seen.traffic.total.certificateErrors} certificate errors of ${seen.traffic.total.attempts}`;
		}

		const found = await outcomesOf(place);
		for (const [index, {secrets, issued}] of found.entries()) {
			same('Secrets', secrets, outcomes[index]!.secrets);
			same('cert-manager\'s objects', issued, outcomes[index]!.issued);
		}

		return `from ${middle} forward, ${seen.traffic.total.certificateErrors} certificate errors of ${seen.traffic.total.attempts}`;
	};

	// Before its backup a rotation has changed nothing of the cluster: a rollback then is of the rotation before it.
	const ids = wholePlans(place).flatMap(({label, plan}) => plan.steps.filter(({id}) => id !== 'prepare.folder').map(({id}) => `${label}${id}`));
	const cases = ids.map((id): Case => ({
		title: `after ${id}`,
		async run() {
			const {steps, words} = await back(id);
			return steps.length > 1 ? `${words}; ${await forwardAgain(id, steps)}` : words;
		},
	}));
	await runCampaign(matrix, cases, {shard, seed});
} finally {
	await Promise.all(closing.map(async close => close()));
	await stopPlace(name);
}
