import {serialsByComponent} from '../cluster/helpers/agree.ts';
import type {Outcome} from '../cluster/helpers/outcome.ts';
import {eachOf, type Place} from '../cluster/helpers/place.ts';
import {
	goingOn,
	killedAt,
	outcomesOf,
	recordRotation,
	restartedInEachPhase,
	same,
	succeeded,
	undisturbed,
	watched,
	wholePlans,
	wholeRotation,
} from './cluster.ts';
import {plannedWrites} from './planned.ts';
import type {Reaper} from './reaper.ts';
import type {SavedState} from './saved-state.ts';

/** The points at which the plan's own lines write something. */
export const plannedPoints = (place: Place): string[] => wholePlans(place).flatMap(({label, plan}) => plannedWrites(plan).flatMap(write => [`before ${label}${write}`, `after ${label}${write}`]));

/** Every point of an undisturbed rotation, in alphabetical order: what runs side by side is noted as it comes. And what the rotation left. */
export const recordPoints = async (place: Place, reaper: Reaper): Promise<{points: string[]; planned: string[]; outcomes: Outcome[]}> => {
	const {points, outcomes} = await recordRotation(place, reaper);
	const planned = plannedPoints(place);
	same('planned writes that the run did not make', planned.filter(point => !points.includes(point)), []);
	return {points: points.toSorted(), planned, outcomes};
};

/** A run that goes on may have made another backup: before its own first write, or before a retire. */
const withoutBackups = (files: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(files).filter(([file]) => !/^backups\/[^.]*$|^backups\/<time>\//v.test(file)));

/**
Fails where a Secret, the folder and what is served are not one and the same leaf.

@throws Error saying so.
*/
const agreed = async (place: Place): Promise<void> => {
	const serials = await serialsByComponent(place);
	same('components of more than one leaf', Object.entries(serials).filter(([, places]) => new Set(Object.values(places)).size !== 1), []);
};

export type Attempt = {
	place: Place;
	reaper: Reaper;
	saved: SavedState;
	/** What an undisturbed rotation leaves, cluster by cluster. */
	outcomes: Outcome[];
};

/**
From the saved state, kills a rotation at a point and runs it again.

@returns what was seen, in words.
@throws Error when the end is not that of an undisturbed rotation, a connection failed by a certificate, or a pod was restarted once too often.
*/
export const killAt = async ({place, reaper, saved, outcomes}: Attempt, point: string): Promise<string> => {
	await saved.restore();
	await reaper.forget();
	let seconds = 0;
	const began = Date.now();
	const seen = await watched(place, async () => {
		killedAt(`one ${point}`, await reaper.run(`one ${point}`, wholeRotation(place)));
		const started = Date.now();
		succeeded('the run that goes on', await reaper.run(`one ${point}`, goingOn(place, began)));
		seconds = Math.round((Date.now() - started) / 1000);
	});
	undisturbed(seen);
	const found = await outcomesOf(place);
	for (const [index, {files, secrets, issued}] of found.entries()) {
		const outcome = outcomes[index]!;
		same('Secrets', secrets, outcome.secrets);
		same('cert-manager\'s objects', issued, outcome.issued);
		same('files', withoutBackups(files), withoutBackups(outcome.files));
	}

	await Promise.all(eachOf(place).map(async one => agreed(one)));
	restartedInEachPhase(place, seen);
	return `on in ${seconds} s, ${seen.traffic.total.certificateErrors} certificate errors of ${seen.traffic.total.attempts}`;
};
