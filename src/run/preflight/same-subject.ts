import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Problem} from '../../cluster/problem.ts';
import {openAside} from '../aside.ts';
import {runProgram} from '../program.ts';

/** A certificate to be checked, and what it is for a person: `the certificate in Secret basic-pd-cluster-secret`. */
export type Checked = {what: string; pem: string};

const reversed = (cas: string[]): string[][] => cas.length > 1 ? [cas, cas.toReversed()] : [cas];

/** Which of the leaves OpenSSL verifies against a bundle, by their files. Time is another check's. */
export const accepted = async (folder: string, bundle: string, leaves: string[]): Promise<Set<string>> => {
	const {stdout} = await runProgram('openssl', ['verify', '-no_check_time', '-CAfile', bundle, ...leaves], {
		what: 'verifying certificates with openssl', cwd: folder, allowFailure: true,
	});
	return new Set(stdout.split('\n').flatMap(line => line.endsWith(': OK') ? [line.slice(0, -': OK'.length)] : []));
};

/**
Sees with openssl itself whether each leaf that some CA alone verifies is also verified by the bundle of all CAs, in both orders.
With CAs of one subject, OpenSSL takes the wrong one for a leaf without an Authority Key Identifier, which Go's verifier does not
(tidb-facts 5.A.13). The files are written to a folder of their own, which is removed.
*/
export const sameSubjectProblems = async (cas: string[], leaves: Checked[]): Promise<Problem[]> => {
	const {folder, close} = openAside('verify');
	const write = async (name: string, text: string): Promise<string> => {
		await writeFile(path.join(folder, name), text);
		return name;
	};

	try {
		const files = await Promise.all(leaves.map(async ({pem}, index) => write(`leaf-${index}.pem`, pem)));
		const ask = async (name: string, bundle: string): Promise<Set<string>> => accepted(folder, await write(name, bundle), files);
		const singles = await Promise.all(cas.map(async (ca, index) => ask(`ca-${index}.pem`, ca)));
		const orders = await Promise.all(reversed(cas).map(async (order, index) => ask(`bundle-${index}.pem`, order.join(''))));
		const failed = leaves.filter((_, index) => singles.some(set => set.has(files[index]!)) && orders.some(set => !set.has(files[index]!)));
		return failed.map(({what}) => ({
			code: 'same-subject',
			what: [
				`${what} verifies against its CA, but OpenSSL refuses it with the bundle of old and new CA: both have one subject`,
				'and the certificate does not say by an Authority Key Identifier which of them signed it',
			].join(', '),
			fix: 'give the new CA a subject of its own: --ca-ou "TiDB 2"',
		}));
	} finally {
		close();
	}
};
