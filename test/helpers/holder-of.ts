import {readFile} from 'node:fs/promises';
import {holderText} from '../../src/plan/holder.ts';
import {self} from '../../src/run/self.ts';

/** The text by which a process of this machine would hold something. */
export const holderOf = async (pid: number): Promise<string> => {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	return holderText({...await self(), pid, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20)[19]!});
};
