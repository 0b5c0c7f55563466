import {readFileSync, readlinkSync} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import process from 'node:process';
import {type Holder, type Standing, standing} from '../plan/holder.ts';
import {runProgram} from './program.ts';

const isLinux = process.platform === 'linux';

/** `/proc/<pid>/stat` behind the program's name, which may hold anything: state, parent, …, start in ticks since boot. */
const linuxStart = (pid: number): string | undefined => {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		// One that has ended and that nobody asked for yet is gone as well.
		return ['Z', 'X', 'x'].includes(fields[0]!) ? undefined : fields[19];
	} catch {
		return undefined;
	}
};

/** The same by `ps`, which every other system has: a date. */
const startByPs = async (pid: number): Promise<string | undefined> => {
	const {stdout} = await runProgram('ps', ['-o', 'lstart=', '-p', String(pid)], {what: 'looking for a process', env: {LC_ALL: 'C', TZ: 'UTC'}, allowFailure: true});
	const text = stdout.trim().replaceAll(/\s+/gv, '-');
	return text === '' ? undefined : text;
};

/** When the process with this number started, in the system's own words; undefined when there is none. */
const startOf = async (pid: number): Promise<string | undefined> => isLinux ? linuxStart(pid) : startByPs(pid);

/** Boot and process namespace: in another one the same number is another process. */
const systemId = async (): Promise<string> => {
	if (isLinux) {
		const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
		return `${boot}-${readlinkSync('/proc/self/ns/pid').replaceAll(/\D/gv, '')}`;
	}

	const {stdout} = await runProgram('sysctl', ['-n', 'kern.bootsessionuuid'], {what: 'asking the system which it is', allowFailure: true});
	const id = stdout.trim().slice(0, 8);
	return id === '' ? process.platform : id;
};

const username = (): string => {
	try {
		return userInfo().username.replaceAll(/[\s@]/gv, '_');
	} catch {
		// A container's user may have no name.
		return String(process.getuid?.() ?? '');
	}
};

let known: Holder | undefined;

/** This process, as it stands in what it holds. */
export const self = async (): Promise<Holder> => {
	known ??= {
		user: username(), host: hostname(), pid: process.pid, start: await startOf(process.pid) ?? '', system: await systemId(),
	};
	return known;
};

/** How the holder of a lock, by its text, stands to this process. */
export const standingOf = async (text: string): Promise<Standing> => {
	const pid = Number(/ pid (?<pid>\d+) /v.exec(text)?.groups?.pid);
	const start = Number.isSafeInteger(pid) ? await startOf(pid) : undefined;
	return standing(text, await self(), () => start);
};
