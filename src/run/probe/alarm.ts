import {failed, type Stopped} from '../errors.ts';
import {failuresAtMost} from './count.ts';

/** Certificate failures in a row at one port, with the words of the last. */
export type Alarm = {pod: string; port: number; words: string};

/** What a person is told at once. */
export const alarmText = ({pod, port, words}: Alarm): string =>
	`the probe failed by certificate ${failuresAtMost} times in a row at ${pod} port ${port}: ${words}`;

export type Whereabouts = {
	/** The step that the run was about to begin or waits in. */
	title: string;
	namespace: string;
	cluster: string;
	goOn: string;
};

/** Why a run ends before its next write, where it stands, and the ways on and back. */
export const alarmed = (alarm: Alarm, {title, namespace, cluster, goOn}: Whereabouts): Stopped => failed(
	[
		`${alarmText(alarm)}; this run ends before its next write`,
		`  it stands at: ${title}; what was written stays as it is`,
	].join('\n'),
	`see what that process says, and restart it if it has not loaded its Secret: kubectl logs -n ${namespace} ${alarm.pod}`,
	`then go on: ${goOn}`,
	`or go back: npm run rollback -- --cluster ${cluster}`,
);
