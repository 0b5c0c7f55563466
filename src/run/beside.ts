import type {Cluster} from '../cluster/types.ts';
import {type Access, observe} from '../observe/cluster.ts';
import {groupsNow} from '../prove/loaded.ts';
import type {Group} from '../prove/types.ts';

type Place = {access: Access; cluster: Cluster; folder: string};

/** What the processes of the other clusters may hold now, of those that go through the phases with one. */
export const groupsBeside = async (one: Place, all: Place[]): Promise<Group[]> => {
	const others = all.filter(({folder}) => folder !== one.folder);
	const groups = await Promise.all(others.map(async ({access, cluster, folder}) => groupsNow(await observe(access, cluster, folder), cluster)));
	return groups.flat();
};
