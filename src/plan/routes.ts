import {spellDuration} from '../cluster/duration.ts';
import type {Observation} from '../observe/types.ts';
import {type CaDue, caDue, lifeOf} from './ca-due.ts';
import {presentCa} from './decide.ts';
import {hasOpenCa} from './position.ts';
import type {Plan, Target} from './types.ts';

/** A way to new certificates: how often it restarts each pod, and whether it will do. */
export type Route = {
	/** As it is asked for: `--renew-ca`; `rotate` without one of these. */
	option: string;
	restarts: number;
	verdict: 'chosen' | 'possible' | 'ruled out';
	why: string;
};

type Way = {option: string; isChosen: boolean; restarts: number; bars: string[]; words: string};

const stolen = 'the key counts as stolen';

const day = (time: string): string => time.slice(0, 10);

/** The key that signs, or makes the CA's certificate anew. */
const keyBars = ({folder}: Observation): string[] => {
	const ca = folder.certificates['ca.pem']?.certificates[0];
	const key = folder.keys['ca-key.pem'];
	return ca !== undefined && key?.publicKey === ca.publicKey ? [] : ['the cluster folder has no ca-key.pem that fits ca.pem'];
};

const endBars = (observation: Observation): string[] => {
	const ca = presentCa(observation);
	return ca && Date.parse(ca.notAfter) <= observation.now ? ['the CA has expired'] : [];
};

/** What making the CA's certificate anew gives, with the life that it had. */
const renewalWords = ({now}: Observation, due: CaDue | undefined): string => {
	const until = due ? ` until ${day(new Date(now + lifeOf(due.ca)).toISOString())}` : '';
	const short = due && lifeOf(due.ca) <= due.life ? '; it has a shorter life than its leaves, and will be what ends first again' : '';
	return `the CA's certificate anew${until}, with the key that it has; the leaves stay${short}. For where expiry is the only reason, and nobody else can have the key`;
};

const waysOf = ({cluster, target}: Plan, observation: Observation): Way[] => {
	const {route, reason, retire} = target;
	const due = caDue(cluster, observation);
	const ends = due ? `${day(due.ca.notAfter)}, and a leaf of ${due.component} that was made now for ${spellDuration(due.life)} would outlive it` : undefined;
	return [
		{
			option: '--keep-ca',
			isChosen: route === 'keep-ca',
			restarts: 1,
			bars: [
				...(reason === 'compromised' ? [`${stolen}, and this leaves its CA trusted`] : []),
				...keyBars(observation),
				...(ends === undefined ? [] : [`the CA ends at ${ends}`]),
			],
			words: 'new leaves; CA and key stay',
		},
		{
			option: '--renew-ca',
			isChosen: route === 'renew-ca',
			restarts: 1,
			bars: [
				...(reason === 'compromised' ? [`${stolen}, and this gives it a longer life`] : []),
				...(reason === 'policy' ? ['it keeps the key, and a rule that asks for new certificates mostly means the key'] : []),
				...keyBars(observation),
				...(ends === undefined ? ['the CA is not what ends'] : []),
			],
			words: renewalWords(observation, due),
		},
		{
			option: '(neither)',
			isChosen: route === 'new-ca' && !retire,
			restarts: 2,
			bars: reason === 'compromised' ? [`${stolen}, and this leaves the old CA trusted`] : [],
			words: 'a new CA with a new key, and new leaves; the old CA stays trusted',
		},
		{
			option: '--retire-old-ca',
			isChosen: route === 'new-ca' && retire,
			restarts: 3,
			bars: [],
			words: 'the same, and the old CA is taken away',
		},
	];
};

const whyChosen = (chosen: Way, ways: Way[]): string => {
	const cheaper = ways.filter(({restarts, isChosen}) => !isChosen && restarts < chosen.restarts);
	const fitting = cheaper.filter(({bars}) => bars.length === 0);
	const words = fitting.length === 0
		? 'nothing that restarts less will do'
		: `more than the least: ${fitting.map(({option, restarts}) => `${option} (${restarts})`).join(', ')} would do where what it leaves as it is may stay`;
	return `${chosen.words}; ${words}`;
};

/**
Every way from a cluster at rest, with what each costs in restarts and why it will do or not: the plan's own is the cheapest safe one, or it
says which is. Empty for what goes on, where the way was chosen before, and where cert-manager issues. Pure.
*/
export const routesOf = (plan: Plan, observation: Observation): Route[] => {
	if (plan.from > 0 || plan.cluster.issuance !== undefined || hasOpenCa(observation)) {
		return [];
	}

	const expired = endBars(observation);
	const isRestarting = plan.cluster.takesUp === undefined;
	const ways = waysOf(plan, observation).map(way => ({...way, restarts: isRestarting ? way.restarts : 0, bars: [...way.bars, ...expired]}));
	return ways.map(way => {
		const {option, restarts, isChosen, bars, words} = way;
		return isChosen
			? {
				option, restarts, verdict: 'chosen', why: whyChosen(way, ways),
			}
			: {
				option, restarts, verdict: bars.length > 0 ? 'ruled out' : 'possible', why: bars.length > 0 ? bars.join('; ') : words,
			};
	});
};

type Asked = Pick<Target, 'route' | 'reason' | 'retire' | 'asDocumented'>;

/** Why a reason does not go with a route; undefined where it does. Pure. */
export const reasonBar = ({route, reason, retire, asDocumented}: Asked): {why: string; instead: string} | undefined => {
	if (reason === 'compromised' && route !== 'new-ca') {
		return {
			why: `with --reason compromised the CA's key counts as stolen: ${route === 'renew-ca' ? '--renew-ca would give it a longer life' : '--keep-ca leaves its CA trusted'}`,
			instead: 'a new CA, and the old one taken away in the same run: --reason compromised --retire-old-ca',
		};
	}

	if (reason === 'compromised' && !retire && !asDocumented) {
		return {
			why: 'with --reason compromised the old CA has to go in the same run: until then, whoever has its key is let in',
			instead: 'add --retire-old-ca',
		};
	}

	return reason === 'policy' && route === 'renew-ca'
		? {why: '--renew-ca keeps the key, for where expiry is the only reason; a rule that asks for new certificates mostly means the key', instead: 'without --renew-ca the CA gets a new key'}
		: undefined;
};
