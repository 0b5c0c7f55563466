import {inDocumentOrder} from '../../../src/cluster/components.ts';
import type {Cluster, Issuance} from '../../../src/cluster/types.ts';
import {observe} from '../../../src/observe/cluster.ts';
import {holds} from '../../../src/plan/judge.ts';
import {step} from '../../../src/plan/steps.ts';
import type {Condition, Plan} from '../../../src/plan/types.ts';
import {call} from '../../../src/render/runbook/condition.ts';
import {runbook} from '../../../src/render/runbook/runbook.ts';
import {gateProbe} from '../../../src/run/gate.ts';
import type {Place} from './place.ts';
import {runScript} from './runbook.ts';

/** A verdict and what was given as its reason. */
export type Verdict = {holds: boolean; reasons: string};

const clusterOf = ({cluster, namespace}: Place, issuance: Issuance | undefined): Cluster => ({
	name: cluster, namespace, components: inDocumentOrder(['pd', 'tikv', 'tidb', 'client']), ...(issuance && {issuance}), discovery: true,
});

/** What the runner thinks of a condition: it observes, asks the pods if it must, and judges. `issuance`: where cert-manager issues the certificates. */
export const byRunner = async (place: Place, folder: string, condition: Condition, issuance?: Issuance): Promise<Verdict> => {
	const cluster = clusterOf(place, issuance);
	const access = {env: place.env};
	const probe = gateProbe({
		access, cluster, folder, journal: async () => undefined, say: () => undefined,
	});
	const judgement = holds(condition, await probe([condition], await observe(access, cluster, folder)));
	return {holds: judgement.holds, reasons: judgement.reasons.join('\n')};
};

/** The head of a runbook that asks for this condition and nothing else, with the functions that it needs. */
const headFor = (cluster: Cluster, folder: string, condition: Condition): string => {
	const plan: Plan = {
		cluster,
		target: {
			route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
		},
		steps: [step({
			id: 'asked', phase: 'trust', title: 'Asked', lines: [], done: [condition],
		})],
		from: 0,
	};
	const text = runbook({plan, folder, command: 'a test'});
	return text.slice(0, text.indexOf('# Before anything is changed'));
};

/**
What the runbook's function thinks of it.

@throws Error when bash complains: a verdict by accident is none.
*/
export const byRunbook = async (place: Place, folder: string, condition: Condition, issuance?: Issuance): Promise<Verdict> => {
	const {status, stdout, stderr} = await runScript(place, `${headFor(clusterOf(place, issuance), folder, condition)}\nholds ${call(condition)}\n`);
	if (status > 1 || /line \d+:|command not found|unbound variable/v.test(stderr)) {
		throw new Error(`${status} ${stdout}\n${stderr}`);
	}

	return {holds: status === 0, reasons: stdout};
};
