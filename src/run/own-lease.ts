import {performance} from 'node:perf_hooks';
import type {Access} from '../observe/cluster.ts';
import {heldWords, type LeaseObject, recordOf} from '../plan/lease.ts';
import {readLease, replaceLease} from './lease-calls.ts';

/** A Lease in our name: the only way in which its record is changed. */
export type OwnLease = {
	/**
	Writes a change of the record, unless the Lease is lost.
	@throws ProgramError when the API server cannot be asked.
	*/
	write: (change: (present: LeaseObject) => LeaseObject) => Promise<void>;
	/** Who has it now, in words; undefined while it is ours. */
	lost: () => string | undefined;
	/** Seconds since the last write that came through. */
	age: () => number;
};

/** Keeps the Lease that was just taken by `holder`. */
export const ownLease = (access: Access, taken: LeaseObject, holder: string): OwnLease => {
	let held = taken;
	let written = performance.now();
	let lost: string | undefined;

	const tryOnce = async (change: (present: LeaseObject) => LeaseObject): Promise<boolean> => {
		const began = performance.now();
		const now = await replaceLease(access, change(held));
		if (now) {
			held = now;
			written = began;
			return true;
		}

		const present = await readLease(access, held);
		if (present && recordOf(present).holder === holder) {
			// An earlier write of ours came through although its kubectl did not say so, or a label was changed.
			held = present;
			return false;
		}

		const isHeld = present !== undefined && recordOf(present).holder !== '';
		lost = isHeld ? `it is held by ${heldWords(recordOf(present), Date.now())}` : 'somebody deleted or released it';
		return true;
	};

	return {
		async write(change) {
			for (let attempt = 1; attempt <= 5; attempt++) {
				if (lost !== undefined || await tryOnce(change)) {
					return;
				}
			}

			throw new Error(`Lease ${held.metadata.name} is changed by others again and again`);
		},
		lost: () => lost,
		age: () => Math.round((performance.now() - written) / 1000),
	};
};
