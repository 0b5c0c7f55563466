/** What the components themselves answered in one sync. */
export type Facts = {
	/** Undefined where PD could not be asked. */
	pd: PdFacts | undefined;

	/** By pod name; `leaders` is undefined where the metrics do not say. */
	tikv: Record<string, {up: boolean; leaders: number | undefined}>;

	/** By pod name: whether the status port answered. */
	tidb: Record<string, boolean>;

	/** The same of PD's microservices. */
	microservices: Record<string, boolean>;

	/** The same of a DM cluster's masters and workers. */
	dm: Record<string, boolean>;

	/** In milliseconds, as Date.now(). */
	now: number;
};

export type PdFacts = {
	clusterId: string;
	members: Array<{name: string; id: string; clientURL: string; health: boolean}>;
	leader: string | undefined;
};
