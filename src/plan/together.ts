import type {CertificateFacts} from '../certificates/types.ts';
import {placeWords} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {caFiles} from './ca-files.ts';
import {presentCa} from './decide.ts';
import type {Position} from './place.ts';
import type {Target} from './types.ts';
import type {Unplaced} from './unplaced.ts';

/** One of several clusters that share a CA, with its position on the way to a new one, and the old one retired. */
export type Member = {cluster: Cluster; observation: Observation; position: Position['name']};

/** The phases that clusters which share a CA go through together: each of all of them before the next of any. */
export type JointPhase = 'trust' | 'reissue' | 'retire';

/** One phase of one cluster; `member` is its place among those that were given. */
export type JointPart = {phase: JointPhase; member: number};

export type Together = {
	/** In the order in which they are done. */
	parts: JointPart[];
	/** The one whose folder has the new CA, or makes it. */
	leader: number;
};

const phases: JointPhase[] = ['trust', 'reissue', 'retire'];

/** The CA that the folder of an open rotation leads to. */
const comingCa = ({observation}: Member): CertificateFacts | undefined => {
	const isCombined = caFiles(observation).is === 'combined';
	return isCombined ? observation.folder.certificates['ca.new.pem']?.certificates[0] : undefined;
};

/** The one that it comes from: where nothing is under way, the present one. */
const goingCa = (member: Member): CertificateFacts | undefined => {
	const {observation} = member;
	return caFiles(observation).is === 'at rest' ? presentCa(observation) : observation.folder.certificates['ca.old.pem']?.certificates[0];
};

const isSame = (one: CertificateFacts | undefined, other: CertificateFacts | undefined): boolean => one !== undefined && one.publicKey === other?.publicKey;

/** Nothing of the rotation is left for it: it has the new CA alone. */
const isDone = (member: Member, coming: CertificateFacts | undefined): boolean => caFiles(member.observation).is === 'at rest' && isSame(presentCa(member.observation), coming);

const apart = (one: Member, other: Member): Unplaced => ({
	why: `${placeWords(one.cluster)} and ${placeWords(other.cluster)} do not share a CA`, instead: 'rotate each by itself',
});

const twice = (one: Member, other: Member): Unplaced => ({
	why: `${placeWords(one.cluster)} and ${placeWords(other.cluster)} are each on the way to a CA of its own: the leaves of one would be refused by the other`,
	instead: 'take one of them back first: npm run rollback -- --cluster NAME',
});

/** The first phase that is not done. */
const nextPhase: Partial<Record<Position['name'], JointPhase>> = {
	'at rest': 'trust', begun: 'trust', trust: 'trust', reissue: 'reissue', 'old CA still trusted': 'retire', retire: 'retire',
};

const lastPhase = ({retire, until}: Target): JointPhase => until ?? (retire ? 'retire' : 'reissue');

/**
What is left to do of a rotation of clusters that share a CA, phase by phase: all trust the new CA before any has a leaf of it, and none has a
leaf of the old one when it is taken away from the first. Pure.
@returns why there is no such way, where they do not share a CA, or are on different ways already.
*/
export const together = (members: Member[], target: Target): Together | Unplaced => {
	const open = members.filter(member => caFiles(member.observation).is !== 'at rest');
	const [first] = members;
	const coming = open.map(member => comingCa(member)).find(ca => ca !== undefined);
	const stranger = open.find(member => caFiles(member.observation).is !== 'combined' || !isSame(comingCa(member), coming));
	if (stranger && open.length > 1) {
		return twice(open.find(member => member !== stranger)!, stranger);
	}

	const going = goingCa(open[0] ?? first!);
	const other = members.find(member => !isDone(member, coming) && !isSame(goingCa(member), going));
	if (other) {
		return apart(open[0] ?? first!, other);
	}

	const last = phases.indexOf(lastPhase(target));
	const begins = members.map(member => isDone(member, coming) ? Infinity : phases.indexOf(nextPhase[member.position] ?? 'trust'));
	return {
		parts: phases.flatMap((phase, index) => members.flatMap((_, member) => index <= last && begins[member]! <= index ? [{phase, member}] : [])),
		leader: Math.max(0, members.indexOf(open[0]!)),
	};
};

/** What a cluster's part of a phase is to reach. */
export const targetIn: Record<JointPhase, (target: Target) => Target> = {
	trust: target => ({...target, retire: false, until: 'trust'}),
	reissue: target => ({...target, retire: false, until: 'reissue'}),
	retire: ({until, ...target}) => ({...target, retire: true}),
};
