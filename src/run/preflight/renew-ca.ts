import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Problem} from '../../cluster/problem.ts';
import {leavesOf} from '../../judge/held.ts';
import {commandFor, leafWords} from '../../judge/words.ts';
import {caDue} from '../../plan/ca-due.ts';
import {openAside} from '../aside.ts';
import type {Facts} from './facts.ts';
import {accepted} from './same-subject.ts';

/** Whether making the CA's certificate anew gains anything: where leaves end first, new leaves are what is wanted. */
export const renewalProblems = ({cluster, target, observation, isResumed}: Facts): Problem[] => isResumed || target.route !== 'renew-ca' || caDue(cluster, observation)
	? []
	: [{
		code: 'ca-not-due',
		what: 'the CA outlives leaves that would be made now: it is not what ends, and a new certificate of it gains nothing',
		fix: `new leaves are what ends first: ${commandFor(cluster, 'rotate', '--keep-ca')}`,
	}];

/**
Sees with openssl itself whether each leaf that the CA's present certificate verifies is verified by the one that the rehearsal made: a leaf
may name its CA's certificate by serial number, which is another one then. The files are written to a folder of their own, which is removed.
*/
export const renewedCaProblems = async ({cluster, observation}: Pick<Facts, 'cluster' | 'observation'>, renewed: string): Promise<Problem[]> => {
	const {folder, close} = openAside('verify');
	const write = async (name: string, text: string): Promise<string> => {
		await writeFile(path.join(folder, name), text);
		return name;
	};

	try {
		const found = leavesOf({cluster, observation});
		const files = await Promise.all(found.map(async ({leaf}, index) => write(`leaf-${index}.pem`, leaf.pem)));
		const present = observation.folder.certificates['ca.pem']?.text ?? '';
		const [before, after] = await Promise.all([['present.pem', present], ['renewed.pem', renewed]].map(async ([name, text]) => accepted(folder, await write(name!, text!), files)));
		return found.filter((_, index) => before!.has(files[index]!) && !after!.has(files[index]!)).map(({secret}) => ({
			code: 'names-its-ca',
			what: `${leafWords(secret)} verifies against the present CA certificate, but OpenSSL refuses it with the one made anew: it names its CA by more than the key, as by serial number`,
			fix: 'without --renew-ca the CA and the leaves are replaced',
		}));
	} finally {
		close();
	}
};
