/** How many characters must be inserted, removed, replaced or swapped with their neighbour to turn one word into the other. */
const distance = (one: string, other: string): number => {
	const rows: number[][] = [Array.from({length: other.length + 1}, (_, index) => index)];
	for (let row = 1; row <= one.length; row++) {
		rows[row] = [row];
		for (let column = 1; column <= other.length; column++) {
			const isSame = one[row - 1] === other[column - 1];
			const isSwapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
			rows[row]![column] = Math.min(
				rows[row - 1]![column]! + 1,
				rows[row]![column - 1]! + 1,
				rows[row - 1]![column - 1]! + (isSame ? 0 : 1),
				isSwapped ? rows[row - 2]![column - 2]! + 1 : Infinity,
			);
		}
	}

	return rows[one.length]![other.length]!;
};

/** The known word that was most likely meant; undefined when none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
	const lower = word.toLowerCase();
	const rated = known
		.map(candidate => ({candidate, far: distance(lower, candidate.toLowerCase())}))
		.filter(({candidate, far}) => far <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3)))
		.toSorted((one, other) => one.far - other.far);
	return rated[0]?.candidate;
};

/** The next move for an unknown word: the one that was probably meant, or all there are. */
export const suggest = (word: string, known: readonly string[]): string => {
	const meant = nearest(word, known);
	return meant === undefined ? `known are ${known.map(name => JSON.stringify(name)).join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
};
