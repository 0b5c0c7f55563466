import fc from 'fast-check';
import type {Names} from './materials.ts';
import {kinds, type Kind} from './kinds.ts';

/** A mixed state with a client that calls the server in it. */
export type MixedCase = {
	kind: Kind;
	port: number;
	/** What was mounted when the server started. */
	started: Names;
	/** What was mounted then, while it ran; the same: nothing. */
	mounted: Names;
	/** Whether it was started again after that. */
	isRestarted: boolean;
	client: Names;
};

const someLeaves = ['a', 'b', 'a', 'b', 'a without a key id', 'a expired'];
const anyLeaf = fc.constantFrom(...someLeaves);
const anyBundle = fc.constantFrom('a', 'b', 'b, a', 'b, a');
/** A server starts with a leaf that it accepts itself: PD calls itself. */
const sound = fc.constantFrom<Names[]>({leaf: 'a', bundle: 'a'}, {leaf: 'a', bundle: 'b, a'}, {leaf: 'b', bundle: 'b, a'}, {leaf: 'b', bundle: 'b'});
const any = fc.record({leaf: anyLeaf, bundle: anyBundle});
const client = fc.record({leaf: fc.constantFrom(...someLeaves, 'c'), bundle: anyBundle});

const arbitrary = fc.boolean().chain(isRestarted => fc.constantFrom(...Object.keys(kinds) as Kind[]).chain(kind => fc.record({
	kind: fc.constant(kind),
	port: fc.constantFrom(...kinds[kind].ports.map(({port}) => port)),
	started: sound,
	mounted: isRestarted ? sound : any,
	isRestarted: fc.constant(isRestarted),
	client,
})));

const words = ({leaf, bundle}: Names): string => `leaf ${leaf} with CA ${bundle}`;

/** What a case is, on a line. */
export const titleOf = ({kind, port, started, mounted, isRestarted, client: by}: MixedCase, number: number): string =>
	`${number}: ${kind} ${port}, started ${words(started)}, then ${words(mounted)}${isRestarted ? ' and started again' : ''}, called with ${words(by)}`;

/** What the process that answers has started with. */
export const loadedOf = ({started, mounted, isRestarted}: MixedCase): Names => isRestarted ? mounted : started;

/** So many random cases, the same ones by the same seed, those of one process one after the other. */
export const casesOf = (count: number, seed: number): MixedCase[] => fc.sample(arbitrary, {seed, numRuns: count})
	.toSorted((one, other) => JSON.stringify([one.kind, loadedOf(one)]).localeCompare(JSON.stringify([other.kind, loadedOf(other)])));
