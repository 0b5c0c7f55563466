/**
Does something for each of many, some at a time, each in its turn.
@returns the results in the order of `items`.
*/
export const sideBySide = async <Item, Result>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<Result>): Promise<Result[]> => {
	const results: Result[] = [];
	const queue = items.entries().toArray();
	const worker = async (): Promise<void> => {
		for (let next = queue.shift(); next; next = queue.shift()) {
			const [index, item] = next;
			results[index] = await work(item);
		}
	};

	await Promise.all(Array.from({length: atOnce}, worker));
	return results;
};
