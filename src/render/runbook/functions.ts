import {readFileSync} from 'node:fs';
import path from 'node:path';

/** A function of functions.sh with the comment above it. */
type ShellFunction = {name: string; text: string};

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8');

const nameOf = (block: string): string | undefined => /^(?<name>[_a-z]+)\(\) \{/mv.exec(block)?.groups?.name;

/** The functions of a shell file, which an empty line separates when the next line begins at the margin. */
const functionsIn = (text: string): ShellFunction[] => text.split(/\n\n(?=\S)/v).flatMap(block => {
	const name = nameOf(block);
	return name === undefined ? [] : [{name, text: block.trim()}];
});

const wordsIn = (text: string): Set<string> => new Set(text.split('\n').filter(line => !line.trimStart().startsWith('#')).join('\n').match(/[_a-z]+/gv));

/**
The functions that a script needs, and those that they need in turn, as bash text in the order of functions.sh.
@param script - The text that calls them.
@param isIssued - Cert-manager issues the cluster's certificates: its functions go before those of the same name.
*/
export const functionsFor = (script: string, isIssued = false): string => {
	const own = isIssued ? functionsIn(read('functions-cert-manager.sh')) : [];
	const all = [...functionsIn(read('functions.sh')).filter(({name}) => own.every(other => other.name !== name)), ...own];
	const needed = new Set<string>();
	let texts = [script];
	while (texts.length > 0) {
		const words = wordsIn(texts.join('\n'));
		const found = all.filter(({name}) => words.has(name) && !needed.has(name));
		for (const {name} of found) {
			needed.add(name);
		}

		texts = found.map(({text}) => text);
	}

	return all.filter(({name}) => needed.has(name)).map(({text}) => `${text}\n`).join('\n');
};
