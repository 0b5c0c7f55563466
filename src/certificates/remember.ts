const atMost = 2000;

/**
Remembers what a function made of a certificate's PEM: it never changes. When too many are remembered, all are forgotten, so that a
list of thousands is read within bounded memory.
*/
export const remembering = <Facts>(make: (pem: string) => Facts): (pem: string) => Facts => {
	const known = new Map<string, Facts>();
	return pem => {
		const facts = known.get(pem) ?? make(pem);
		if (known.size >= atMost) {
			known.clear();
		}

		known.set(pem, facts);
		return facts;
	};
};
