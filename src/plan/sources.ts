import {certificatesOf} from '../cluster/issuance.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {CaPart} from './ca-files.ts';
import {asideStep, nobodyIssues, recordStep} from './cert-manager/aside.ts';
import {
	caSecretStep,
	returnRest,
	returnStep,
	wayFiles,
} from './cert-manager/end.ts';
import {nextLeavesStep, takeLeaf} from './cert-manager/leaves.ts';
import {nextCaSteps, removeNext, takeCaStep} from './cert-manager/next.ts';
import {rehearseSteps} from './cert-manager/rehearse.ts';
import {
	changeCa,
	sign,
	takeCa,
	tidy,
} from './lines.ts';
import {headings, step} from './steps.ts';
import type {
	Condition,
	Line,
	Step,
} from './types.ts';

/** Where the certificates of a rotation come from. All else of it is the same, whoever issues them. */
export type Sources = {
	/** Up to the folder's ca.pem with both CAs; of the documents' items 1 to 3 these parts. `from`: the folder of another cluster that has made it. */
	newCa: (parts: CaPart[], from?: string) => Step[];
	/** What goes before new leaves can be had, behind this gate. */
	beforeLeaves: (gate: Condition[]) => Step[];
	/** The line that brings a component's new leaf into the folder. */
	leaf: (component: ComponentName, ca: {certificate: string; key: string}) => Line;
	/** What must hold before any Secret is written. */
	beforeWrite: Condition[];
	/** After retire, up to a folder in its starting shape. `isRenewed`: who issues has the CA again, and has renewed it. */
	atTheEnd: (isRenewed: boolean) => Step[];
};

const tidyStep = (line: Line, files: string[]): Step => step({
	id: 'retire.tidy',
	phase: 'retire',
	title: 'Put the folder back into the documents\' starting shape (the old CA stays in the backups)',
	docs: headings.retire,
	lines: [line],
	done: [{is: 'absent', files}],
});

const ofCfssl: Sources = {
	newCa: (parts, from) => [step({
		id: 'trust.ca',
		phase: 'trust',
		title: from === undefined ? 'Items 1 to 3: make a new CA and combine it with the old one' : 'Items 1 to 3: take the new CA of the cluster that made it, and combine it with the old one',
		docs: headings.trust,
		lines: from === undefined ? changeCa(parts) : takeCa(parts, from),
		done: [{is: 'folder', file: 'ca.pem', of: ['ca.new.pem', 'ca.old.pem']}],
	})],
	beforeLeaves: () => [],
	leaf: (component, ca) => sign(component, ca, {number: 1, title: 'Make new certificates by the original configuration of each component'}),
	beforeWrite: [],
	atTheEnd: () => [tidyStep(tidy(), ['ca.new.pem', 'ca.old.pem', 'ca-key.new.pem', 'ca-key.old.pem'])],
};

/** The sources of a cluster's new certificates. */
export const sourcesOf = (cluster: Cluster): Sources => {
	const {issuance} = cluster;
	if (!issuance) {
		return ofCfssl;
	}

	const beforeWrite = [nobodyIssues(cluster, issuance)];
	const onTheWay = wayFiles(cluster, issuance);
	const returned = returnStep(cluster, issuance, {phase: 'retire', bundle: 'ca.new.pem', needs: caSecretStep(cluster, issuance).done});
	return {
		newCa: () => [
			...nextCaSteps(cluster, issuance),
			...rehearseSteps(cluster, issuance),
			recordStep(cluster, certificatesOf(cluster, issuance), 'trust'),
			takeCaStep(cluster, issuance),
			asideStep(cluster, issuance, 'trust'),
		],
		beforeLeaves: gate => [nextLeavesStep(cluster, issuance, gate)],
		leaf: component => takeLeaf(cluster, component),
		beforeWrite,
		atTheEnd: isRenewed => [
			...(isRenewed ? [returnRest(cluster, issuance)] : [caSecretStep(cluster, issuance), returned]),
			removeNext(cluster, issuance, 'retire', isRenewed ? [] : returned.done),
			tidyStep({
				commands: [{stages: [['mv', 'ca.new.pem', 'ca.pem']]}, {stages: [['rm', '-f', 'ca.old.pem', ...onTheWay]]}],
				changes: 'files',
			}, ['ca.new.pem', 'ca.old.pem', ...onTheWay]),
		],
	};
};
