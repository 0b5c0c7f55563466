import type {PodView} from './views.ts';

/**
The replicas to set now: one more or fewer at a time, and only while all that are there are ready.

A TiKV that goes is not taken offline first: the stand-ins hold no regions.
*/
export function nextReplicas(present: number, wanted: number, pods: PodView[]): number {
	if (present === wanted || pods.length !== present || pods.some(({ready}) => !ready)) {
		return present;
	}

	return present < wanted ? present + 1 : present - 1;
}
