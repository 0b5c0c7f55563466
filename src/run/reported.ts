import path from 'node:path';
import type {Observation} from '../observe/types.ts';
import type {Position} from '../plan/place.ts';
import type {Plan, Proof} from '../plan/types.ts';
import type {
	Acknowledged,
	EarlierRun,
	Ending,
	RunRecord,
} from '../report/record.ts';
import {earlierRuns} from './earlier-runs.ts';
import {Stopped, exitStatus} from './errors.ts';
import {folderRedactor} from './keys.ts';
import type {Program} from './programs.ts';
import type {Recorder} from './recorder.ts';
import {sayReport} from './say.ts';
import {self} from './self.ts';
import {version} from './version.ts';
import {writeReport} from './write-report.ts';

/** What only the command knows that is run. */
export type ReportOptions = {
	what: RunRecord['what'];
	programs: Program[];
	/** What is left for a person to do when all went well, by what stands there then. */
	left: (after: Observation) => string[];
	/** Where the cluster stands, by its certificates; without it the steps tell. */
	position?: (observation: Observation) => Position;
};

/** What only the run knows. */
export type Run = {
	plan: Plan;
	folder: string;
	goOn: string;
	say: (text: string) => void;
	recorder: Recorder;
	/** The time in the name of the report. */
	stamp: string;
	before: Observation;
	observe: () => Promise<Observation>;
	proofs: Proof[];
	/** For whom a person answered. */
	acknowledged: Acknowledged[];
};

const endingOf = (error: unknown): Ending => {
	const {message, status, hints} = error instanceof Stopped ? error : {message: (error as Error).message, status: exitStatus.failed, hints: []};
	return {is: status === exitStatus.interrupted ? 'interrupted' : 'failed', message, hints: [...hints]};
};

type Begun = Run & {began: string; earlier: EarlierRun[]};

const write = async (options: ReportOptions, run: Begun, ending: Ending): Promise<string> => {
	const {plan, folder, goOn, recorder, began, earlier, before, observe, proofs, acknowledged} = run;
	const {what, programs, left, position} = options;
	// After a failure the API server may be away: what was seen last is told then.
	const after = await observe().catch(() => recorder.latest() ?? before);
	const {user, host} = await self();
	const record: RunRecord = {
		what,
		cluster: plan.cluster,
		folder,
		command: goOn,
		who: `${user}@${host}`,
		began,
		ended: new Date().toISOString(),
		ending,
		...(position && {position: position(after)}),
		left: left(after),
		version,
		programs,
		plan,
		events: recorder.events,
		restarts: recorder.restarts,
		proofs,
		before,
		after,
		earlier,
		...(recorder.probe && {probe: recorder.probe}),
		...(acknowledged.length > 0 && {acknowledged}),
	};
	const file = await writeReport(record, run.stamp, await folderRedactor(folder));
	await recorder.journal('report', {file: path.relative(folder, file)});
	return file;
};

/** A report that cannot be written fails nothing: the certificates are what counts. */
const tryToWrite = async (options: ReportOptions, run: Begun, ending: Ending): Promise<string | undefined> => {
	try {
		return await write(options, run, ending);
	} catch (error) {
		run.say(`the report could not be written: ${(error as Error).message}`);
		return undefined;
	}
};

/**
Does the work of a run, and writes its report, however it ends.
@returns the path of the report; undefined when it could not be written.
@throws what `work` throws; a Stopped names the report as its last hint.
*/
export const reported = async (options: ReportOptions, run: Run, work: () => Promise<void>): Promise<string | undefined> => {
	const begun: Begun = {...run, began: new Date().toISOString(), earlier: await earlierRuns(run.folder, run.plan)};
	try {
		await work();
	} catch (error) {
		const file = await tryToWrite(options, begun, endingOf(error));
		if (error instanceof Stopped) {
			error.hints.push(...(file === undefined ? [] : [`the report of this run: ${file}`]));
		} else {
			sayReport({report: file});
		}

		throw error;
	}

	return tryToWrite(options, begun, {is: 'done'});
};
