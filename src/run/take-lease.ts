import type {Access} from '../observe/cluster.ts';
import {
	heldWords,
	type LeaseObject,
	recordOf,
	sameRecord,
	takenBy,
} from '../plan/lease.ts';
import {Stopped, exitStatus, refused} from './errors.ts';
import {createLease, readLease, replaceLease} from './lease-calls.ts';
import {ProgramError} from './program.ts';
import {standingOf} from './self.ts';
import {staysUnchanged} from './unchanged.ts';

export type Taking = {
	access: Access;
	/** As it is before it is made. */
	lease: LeaseObject;
	/** Our text. */
	holder: string;
	say: (text: string) => void;
	signal: AbortSignal;
};

const nameOf = ({metadata}: LeaseObject): string => `Lease ${metadata.name} in namespace ${metadata.namespace}`;

const isHeld = (lease: LeaseObject): Stopped => refused(
	`${nameOf(lease)} is held by ${heldWords(recordOf(lease), Date.now())}: another run is at work on this cluster; nothing was changed`,
	'when it has ended, run this again: it goes on from where the cluster stands then',
);

/** A record of another machine tells by changing, or not, whether its holder lives. */
const isDead = async ({access, say, signal}: Taking, lease: LeaseObject): Promise<boolean> => {
	const record = recordOf(lease);
	const held = heldWords(record, Date.now());
	say(`${nameOf(lease)} is held by ${held}; looking for ${record.seconds} s whether its holder is alive`);
	try {
		return await staysUnchanged({
			first: lease, look: async () => readLease(access, lease), isSame: sameRecord, duration: record.seconds * 1000, signal,
		});
	} catch (error) {
		throw signal.aborted ? new Stopped(exitStatus.interrupted, 'interrupted before the first write; nothing was changed') : error;
	}
};

/** Takes a Lease that is there, if it may be taken. It gives undefined when it is another one by now. */
const takeOver = async (taking: Taking, lease: LeaseObject): Promise<LeaseObject | undefined> => {
	const {access, holder, say} = taking;
	const write = async (present: LeaseObject) => replaceLease(access, takenBy(present, holder, Date.now()));
	const record = recordOf(lease);
	switch (await standingOf(record.holder)) {
		case 'ours': {
			// Made by us a moment ago, by a kubectl that did not come to say so.
			return lease;
		}

		case 'nobody': {
			return write(lease);
		}

		case 'gone': {
			say(`taking ${nameOf(lease)} over: its holder ${record.holder} is no longer running on this machine`);
			return write(lease);
		}

		case 'alive': {
			throw isHeld(lease);
		}

		case 'elsewhere': {
			const isOver = await isDead(taking, lease);
			const present = await readLease(access, lease);
			if (!present || recordOf(present).holder === '') {
				return undefined;
			}

			if (!isOver || !sameRecord(lease, present)) {
				throw isHeld(present);
			}

			say(`taking ${nameOf(lease)} over: its holder has not renewed it for ${record.seconds} s`);
			return write(present);
		}
	}
};

const take = async (taking: Taking): Promise<LeaseObject> => {
	const {access, lease, holder} = taking;
	for (let attempt = 1; attempt <= 5; attempt++) {
		const made = await createLease(access, takenBy(lease, holder, Date.now()));
		if (made) {
			return made;
		}

		const present = await readLease(access, lease);
		const taken = present && await takeOver(taking, present);
		if (taken) {
			return taken;
		}
	}

	throw refused(`${nameOf(lease)} is taken by others again and again; nothing was changed`, 'run this again');
};

/**
Takes the Lease of a cluster: makes it, or takes over one that nobody living holds. Who holds it is judged by its process where
that is on this machine, else by whether the record changes (design.md 4).
@returns the Lease as the API server has it now.
@throws Stopped: refused, naming the holder and its age, or because the API server cannot be asked; or interrupted.
*/
export const takeLease = async (taking: Taking): Promise<LeaseObject> => {
	try {
		return await take(taking);
	} catch (error) {
		throw error instanceof ProgramError ? refused(`${error.message}\nnothing was changed`, 'without its Lease no run writes anything') : error;
	}
};
