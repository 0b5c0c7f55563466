import {components, secretName} from '../cluster/components.ts';
import {type Held, heldBy} from '../judge/held.ts';
import {chainFindings, differingBundles, duplicates} from './bundles.ts';
import {cellsOf} from './cells.ts';
import {consumerFindings, consumerNotes} from './consumers.ts';
import {folderFindings} from './folder.ts';
import {commonNameFindings, usageFindings} from './identity.ts';
import {issuanceFindings, issuanceNotes} from './issuance.ts';
import {loadedFindings} from './loaded.ts';
import {logFindings, logNotes} from './logs.ts';
import {mountedFindings} from './mounted.ts';
import {nameFindings} from './names.ts';
import {doorsOf, openNotes, portFindings} from './ports.ts';
import type {
	Evidence,
	Finding,
	Row,
	Verified,
} from './types.ts';
import {expiryFindings, idleNotes, outlivingFindings} from './validity.ts';

/** In the order in which a person would mend them. */
const checks: Array<(evidence: Evidence) => Finding[]> = [
	expiryFindings,
	chainFindings,
	differingBundles,
	duplicates,
	outlivingFindings,
	commonNameFindings,
	nameFindings,
	usageFindings,
	issuanceFindings,
	folderFindings,
	mountedFindings,
	portFindings,
	loadedFindings,
	consumerFindings,
	logFindings,
];

const insideNotes = ({observation}: Evidence): string[] => observation.inside
	.filter(({problem}) => problem !== undefined)
	.map(({pod, problem}) => `${pod} could not be looked into (${problem}): what is mounted there is not proved`);

const folderNotes = ({observation: {folder}}: Evidence): string[] => folder.exists ? [] : [`there is no cluster folder ${folder.path}: that files and Secrets are the same is not proved`];

const rowOfClient = (evidence: Evidence, held: Held, findings: Finding[]): Row => ({
	component: held.component, secret: held.secret.name, proofs: cellsOf(evidence, {held}, findings),
});

const rowsOf = (evidence: Evidence, findings: Finding[]): Row[] => {
	const doors = doorsOf(evidence);
	const clients = heldBy(evidence).filter(({component}) => components[component].ports.length === 0);
	return [
		...doors.map(door => ({
			component: door.held.component,
			secret: secretName(evidence.cluster.name, door.held.component),
			pod: door.pod.name,
			port: door.port.port,
			use: door.port.use,
			proofs: cellsOf(evidence, {held: door.held, door, siblings: doors.filter(({pod}) => pod.name === door.pod.name)}, findings),
		})),
		...clients.map(held => rowOfClient(evidence, held, findings)),
	];
};

/** Everything that is proved and everything that is wrong. Pure: it looks at nothing but the evidence. */
export const judge = (evidence: Evidence): Verified => {
	const findings = [...evidence.others, ...checks.flatMap(check => check(evidence))];
	return {
		rows: rowsOf(evidence, findings),
		findings,
		notes: [...folderNotes(evidence), ...insideNotes(evidence), ...openNotes(evidence), ...idleNotes(evidence), ...issuanceNotes(evidence), ...consumerNotes(evidence), ...logNotes(evidence)],
	};
};
