import which from 'which';
import {usage} from './errors.ts';
import {judgeCfssl} from './judge-cfssl.ts';
import {type Needed, needed} from './program-list.ts';
import {runProgram} from './program.ts';

/** A program as it was found. */
export type Program = {
	name: Needed['name'];
	/** The absolute path that `which` gives. */
	file: string;
	/** In the program's own words, `unknown` where it says none (cfssljson 1.2). */
	version: string;
	/** What a person should know of it; '' when nothing. */
	remark: string;
};

const versionOf = async ({name, asks, version}: Needed, file: string): Promise<string> => {
	try {
		const {stdout} = await runProgram(file, asks, {what: `asking ${name} for its version`});
		return version.exec(stdout)?.groups?.version ?? 'unknown';
	} catch {
		return 'unknown';
	}
};

const look = async (program: Needed, file: string): Promise<Program> => {
	const version = await versionOf(program, file);
	return {
		name: program.name, file, version, remark: program.name === 'cfssl' ? await judgeCfssl(file, version) : '',
	};
};

/**
Finds every program that is needed on PATH, with its version.
@throws Stopped with all missing programs at once, each with the ways to get it.
*/
export const findPrograms = async (): Promise<Program[]> => {
	const found = await Promise.all(needed.map(async program => ({program, file: await which(program.name, {nothrow: true})})));
	const missing = found.filter(({file}) => file === null).map(({program}) => program);
	if (missing.length > 0) {
		throw usage(
			`missing on PATH: ${missing.map(({name}) => name).join(', ')}`,
			...missing.map(({name, get}) => `${name}: ${get.join(' · ')}`),
		);
	}

	return Promise.all(found.map(async ({program, file}) => look(program, file!)));
};

/** One line per program, for the start of every run. */
export const programLines = (programs: Program[]): string[] => {
	const width = Math.max(...programs.map(({name}) => name.length));
	return programs.map(({name, file, version, remark}) => `${name.padEnd(width)}  ${file}  ${version}${remark === '' ? '' : `  (${remark})`}`);
};

/**
Finds the programs and says what was found, one line each.
@throws Stopped with all missing programs at once.
*/
export const showPrograms = async (say: (text: string) => void): Promise<Program[]> => {
	const programs = await findPrograms();
	for (const line of programLines(programs)) {
		say(line);
	}

	return programs;
};
