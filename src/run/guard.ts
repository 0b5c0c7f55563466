import {secretName} from '../cluster/names.ts';
import type {Observation} from '../observe/types.ts';
import {certificatesAgain, changedFiles, foreignChanges} from '../plan/foreign.ts';
import type {Plan, Step} from '../plan/types.ts';
import {failed, refused} from './errors.ts';
import {proveFolder} from './folder-lock.ts';
import type {HeldLease} from './lease.ts';
import type {Looks} from './looks.ts';
import {patiently} from './patience.ts';
import {takeAway} from './take-away.ts';

/** Stands before every write of a run: nobody else may be at work on what it writes. */
export type Guard = {
	/**
	Called before a step's lines.
	@throws Stopped (failed) when the Lease or the folder is lost, when others changed Secrets or TidbCluster, naming them, or when the
	traffic probe has met certificate failures.
	*/
	beforeWrite: (step: Step) => Promise<void>;
	/** Called when a step's lines had their effect: what it wrote is ours from now on. */
	written: (step: Step) => void;
};

export type GuardOptions = {
	plan: Plan;
	folder: string;
	/** Undefined where no cluster is there yet. */
	lease: HeldLease | undefined;
	looks: Looks;
	say: (text: string) => void;
	signal: AbortSignal;
	goOn: string;
	/** As the run's context has it. */
	checkProbe?: ((title: string) => void) | undefined;
};

/**
Sees that nothing has changed since the plan was made: another run may have ended between that and the Lease.
@throws Stopped (refused) naming what did.
*/
export const stillAsPlanned = (planned: Observation, now: Observation): void => {
	const changes = [...foreignChanges(planned, now, {stamps: true}), ...changedFiles(planned, now)];
	if (changes.length > 0) {
		throw refused(['what was planned is out of date; nothing was changed by this run:', ...changes.map(change => `  ${change}`)].join('\n'), 'run this again: it plans from how things stand now');
	}
};

/** The names of the Secrets that a step writes. */
const secretsWritten = (plan: Plan, {lines, done}: Step): Set<string> => new Set(lines.some(({changes}) => changes === 'cluster')
	? done.flatMap(condition => condition.is === 'secret' ? [secretName(plan.cluster.name, condition.component)] : [])
	: []);

/** Whether a step is about cert-manager's objects: what became of them is ours. */
const isAboutObjects = ({lines, done}: Step): boolean => lines.length > 0 && done.some(({is}) => is === 'ready' || is === 'gone');

/** What of the Secrets a step has cert-manager write. */
const issuedBy = ({cluster}: Plan, {lines, done}: Step): string[] => lines.length > 0
	? done.flatMap(condition => condition.is === 'anew' ? [secretName(cluster.name, condition.component)] : [])
	: [];

/** Watches over a run that begins with this observation. */
export const openGuard = (options: GuardOptions): Guard => {
	const {plan, folder, lease, looks, say, signal, goOn, checkProbe} = options;
	let expected = looks.latest();
	return {
		async beforeWrite(step) {
			// The Lease as well, side by side: a renewal that just worked outlasts the write.
			const [now] = await Promise.all([patiently(looks.observeUnlessRecent, {say, signal}), lease?.prove(), proveFolder(folder)]);
			const changes = foreignChanges(expected, now, {stamps: false, cluster: plan.cluster});
			if (changes.length > 0) {
				const again = certificatesAgain(expected, now, plan.cluster);
				throw failed(
					['others changed what this run works on; it ends before its next write:', ...changes.map(change => `  ${change}`)].join('\n'),
					'see who does that, and stop it: a GitOps tool would undo the rotation',
					...(again.length > 0 ? [takeAway(plan.cluster, again)] : []),
					`then go on, from how things stand then: ${goOn}`,
				);
			}

			// Last: it tells of this moment.
			checkProbe?.(step.title);
		},
		written(step) {
			const now = looks.latest();
			const ours = new Set([...secretsWritten(plan, step), ...issuedBy(plan, step)]);
			expected = {
				...expected,
				secrets: Object.fromEntries(Object.entries(expected.secrets).map(([name, secret]) => [name, ours.has(name) ? now.secrets[name]! : secret])),
				...(isAboutObjects(step) && now.issuance && {issuance: now.issuance}),
				// Our restarts are no part of the comparison, but whoever writes next is found by what we leave.
				cluster: {...expected.cluster, writers: step.lines.length > 0 ? now.cluster.writers : expected.cluster.writers},
			};
		},
	};
};
