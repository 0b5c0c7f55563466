import {distinctText} from './material.ts';
import type {
	Holding,
	Manner,
	Material,
	Mount,
	Reload,
} from './types.ts';

const takenUp = (reload: Reload, {started, mounted}: Mount): Material[] => {
	const from: Record<Reload, Material[]> = {start: started, mounted, either: [...started, ...mounted]};
	return from[reload];
};

/** What a process of this manner may hold that has these mounts. Pure. */
export const holdingOf = ({leaf, clientsCa, serversCa}: Omit<Manner, 'secrets'>, mounts: Mount[]): Holding => ({
	leaves: distinctText(mounts.flatMap(mount => takenUp(leaf, mount)).map(material => material.leaf)),
	clientsCas: distinctText(mounts.flatMap(mount => takenUp(clientsCa, mount)).map(({bundle}) => bundle)),
	serversCas: distinctText(mounts.flatMap(mount => takenUp(serversCa, mount)).map(({bundle}) => bundle)),
});
