#!/usr/bin/env node
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {root, startSandbox, stopSandbox} from '../cluster/helpers/sandbox.ts';
import {environment} from '../environment.ts';
import {issuerOf, matrixName, shardOf} from '../kill/campaign.ts';
import {countRotation, type Rotation} from './rotation.ts';

/*
`make test-traffic`: real PD and TiDB are taken to another CA again and again, until 100,000 mTLS handshakes were made meanwhile (20,000 where
cert-manager issues the certificates: ISSUER=cert-manager), and none may fail by a certificate. One that was stopped goes on with the counts it had; one that has ended begins anew.
*/
const handshakes = {cfssl: 100_000, 'cert-manager': 20_000};

/** What asks for a new CA alone: cert-manager's way retires the old one in any case. */
const rotateTo = {cfssl: ['--retire-old-ca'], 'cert-manager': []};

// As ava's configurations do for the tests.
Object.assign(process.env, environment);
const shard = shardOf(process.env.SHARD);
const issuer = issuerOf(process.env.ISSUER);
const name = `${matrixName('traffic', {issuer})}-${shard.index}-of-${shard.of}`;
const wanted = Math.ceil(handshakes[issuer] / shard.of);
const file = path.join(root, '.sandbox', `${name}.counts`);

const readCounts = async (): Promise<Rotation[]> => {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text.split('\n').filter(Boolean).map(line => JSON.parse(line) as Rotation);
};

const say = (text: string): void => {
	process.stdout.write(`${text}\n`);
};

const figures = ({direct, forwarded, certificateFailures, unexplained, seconds}: Rotation): string =>
	`${direct} handshakes direct, ${forwarded} through port-forward, ${certificateFailures} certificate failures, ${unexplained} unexplained, ${seconds} s`;

const total = (rotations: Rotation[]): Rotation => {
	const sum: Rotation = {
		direct: 0, forwarded: 0, certificateFailures: 0, unexplained: 0, seconds: 0,
	};
	for (const rotation of rotations) {
		for (const field of Object.keys(sum) as Array<keyof Rotation>) {
			sum[field] += rotation[field];
		}
	}

	return sum;
};

const isEnough = (rotations: Rotation[]): boolean => {
	const {direct, forwarded} = total(rotations);
	return direct + forwarded >= wanted;
};

/** A connection that ends without a word of TLS is no certificate's doing; on a busy machine one is late now and then. */
const isClean = ({direct, certificateFailures, unexplained}: Rotation): boolean => certificateFailures === 0 && unexplained <= direct / 1000;

const passed = await readCounts();
let failed = 0;
say(`${wanted} handshakes in shard ${shard.index}/${shard.of}; ${passed.length} rotations were counted before`);
try {
	const sandbox = await startSandbox(name, ['--issuer', issuer]);
	while (failed === 0 && !isEnough(passed)) {
		const title = `rotation ${passed.length + 1}`;
		try {
			const {examples, ...rotation} = await countRotation(sandbox, rotateTo[issuer]);
			if (!isClean(rotation)) {
				throw new Error(`${figures(rotation)}\n${JSON.stringify(examples, undefined, '\t')}`);
			}

			passed.push(rotation);
			say(`✔ ${title}: ${figures(rotation)}`);
			await mkdir(path.dirname(file), {recursive: true});
			await writeFile(file, passed.map(one => `${JSON.stringify(one)}\n`).join(''));
		} catch (error) {
			// A cluster that is not as it must be is no ground for the next rotation.
			failed++;
			say(`✖ ${title}\n${String(error).replaceAll(/^/gmv, ' '.repeat(4))}`);
		}
	}
} finally {
	await stopSandbox(name);
}

if (failed === 0) {
	await rm(file, {force: true});
}

say(figures(total(passed)));
say(`${passed.length} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
