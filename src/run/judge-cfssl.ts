import {runProgram} from './program.ts';

/** The oldest release whose errors can be relied on. */
const recommended = [1, 6];

const isOlder = ([major, minor]: number[]): boolean =>
	major! < recommended[0]! || (major === recommended[0] && minor! < recommended[1]!);

/** Whether cfssl makes a CA by this key; it writes no file, and what it makes is not kept. */
const isAccepted = async (file: string, key: {algo: string; size?: number}): Promise<boolean> => {
	try {
		const {stdout} = await runProgram(file, ['gencert', '-initca', '-'], {what: 'judging cfssl by what it does', input: JSON.stringify({cn: 'judged', key})});
		return stdout.includes('"cert"');
	} catch {
		return false;
	}
};

/**
What a person should know of a cfssl, by its version or, where it calls itself `dev` or nothing, by what it does: does it
refuse by exit status what it cannot make (a weak key), and make what came with 1.6 (Ed25519)?
@returns a remark; '' when there is none.
*/
export const judgeCfssl = async (file: string, version: string): Promise<string> => {
	const numbers = /^v?(?<major>\d+)\.(?<minor>\d+)/v.exec(version);
	if (numbers) {
		return isOlder(numbers.slice(1).map(Number)) ? 'works, but hides some errors; 1.6 or newer is recommended' : '';
	}

	const [isWeakMade, isNewMade] = await Promise.all([isAccepted(file, {algo: 'rsa', size: 1024}), isAccepted(file, {algo: 'ed25519'})]);
	if (isWeakMade) {
		return 'judged by what it does: it makes keys that are too weak; take 1.6 or newer';
	}

	return isNewMade
		? 'judged by what it does: as 1.6, it refuses weak keys and knows Ed25519'
		: 'judged by what it does: older than 1.6 (no Ed25519), so it works, but hides some errors; 1.6 or newer is recommended';
};
