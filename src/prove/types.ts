import type {CertificateFacts, PemFacts} from '../certificates/types.ts';
import type {ComponentName} from '../cluster/types.ts';

/** What a Secret holds at one time: the leaf of `tls.crt` and the CAs of `ca.crt`. */
export type Material = {leaf: PemFacts; bundle: PemFacts};

/** What a process may have of one Secret. Each list holds every possibility; none is empty. */
export type Mount = {
	/** What was mounted when the process started: a CA counts from there. */
	started: Material[];
	/** What is mounted now: kubelet brings a changed Secret with a delay. */
	mounted: Material[];
};

/** When a process takes up what is mounted: at its start only, at once, or (also where it is not known) either. */
export type Reload = 'start' | 'mounted' | 'either';

/** The library that checks certificates: OpenSSL's rule is stricter than Go's for leaves without a key identifier. */
export type Library = 'go' | 'openssl';

/** How a component's process treats its certificates. */
export type Manner = {
	library: Library;
	/** The leaf that it serves, and presents as a client. */
	leaf: Reload;
	/** The CAs by which it checks its clients. */
	clientsCa: Reload;
	/** The CAs by which it checks the servers that it calls. */
	serversCa: Reload;
	/** The Secrets that it has, its own first. */
	secrets: ComponentName[];
};

/** Processes of one component that may hold the same, from the plan's beginning to its end. */
export type Group = {
	component: ComponentName;
	/** Names of pods; empty for those who read the client Secret themselves. */
	pods: string[];
	/** By the Secret's component. */
	mounts: Partial<Record<ComponentName, Mount>>;
};

/** A span of the plan in which nothing changes of what anybody may hold. */
export type Moment = {
	/** In words: `now`, or a step's title with its id. */
	when: string;
	groups: Group[];
};

/** What a process may present, and by what it may check others; every possibility once. */
export type Holding = {
	leaves: PemFacts[];
	/** For its clients' certificates. */
	clientsCas: PemFacts[];
	/** For the certificates of the servers that it calls. */
	serversCas: PemFacts[];
};

/** A group of processes at one moment. */
export type Party = {group: Group; holding: Holding; library: Library};

/** Processes of two groups, or two of one group, of which one calls the other. */
export type Meeting = {
	client: Party;
	server: Party;
	/** How many states of the one meet how many of the other. */
	pairs: number;
	isSafe: boolean;
};

/** A leaf that would be, or is, refused. */
export type Unsafe = {
	moment: string;
	/** Who refuses, and whose leaf; in words: `tikv (basic-tikv-0)`, `the operator`. */
	verifier: string;
	presenter: string;
	/** The presenter's side of the connection. */
	as: 'client' | 'server';
	leaf: CertificateFacts | undefined;
	reason: string;
	/** It was so before the plan's first write. */
	already: boolean;
};

/** What was proved on paper of every mixed state that a plan passes through (design.md 5). */
export type StateProof = {
	moments: Array<{when: string; parties: Party[]; meetings: Meeting[]}>;
	processes: number;
	/** Summed over the moments: what each group of processes may hold, a leaf with a bundle each. */
	states: number;
	/** Summed over the moments: pairs of such states of processes that talk to each other. */
	pairs: number;
	unsafe: Unsafe[];
};
