/** The order in which clusters that share a CA go through the phases, for a person: a line a phase. Pure. */
export const jointText = (parts: Array<{phase: string; name: string}>): string => {
	const byPhase = Map.groupBy(parts, ({phase}) => phase);
	return [
		'These clusters share a CA. Each phase of all of them comes before the next of any:',
		...byPhase.entries().map(([phase, of]) => `  ${phase.padEnd(8)} ${of.map(({name}) => name).join(', ')}`),
		'',
	].join('\n');
};
