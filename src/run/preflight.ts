import {components} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Problem} from '../cluster/problem.ts';
import type {Access} from '../observe/cluster.ts';
import type {FolderFacts, Observation} from '../observe/types.ts';
import {onPaper} from '../plan/on-paper.ts';
import {estimate} from '../plan/rotation-time.ts';
import {running} from '../plan/steps.ts';
import type {Plan, Target} from '../plan/types.ts';
import {refused} from './errors.ts';
import {check} from './preflight/check.ts';
import {gather} from './preflight/gather.ts';
import {consumerProblems} from './preflight/consumers.ts';
import {clockProblems} from './preflight/clock.ts';
import {permissionProblems} from './preflight/permissions.ts';
import {reloadProblems} from './preflight/reload.ts';
import {renewedCaProblems} from './preflight/renew-ca.ts';
import {sameSubjectProblems} from './preflight/same-subject.ts';
import {type Rehearsal, rehearse} from './rehearse.ts';
import type {SqlOptions} from './sql-places.ts';

export type PreflightInput = {
	access: Access;
	cluster: Cluster;
	target: Target;
	plan: Plan;
	observation: Observation;
	/** Request files that the plan writes before it uses them, by name. */
	/** The same with the folder as it was before somebody began by hand; undefined where nobody did. */
	started?: Observation;
	texts: Record<string, string>;
	/** How TiDB is asked something by SQL; undefined where it is not. */
	sql?: SqlOptions | undefined;
	/** Leaves have expired: nothing that needs an answer of pods or operator can hold yet. */
	isCure: boolean;
	/** The rotation is under way: the checks that must hold before a new one do not bar it (design.md 4). */
	isResumed: boolean;
	/** Controllers that a person has suspended, by cluster.yaml. */
	suspended: string[];
	/** Shows something that is not wrong, but an outage, and asks a person to agree to it. */
	confirm: (question: string) => Promise<void>;
};

/** The leaves that are live, and those that the plan would make, as OpenSSL would meet them beside both CAs. */
const opensslProblems = async ({observation, cluster, target}: PreflightInput, folder: FolderFacts): Promise<Problem[]> => {
	if (target.route === 'renew-ca') {
		return renewedCaProblems({cluster, observation}, folder.certificates['ca.pem']?.text ?? '');
	}

	const cas = (folder.certificates['ca.pem']?.certificates ?? []).map(({pem}) => pem);
	const live = Object.values(observation.secrets).flatMap(({name, leaf}) => leaf.certificates.slice(0, 1).map(({pem}) => ({what: `the certificate in Secret ${name}`, pem})));
	const renewed = cluster.components.flatMap(component => {
		const {file} = components[component];
		return (folder.certificates[`${file}.pem`]?.certificates ?? []).slice(0, 1).map(({pem}) => ({what: `a certificate made by ${file}.json`, pem}));
	});
	return sameSubjectProblems(cas, [...live, ...renewed]);
};

const words = ({what, fix}: Problem): string => `  ${what}${fix === undefined ? '' : `\n    → ${fix}`}`;

const refuse = (problems: Problem[]): void => {
	const found = problems.filter(({kind}) => kind !== 'question');
	if (found.length > 0) {
		throw refused(['refused; nothing was changed:', ...found.map(problem => words(problem))].join('\n'));
	}
};

/**
Everything that must hold before the first write, all problems at once; then a rehearsal of what the plan makes, which needs the
first to hold.
@returns the folder as the rehearsal left it, and after each of its steps, whose new certificates are examples, and what the API server said to each write.
@throws Stopped (refused) with every problem and its way out.
*/
export const preflight = async (input: PreflightInput): Promise<Omit<Rehearsal, 'problems'>> => {
	const {access, cluster, target, plan, observation, isResumed} = input;
	const [neighbours, permissions, clock, reloads] = await Promise.all([
		gather(access, cluster), permissionProblems(access, cluster, target), clockProblems(access, cluster), reloadProblems(input.sql, plan, observation),
	]);
	const restarts = plan.steps.slice(plan.from).filter(({id}) => id.endsWith(`.restart.${running(cluster)[0]!}`)).length;
	const problems = check({
		cluster,
		target,
		observation: input.started ?? observation,
		isResumed,
		isCure: input.isCure,
		estimate: estimate(observation.pods.length, restarts),
		texts: input.texts,
		suspended: input.suspended,
		...neighbours,
	});
	refuse([...permissions, ...clock, ...problems, ...reloads, ...consumerProblems(plan, observation)]);
	for (const {what} of problems) {
		await input.confirm(what);
	}

	const rehearsal = await rehearse({access, plan: onPaper(plan), observation}, async folder => {
		const found = await opensslProblems(input, folder);
		return found.map(problem => words(problem).trimStart());
	});
	refuse(rehearsal.problems.map(what => ({code: 'rehearsal', what})));
	return {folder: rehearsal.folder, folders: rehearsal.folders, answers: rehearsal.answers};
};
