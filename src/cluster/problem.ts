/** Something that a check found. All checks report all that they find; nobody has to mend one problem to see the next. */
export type Problem = {
	/** Stable and short, for tests and journals: `not-ready`, `lost`. */
	code: string;
	/** What is wrong and where, in one sentence without a full stop. */
	what: string;
	/** The next move. */
	fix?: string;
	/** `question`: not wrong, but a person must agree to it (an outage). Without it the problem is a refusal. */
	kind?: 'question';
};
