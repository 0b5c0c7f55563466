/** Who holds a lock: a process that can be told from every other one. */
export type Holder = {
	user: string;
	host: string;
	pid: number;
	/** When the process started, in whatever unit its system counts. */
	start: string;
	/** The running system and its process numbers: another one on the same host after a reboot, or in a container. */
	system: string;
};

/** The text that stands in a Lease's `holderIdentity` and in a folder's lock: `anna@box pid 4711 start 8123456 on 3f2a9b1c`. */
export const holderText = ({user, host, pid, start, system}: Holder): string => `${user}@${host} pid ${pid} start ${start} on ${system}`;

/**
Reads a holder's text.
@returns undefined when it is none of ours: another tool's, or a person's.
*/
export const parseHolder = (text: string): Holder | undefined => {
	const {user, host, pid, start, system} = /^(?<user>[^\s@]*)@(?<host>\S+) pid (?<pid>\d+) start (?<start>\S+) on (?<system>\S+)$/v.exec(text)?.groups ?? {};
	if (pid === undefined) {
		return undefined;
	}

	return {
		user: user!, host: host!, pid: Number(pid), start: start!, system: system!,
	};
};

/** `gone`: it was a process of this system, and has ended. `elsewhere`: only time can tell whether it lives. */
export type Standing = 'nobody' | 'ours' | 'alive' | 'gone' | 'elsewhere';

/**
How a holder stands to the process that asks. `startOf` gives the start of the process that has a number now, on this system;
undefined when there is none.
*/
export const standing = (text: string, self: Holder, startOf: (pid: number) => string | undefined): Standing => {
	if (text === '') {
		return 'nobody';
	}

	if (text === holderText(self)) {
		return 'ours';
	}

	const holder = parseHolder(text);
	if (holder?.host !== self.host || holder.system !== self.system) {
		return 'elsewhere';
	}

	return startOf(holder.pid) === holder.start ? 'alive' : 'gone';
};
