import type {Plan, Step} from '../plan/types.ts';
import type {StateProof} from '../prove/types.ts';
import type {Exposure} from '../plan/exposure.ts';
import {type Position, positionText} from '../plan/place.ts';
import {changesText} from './changes.ts';
import {consumersText} from './consumers.ts';
import {exposureText} from './exposure.ts';
import {routesText} from './routes.ts';
import type {DryRun} from './dry-run-schema.ts';
import {listing} from './listing.ts';
import {proofLine, proofText} from './proof.ts';
import {shell} from './shell.ts';
import {sqlWords, stability, words} from './words.ts';

/** What a dry run found out, beside the plan. Where nothing is to do, the plan is not shown, and there is nothing to ask. */
export type Findings = Pick<DryRun, 'folder' | 'nothingToDo' | 'questions' | 'programs' | 'secrets' | 'consumers' | 'unread' | 'serverAnswers' | 'routes'> & {
	position: Position;
	exposure?: Exposure | undefined;
	proof?: StateProof | undefined;
};

const target = ({target: {route, reason, retire, until, leaves, strict, caOu}}: Plan): DryRun['target'] => ({
	route, reason: reason ?? null, retire, until: until ?? null, leaves, strict, caOu: caOu ?? null,
});

const stepData = (step: Step, isDone: boolean): DryRun['steps'][number] => {
	const after = step.done.map(condition => words(condition));
	const isWait = step.limit === 'while it progresses';
	return {
		id: step.id,
		phase: step.phase,
		title: step.title,
		docs: step.phase === 'prepare' ? null : step.docs,
		done: isDone,
		gate: [...(step.soak === undefined ? [] : [stability(step.soak)]), ...step.needs.map(condition => words(condition))],
		commands: step.lines.map(line => ({text: shell(line), changes: line.changes, item: line.item ?? null})),
		sql: step.sql ? sqlWords(step.sql) : null,
		checks: isWait ? [] : after,
		waitsFor: isWait ? after : [],
	};
};

const proofData = ({moments, processes, states, pairs, unsafe}: StateProof): DryRun['proof'] => ({
	moments: moments.map(({when}) => when),
	processes,
	states,
	pairs,
	unsafe: unsafe.map(({leaf, ...one}) => ({...one, serial: leaf?.serial ?? null})),
});

const exposureData = ({cas, leaves, keys}: Exposure): DryRun['exposure'] => ({
	cas: cas.map(({subject, serial, notAfter}) => ({subject, serial, notAfter})),
	leaves: leaves.map(({leaf: {subject, serial, notAfter}, places}) => ({
		subject, serial, notAfter, places,
	})),
	keys,
});

/** The dry run as data, in the format of `--output json`. Pure. */
export const dryRun = (plan: Plan, findings: Findings): DryRun => {
	const {cluster, from} = plan;
	const isOver = findings.nothingToDo !== null;
	return {
		format: 1,
		cluster: cluster.name,
		namespace: cluster.namespace,
		folder: findings.folder,
		target: target(plan),
		position: {
			...findings.position,
			last: plan.steps[from - 1]?.id ?? null,
			next: isOver ? null : plan.steps[from]?.id ?? null,
			done: from,
			left: isOver ? 0 : plan.steps.length - from,
		},
		routes: findings.routes,
		exposure: findings.exposure ? exposureData(findings.exposure) : null,
		nothingToDo: findings.nothingToDo,
		questions: findings.questions,
		programs: findings.programs,
		steps: isOver ? [] : plan.steps.map((step, index) => stepData(step, index < from)),
		secrets: findings.secrets,
		consumers: findings.consumers,
		unread: findings.unread,
		serverAnswers: findings.serverAnswers,
		proof: findings.proof ? proofData(findings.proof) : null,
	};
};

const indented = (text: string, by: string): string => `${text.replaceAll(/^/gmv, () => by)}\n`;

const answersText = (answers: DryRun['serverAnswers']): string => answers.length === 0
	? ''
	: [
		'What the API server answered, asked with --dry-run=server about each write, in the folder as it would be then:\n',
		...answers.flatMap(({step, command, answer, warnings}, index) => [
			...(step === answers[index - 1]?.step ? [] : [`  ${step}\n`]),
			indented(command, '    $ '),
			...[answer, ...warnings].map(said => indented(said, ' '.repeat(6))),
		]),
	].join('');

/** The dry run for a person; `isExplained`: with the whole proof of its mixed states. Pure. */
export const dryRunText = (plan: Plan, {
	nothingToDo, secrets, consumers, unread, serverAnswers, position, proof, routes, exposure,
}: Findings, {isExplained = false} = {}): string => nothingToDo === null
	? [
		`${positionText(position)}\n`,
		...(routes.length > 0 ? [`${routesText(routes)}\n`] : []),
		...(exposure ? [`${exposureText(exposure)}\n`] : []),
		listing(plan),
		changesText(secrets),
		consumersText(consumers, unread),
		...(serverAnswers.length > 0 ? [answersText(serverAnswers)] : []),
		...(proof ? [isExplained ? proofText(proof) : `${proofLine(proof)}\n`] : []),
		'A dry run: nothing was changed.\n',
	].join('\n')
	: `${nothingToDo.join('\n')}\n`;
