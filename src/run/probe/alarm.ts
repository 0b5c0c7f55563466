import {optionsFor} from '../../cluster/names.ts';
import type {Cluster} from '../../cluster/types.ts';
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
	cluster: Cluster;
	goOn: string;
};

/** Why a run ends before its next write, where it stands, and the ways on and back. */
export const alarmed = (alarm: Alarm, {title, cluster, goOn}: Whereabouts): Stopped => failed(
	[
		`${alarmText(alarm)}; this run ends before its next write`,
		`  it stands at: ${title}; what was written stays as it is`,
	].join('\n'),
	`see what that pod has mounted and serves: npm run verify -- ${optionsFor(cluster)}; restart it where that is not what its Secret holds`,
	`then go on: ${goOn}`,
	`or go back: npm run rollback -- ${optionsFor(cluster)}`,
);
