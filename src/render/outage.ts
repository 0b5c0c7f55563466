import type {Observation} from '../observe/types.ts';
import {running} from '../plan/steps.ts';
import type {Plan} from '../plan/types.ts';
import {took} from '../report/time.ts';
import {restartTime} from '../status/restart-time.ts';

/** What it takes besides the pods: that the Secrets are made again, and that every pod is asked. Milliseconds, by what sandboxes took. */
const usualRest = 30_000;

/** What outage a plan is expected to be, for a person who is about to agree to it; empty where it is none. Pods of a component start side by side. */
export const expectedOutage = ({steps, cluster}: Plan, {pods}: Observation): string => {
	if (steps.every(({outage}) => outage !== true)) {
		return '';
	}

	const {perPod, how} = restartTime(pods);
	const components = running(cluster).length;
	const expected = took((perPod * components) + usualRest);
	const each = `${took(perPod)} each, ${how === 'measured' ? 'as measured in their last roll' : 'estimated'}`;
	return [
		`An outage: from the first Secret until the last of ${pods.length} pods is Ready again, the components refuse each other.`,
		`Expected: about ${expected} (${components} components in turn, ${each}, and ${took(usualRest)} for Secrets and the last look).`,
	].join('\n');
};
