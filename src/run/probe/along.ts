import type {Access} from '../../observe/cluster.ts';
import type {Observation} from '../../observe/types.ts';
import type {Plan} from '../../plan/types.ts';
import type {ProbeNumbers} from '../../report/numbers.ts';
import type {Journal} from '../journal.ts';
import {type Alarm, alarmed, alarmText} from './alarm.ts';
import {startProbe} from './probe.ts';

/** How a run is to be probed. */
export type ProbeWish = {
	/** Milliseconds between two connections to a port. */
	interval: number;
	/** Whether certificate failures end the run: not where it is there to cure them. */
	stops: boolean;
};

export type AlongOptions = ProbeWish & {
	access: Access;
	plan: Plan;
	latest: () => Observation;
	journal: Journal;
	say: (text: string) => void;
	/** The command that goes on from here, for messages. */
	goOn: string;
};

/** A traffic probe that accompanies a run. */
export type Along = {
	/** As the run's context has it. */
	check: (title: string) => void;
	/** Ends it on every path of the run, and writes its numbers into the journal, once. It does not throw. */
	end: () => Promise<ProbeNumbers>;
};

/** Starts a traffic probe that ends with the run, and ends the run before its next write when it must. */
export const probeAlong = ({access, plan, latest, journal, say, goOn, interval, stops}: AlongOptions): Along => {
	const {cluster} = plan;
	let alarm: Alarm | undefined;
	/** The journal only explains: what it cannot take, on a full disk, ends nothing. */
	const note: Journal = async (event, facts) => {
		try {
			await journal(event, facts);
		} catch (error) {
			say(`    the probe could not write to the journal: ${(error as Error).message}`);
		}
	};

	const probe = startProbe({
		access,
		cluster,
		interval,
		latest,
		onAlarm(found) {
			alarm = found;
			say(`    ${alarmText(found)}`);
			void note('probe-alarm', found);
		},
	});
	const end = async (): Promise<ProbeNumbers> => {
		const numbers = await probe.stop();
		await note('probe', numbers);
		return numbers;
	};

	let ended: Promise<ProbeNumbers> | undefined;
	return {
		check(title) {
			if (alarm && stops) {
				throw alarmed(alarm, {title, cluster, goOn});
			}
		},
		async end() {
			ended ??= end();
			return ended;
		},
	};
};
