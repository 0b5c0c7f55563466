import {forEachChild, parse, type SyntaxNode} from 'unbash';

/** Words of bash that look like a command and start no program. */
const builtins = new Set('[ : . break cd command continue echo eval exec exit export kill local printf read return set shift test trap umask wait'.split(' '));
/** Programs that are named with their subcommand. */
const withSubcommand = new Set(['kubectl', 'cfssl', 'openssl']);

/**
The programs that a bash script starts, each with its subcommand where it has one: `kubectl patch`, `sed`. Functions of the script, also
those that a variable names, and builtins of bash are left out.
@throws Error when the script cannot be parsed.
*/
export const programsIn = (script: string): Set<string> => {
	const programs = new Set<string>();
	const functions = new Set<string>();
	const visit = (node: SyntaxNode): void => {
		if (node.type === 'Function') {
			functions.add(node.name.text);
		}

		if (node.type === 'Command' && node.name) {
			const first = node.name.text;
			const [second] = node.suffix;
			programs.add(second && withSubcommand.has(first) && 'text' in second ? `${first} ${second.text}` : first);
		}

		forEachChild(node, visit);
	};

	const tree = parse(script);
	if (tree.errors && tree.errors.length > 0) {
		throw new Error(tree.errors.map(error => error.message).join('\n'));
	}

	visit(tree);
	return new Set([...programs].filter(program => !functions.has(program) && !builtins.has(program) && !program.startsWith('"$')));
};
