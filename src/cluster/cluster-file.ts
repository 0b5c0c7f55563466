import {readFile} from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import {LineCounter, parseDocument, stringify} from 'yaml';
import {z} from 'zod';
import {components} from './components.ts';
import {nameProblem} from './names.ts';
import {suggest} from './nearest.ts';
import type {ComponentName} from './types.ts';

/** What a cluster folder remembers of its cluster (design.md 1), and what a person wants to differ. */
export type ClusterFile = {
	/** The kubeconfig's context at the first use; for people, and for a folder that is opened on another machine. */
	context?: string | undefined;
	namespace: string;
	/** The TidbCluster's uid; not there before the TidbCluster is. */
	uid?: string | undefined;
	/** The components that have certificates, where they are not those of the TidbCluster's spec. */
	components?: ComponentName[] | undefined;
	/** Controllers that would undo a rotation and that a person has suspended or judged harmless: `argo-cd`, `flux`, an owner's kind. */
	suspended?: string[] | undefined;
};

const fileName = 'cluster.yaml';
const known = Object.keys(components) as ComponentName[];

const name = z.string().superRefine((value, context) => {
	const problem = nameProblem('namespace', value);
	if (problem !== undefined) {
		context.addIssue({code: 'custom', message: problem});
	}
});

const schema = z.strictObject({
	context: z.string().optional(),
	namespace: name,
	uid: z.string().min(1).optional(),
	components: z.array(z.enum(known, {error: ({input}) => `${JSON.stringify(input)} is no component that this tool knows; ${suggest(String(input), known)}`})).optional(),
	suspended: z.array(z.string()).optional(),
});

const keys = Object.keys(schema.shape);

const words = (issue: z.core.$ZodIssue): string => issue.code === 'unrecognized_keys'
	? issue.keys.map(key => `${JSON.stringify(key)} means nothing here; ${suggest(key, keys)}`).join('; ')
	: [...issue.path.slice(0, 1).map(key => `${String(key)}: `), issue.message.endsWith('received undefined') ? 'is missing' : issue.message].join('');

/**
Reads the text of a cluster.yaml. `file` is the path for messages.
@throws one Error with every problem on a line of its own, each with its line and column.
*/
export const parseClusterFile = (text: string, file: string): ClusterFile => {
	const lines = new LineCounter();
	const document = parseDocument(text, {lineCounter: lines, prettyErrors: false});
	const at = (offset: number): string => {
		const {line, col} = lines.linePos(offset);
		return `${file}:${line}:${col}`;
	};

	if (document.errors.length > 0) {
		throw new Error(document.errors.map(({message, pos}) => `${at(pos[0])}: ${message}`).join('\n'));
	}

	const result = schema.safeParse(document.toJS());
	if (result.success) {
		return result.data;
	}

	const range = (issue: z.core.$ZodIssue): number => {
		const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path;
		const node = document.getIn(place, true) as {range?: [number, number, number]} | undefined;
		return node?.range?.[0] ?? 0;
	};

	throw new Error(result.error.issues.map(issue => `${at(range(issue))}: ${words(issue)}`).join('\n'));
};

/**
Reads cluster.yaml of a cluster folder.
@returns undefined when the folder has none, or is not there.
@throws an Error for people when the file cannot be read or understood.
*/
export const readClusterFile = async (folder: string): Promise<ClusterFile | undefined> => {
	const file = path.join(folder, fileName);
	try {
		return parseClusterFile(await readFile(file, 'utf8'), file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

const head = ' Which cluster this folder belongs to. Written at the first use, checked at each.';

/** Writes cluster.yaml at once or not at all, readable by its owner. The folder must be there. */
export const writeClusterFile = async (folder: string, content: ClusterFile): Promise<void> => {
	const text = stringify(content, {keepUndefined: false});
	await writeFileAtomic(path.join(folder, fileName), `#${head}\n${text}`, {mode: 0o600});
};

/** Why a folder that remembers `remembered` is not the folder of this TidbCluster, in words; empty when it may be. */
export const clusterFileProblems = (remembered: ClusterFile, cluster: {namespace: string; uid: string}): string[] => [
	...(remembered.namespace === cluster.namespace
		? []
		: [`it remembers namespace ${remembered.namespace}, the TidbCluster is in ${cluster.namespace}`]),
	...(remembered.uid === undefined || cluster.uid === '' || remembered.uid === cluster.uid
		? []
		: [`it remembers a TidbCluster with uid ${remembered.uid}${remembered.context === undefined ? '' : ` in context ${remembered.context}`}, this one has uid ${cluster.uid}`]),
];
