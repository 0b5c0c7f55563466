/** An object that kubectl is to get by its name, and how many requests that takes: one, or with one for the namespace two, where it may not be there. */
export type Named = {name: string; requests: number};

/**
How many requests a call of kubectl makes before it holds itself up, to five in a second: client-go's default, which kubectl keeps for
all but discovery. A call with a dozen names took two seconds so.
*/
const burst = 10;

/** Splits objects into groups, in their order, each of which one call of kubectl gets without holding itself up. */
export const withinBurst = (objects: Named[]): Named[][] => {
	const groups: Named[][] = [];
	let left = 0;
	for (const object of objects) {
		if (object.requests > left) {
			groups.push([]);
			left = burst;
		}

		groups.at(-1)!.push(object);
		left -= object.requests;
	}

	return groups;
};
