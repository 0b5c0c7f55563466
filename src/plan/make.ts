import {components, secretName} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import {allParts, caFiles, type CaPart} from './ca-files.ts';
import {isRolling} from './judge-roll.ts';
import {returnedId} from './cert-manager/end.ts';
import {leavesOnly} from './cert-manager/leaves-only.ts';
import {outage} from './cert-manager/outage.ts';
import {backupStep, restoreFolder, type Texts} from './folder.ts';
import {
	hasOpenCa,
	isReturned,
	placeIn,
	renewedMeanwhile,
	unrestarted,
	unwrittenLeaves,
	withLeaves,
} from './position.ts';
import {
	inAlphabet,
	type PlanInput,
	prepareSteps,
	restoredFiles,
} from './prepare.ts';
import {reissue} from './reissue.ts';
import {renewCa} from './renew-ca.ts';
import {isRenewingCa} from './renewing.ts';
import {retire} from './retire.ts';
import {each} from './steps.ts';
import {proveTrust, trust} from './trust.ts';
import type {
	Condition,
	Phase,
	Plan,
	Step,
	Target,
} from './types.ts';

const phasesUpTo = {trust: ['trust'], reissue: ['trust', 'reissue']};

/** What the steps of a rotation depend on, beside cluster and target. */
type Beginning = {
	/** Two CAs are trusted already, by the folder. */
	isOpen: boolean;
	/** What is to be done of items 1 to 3. */
	parts: CaPart[];
	cure: boolean;
	/** The folder of another cluster that has made the new CA. */
	newCaFrom?: string | undefined;
	/** Where cert-manager issues, it has the CA again and has renewed it. */
	isRenewed: boolean;
};

/** Where a person asked for it, the cluster must be stable for a while between two phases: the first step of each but the first waits for that. */
const soaked = (steps: Step[], {soak}: Target): Step[] => steps.map((step, index) => {
	const before = steps[index - 1];
	return soak === undefined || before === undefined || before.phase === step.phase ? step : {...step, soak};
});

const resting: Beginning = {
	isOpen: false, parts: allParts, cure: false, isRenewed: false,
};

/** The steps of the rotation proper, from its first to the target's last. */
const rotation = (cluster: Cluster, target: Target, {isOpen, parts, cure, isRenewed, newCaFrom}: Beginning): Step[] => {
	const {strict, handled = []} = target;
	const {issuance} = cluster;
	if (issuance && target.route === 'keep-ca') {
		return leavesOnly(cluster, issuance, target);
	}

	if (issuance && target.asDocumented) {
		return outage(cluster, issuance);
	}

	if (target.route === 'renew-ca') {
		return renewCa(cluster);
	}

	const gate: Condition[] = each(cluster, component => ({is: 'trusts', component, strict}));
	const newCa = {certificate: 'ca.new.pem', key: 'ca-key.new.pem'};
	const presentCa = {certificate: 'ca.pem', key: 'ca-key.pem'};
	if (target.route === 'keep-ca') {
		// Where two CAs are trusted, the new one signs, and every process must have shown that it trusts it.
		const from = isOpen ? {ca: newCa, gate} : {ca: presentCa, gate: []};
		return reissue(cluster, {
			...from, leaves: target.leaves, cure, handled,
		});
	}

	const steps = [
		...trust(cluster, parts, newCaFrom),
		...reissue(cluster, {
			ca: newCa, leaves: cluster.components, gate, cure: false, handled, isRetired: target.retire,
		}),
		...(target.retire ? retire(cluster, {strict, handled, isRenewed}) : []),
	];
	const {until} = target;
	if (until === undefined) {
		return soaked(steps, target);
	}

	const upTo = soaked(steps, target).filter(step => phasesUpTo[until].includes(step.phase));
	return until === 'trust' ? [...upTo, proveTrust(gate)] : upTo;
};

const beginning = ({cluster, observation, restore, cure, newCaFrom}: PlanInput): Beginning => {
	const isOpen = hasOpenCa(observation);
	const {keys} = observation.folder;
	const files = caFiles(observation);
	// On the way, whether the old key was there is told by what the first step left.
	const hasCaKey = isOpen ? 'ca-key.old.pem' in keys : 'ca-key.pem' in keys && !restore;
	const parts = files.is === 'begun' ? files.parts : allParts.filter(part => hasCaKey || part !== 'keep the key');
	return {
		isOpen, parts, cure, newCaFrom, isRenewed: isReturned({cluster, observation}),
	};
};

/** A renewal of leaves was begun and has not ended. */
const isRenewing = ({observation, target}: PlanInput, isYoung: boolean): boolean => unwrittenLeaves(observation).length > 0 || unrestarted(observation).length > 0
	|| (isYoung && target.leaves.some(component => isRolling(observation, component)));

/**
Cert-manager has made a new CA and some leaves, or pods, are still of the time before: a rotation as documented was begun, or cert-manager has
renewed the CA by itself (tidb-facts 5.B.1).
*/
const isMidOutage = ({observation, cluster}: PlanInput, isYoung: boolean): boolean => {
	const signer = observation.beside?.[cluster.issuance?.ca.secret ?? '']?.leaf.certificates[0];
	const bundles = cluster.components.map(component => observation.secrets[secretName(cluster.name, component)]?.bundle.certificates ?? []);
	const isBehind = signer !== undefined && bundles.some(bundle => bundle.every(({fingerprint}) => fingerprint !== signer.fingerprint));
	return isBehind || (isYoung && unrestarted(observation).length > 0);
};

/** Whether the plan goes on with what was begun. */
const isOpenFor = (input: PlanInput, isYoung: boolean): boolean => {
	const {cluster: {issuance}, target: {route, asDocumented}, observation} = input;
	if (route === 'keep-ca') {
		// A leaf that cert-manager has issued already is no harm when it is issued again.
		return !issuance && isRenewing(input, isYoung);
	}

	if (route === 'renew-ca') {
		return isRenewingCa(observation);
	}

	return asDocumented ? isMidOutage(input, isYoung) : caFiles(observation).is === 'combined';
};

const placeOf = ({cluster, observation}: PlanInput, steps: Step[]): number => {
	const returned = steps.findIndex(({id}) => id === returnedId);
	return returned === -1 ? placeIn(steps, withLeaves(observation, renewedMeanwhile(cluster, observation))) : returned;
};

/**
The plan from where the cluster stands to the target. Pure. A rotation at rest starts at its first step; an open one goes on
after the last step whose effect is there.
*/
export const makePlan = (input: PlanInput): Plan => {
	const {cluster, target, isYoung = false} = input;
	const steps = rotation(cluster, target, beginning(input));
	const from = isOpenFor(input, isYoung) ? placeOf(input, steps) : 0;
	return {
		cluster,
		target,
		steps: [...steps.slice(0, from), ...prepareSteps(input, steps, from), ...steps.slice(from)],
		from,
	};
};

/** The files of a folder in the documents' starting shape, or, before retire, in the shape that reissue leaves. */
const documentFiles = (cluster: Cluster, isOpen: boolean): string[] => inAlphabet([
	'ca-config.json',
	'ca-csr.json',
	'ca.pem',
	...(isOpen ? ['ca.new.pem', 'ca-key.new.pem', 'ca.old.pem', 'ca-key.old.pem'] : ['ca-key.pem']),
	...cluster.components.map(component => components[component].file).flatMap(file => [`${file}.json`, `${file}.pem`, `${file}-key.pem`]),
]);

/**
The same where cert-manager issues: the folder is made from the Secrets, with the requests by which a gate's throwaway certificates are made.
With cert-manager the phases belong together, as its Certificates are put aside meanwhile.
*/
const restingIssuance = (cluster: Cluster, target: Target, texts: Texts): Plan => ({
	cluster,
	target,
	steps: [
		restoreFolder(cluster, texts),
		backupStep(cluster, restoredFiles(cluster, texts)),
		...rotation(cluster, target, resting),
	],
	from: 0,
});

/**
The plan of a whole rotation of a cluster at rest, whose folder is as the documents leave it: what a runbook prints. With
`phase` that part alone, with a backup where a rotation, or a retire that is run later, begins. `texts`: for a folder that is made from the
Secrets, as where cert-manager issues. Pure.
*/
export const restingPlan = (cluster: Cluster, target: Target, phase?: Phase, texts: Texts = {}): Plan => {
	if (cluster.issuance) {
		return restingIssuance(cluster, target, texts);
	}

	const steps = rotation(cluster, target, resting);
	const first = steps[0]?.phase;
	const isBeginning = phase === undefined || [first, 'retire'].includes(phase);
	return {
		cluster,
		target,
		steps: [
			...(isBeginning ? [backupStep(cluster, documentFiles(cluster, phase === 'retire'))] : []),
			...steps.filter(step => phase === undefined || step.phase === phase),
		],
		from: 0,
	};
};
