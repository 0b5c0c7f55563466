import {setTimeout as sleep} from 'node:timers/promises';
import type {Cluster} from '../cluster/types.ts';
import type {Access} from '../observe/cluster.ts';
import {holderText} from '../plan/holder.ts';
import {leaseSeconds, released, renewedAt} from '../plan/lease.ts';
import {failed, Stopped, exitStatus} from './errors.ts';
import {newLease} from './lease-calls.ts';
import {ownLease} from './own-lease.ts';
import {patiently} from './patience.ts';
import {self} from './self.ts';
import {takeLease} from './take-lease.ts';

const renewEvery = 10_000;

/** A Lease that this run holds. */
export type HeldLease = {
	/**
	Renews it now, so that it counts for longer than a write takes. While the API server is away it tries again for two minutes:
	a renewal that then works proves that nobody held it meanwhile.
	@throws Stopped when it is lost, or cannot be renewed.
	*/
	prove: () => Promise<void>;
	/** Lets it go, if it is still ours. It never throws, and ends within seconds. */
	release: () => Promise<void>;
};

export type LeaseOptions = {
	access: Access;
	cluster: Cluster;
	say: (text: string) => void;
	signal: AbortSignal;
	/** The command that goes on from here, for messages. */
	goOn: string;
};

const firstLine = (error: unknown): string => (error as Error).message.split('\n', 1)[0]!;

/**
Takes the Lease of a cluster, and renews it until it is released.
@throws Stopped (refused) when somebody else holds it; ProgramError when the API server cannot be asked.
*/
export const holdLease = async ({access, cluster, say, signal, goOn}: LeaseOptions): Promise<HeldLease> => {
	const holder = holderText(await self());
	const lease = newLease(cluster);
	const title = `Lease ${lease.metadata.name} in namespace ${cluster.namespace}`;
	const own = ownLease(access, await takeLease({
		access, lease, holder, say, signal,
	}), holder);

	let underway: Promise<void> | undefined;
	/** One at a time, so that two do not meet in a conflict. */
	const renew = async (): Promise<void> => {
		underway ??= own.write(present => renewedAt(present, Date.now()));
		try {
			await underway;
		} finally {
			underway = undefined;
		}
	};

	const ending = new AbortController();
	const keepRenewing = async (): Promise<void> => {
		while (own.lost() === undefined) {
			try {
				await sleep(renewEvery, undefined, {signal: ending.signal});
				await renew();
			} catch {
				// Whoever writes proves it anew, and says what is wrong.
				if (ending.signal.aborted) {
					return;
				}
			}
		}

		say(`    ${title} is lost: ${own.lost()}; this run ends before its next write`);
	};

	void keepRenewing();
	return {
		async prove() {
			try {
				await patiently(renew, {say, signal});
			} catch (error) {
				throw signal.aborted
					? new Stopped(exitStatus.interrupted, 'interrupted; what was written stays as it is', [`go on: ${goOn}`])
					: failed(`${title} was not renewed for ${own.age()} s, and counts for ${leaseSeconds} s: this run ends before its next write\n${(error as Error).message}`, `then go on: ${goOn}`);
			}

			if (own.lost() !== undefined) {
				throw failed(`${title} is lost: ${own.lost()}; this run ends before its next write`, `see who works on this cluster, then go on: ${goOn}`);
			}
		},
		async release() {
			ending.abort();
			try {
				// A renewal that hangs is not waited for: what it still writes comes too late, by its resourceVersion.
				await Promise.race([underway, sleep(2000)]);
			} catch {
				// It failed; the Lease may be ours all the same.
			}

			try {
				await own.write(present => released(present));
			} catch (error) {
				say(`${title} could not be released; it is free ${leaseSeconds} s after its last renewal: ${firstLine(error)}`);
			}
		},
	};
};
