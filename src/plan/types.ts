import type {Cluster, ComponentName} from '../cluster/types.ts';

/** One word of a command: a literal argument, or text that the shell must evaluate, quoted already. */
export type Word = string | {shell: string};

/** Programs joined by pipes, fed by a here-document, ending in a file. */
export type Command = {
	stages: Word[][];
	/** The text of a here-document for the first stage. */
	stdin?: string;
	/** The file that takes the last stage's output. */
	stdout?: string;
};

/** One line of the procedure: commands joined by `&&`. It is printed, listed and run as the same bytes. */
export type Line = {
	commands: Command[];
	/** What the line changes: the cluster folder, the cluster, or nothing. */
	changes: 'files' | 'cluster' | 'nothing';
	/** The documents' numbered item that the line belongs to; undefined where the documents leave it to a person. */
	item?: {number: number; title: string};
};

export type Phase = 'issue' | 'prepare' | 'trust' | 'reissue' | 'retire' | 'renew' | 'rollback';

/**
Something that can be seen to hold or not. `by` and `bundle` name files of the cluster folder. One name, two implementations:
`holds()` here and a bash function in the runbook (design.md 3).
*/
export type Condition =
	/** The newest backup has the folder's files; with `renamed`, these (by their names in the backup) for all CA files. */
	| {is: 'backup'; renamed?: Record<string, string>}
	/** The files in the folder are those of a backup. */
	| {is: 'restored'; backup: string; files: string[]}
	/** The certificates in `file` are those of the files in `of`, in this order. */
	| {is: 'folder'; file: string; of: string[]}
	| {is: 'absent'; files: string[]}
	/** The component's leaf in the folder is signed by `by`, and its key fits. */
	| {is: 'signed'; component: ComponentName; by: string}
	/** At least one of the components' leaves in the folder is not the one in its Secret. */
	| {is: 'renewed'; components: ComponentName[]}
	/** The leaf and key in the folder are those in the Secret: a CA is never changed in one step with a leaf (tidb-facts 5.A.2). */
	| {is: 'kept'; component: ComponentName}
	/** The Secret holds the bundle (byte for byte), or already that of the phase after it, and with `leaf` also the folder's leaf and key. */
	| {is: 'secret'; component: ComponentName; bundle: string; later?: string; leaf: boolean}
	/**
	The one CA in `file` is that of the components' Secrets, made anew: the same key, subject and key identifier, ending no earlier. At least
	one of the Secrets still has the one before.
	*/
	| {is: 'successor'; file: string; components: ComponentName[]}
	/** The leaf in the Secret verifies against `by` alone. */
	| {is: 'verifies'; component: ComponentName; by: string}
	/** The TidbCluster asks for pods with this bundle and the folder's leaf; with `fresh`, no pod was made so before its Secret had them. */
	| {is: 'stamped'; component: ComponentName; bundle: string; fresh: boolean}
	/** Every pod was made for this bundle and the folder's leaf, and the roll is over (tidb-facts 3.3). */
	| {is: 'rolled'; component: ComponentName; bundle: string}
	/** Every pod is Ready and has read bundle and leaf of the folder again since its Secret has them. Like `rolled`, for who needs no restart. */
	| {is: 'reloaded'; component: ComponentName; bundle: string}
	/** Discovery's pod was made for this bundle, and the one before it is gone. */
	| {is: 'deployed'; bundle: string}
	/** The pods were made again, are Ready (used where the operator may be stuck). */
	| {is: 'recreated'; component: ComponentName}
	/** The gates of design.md 5. */
	| {is: 'trusts'; component: ComponentName; strict: boolean}
	/** With `wakes`, ports that serve another leaf are refused a connection: TiKV's status port reads its files anew only after one (tidb-facts 1.6). */
	| {is: 'serves'; component: ComponentName; wakes?: true}
	| {is: 'rejects-old'; component: ComponentName; strict: boolean}
	/** The same two for the way back: the old CA is trusted again, the new one no longer. */
	| {is: 'trusts-old'; component: ComponentName; strict: boolean}
	| {is: 'rejects-new'; component: ComponentName; strict: boolean}
	/** Every pod started with the CA certificate of its Secret: where two have one key, no handshake tells which of them was loaded. */
	| {is: 'loads'; component: ComponentName}
	/**
	Every Secret and ConfigMap beside the cluster's own that holds the CA in `old` holds the one in `ca` too, and with `leaves` no valid leaf
	of `old` alone. `person`: but for the copies that the operator keeps. `handled`: for these a person answers (`Secret/namespace/name`).
	*/
	| {is: 'consumers'; ca: string; old: string; leaves: boolean; whose: 'anyone' | 'person'; handled: string[]}
	/** A person answers for somebody who is not to be seen from here (`MySQL/tidb/clients-ca`). */
	| {is: 'answered'; who: string; needs: string; handled: string[]}
	/** An object of cert-manager is Ready, and nothing is being issued for it. */
	| {is: 'ready'; kind: 'Certificate' | 'Issuer'; name: string}
	| {is: 'gone'; kind: 'Certificate' | 'Issuer' | 'Secret'; names: string[]}
	/** The folder has each Certificate as it can be made again. */
	| {is: 'recorded'; certificates: string[]}
	/** No Secret goes with an object that owns it. */
	| {is: 'unowned'; secrets: string[]}
	/** The Secret, any of the namespace, holds a leaf that `by` verifies, and its key fits. */
	| {is: 'issued'; secret: string; by: string}
	/** One Secret holds the leaf of another. */
	| {is: 'alike'; secret: string; as: string}
	/** Cert-manager has issued the component's leaf again: it is not the folder's, its key fits, and the CA in the Secret `signer` signed it. */
	| {is: 'anew'; component: ComponentName; signer: string}
	/** A Secret of a CA holds the one in `file`, or with `another` some other one. */
	| {is: 'ca-secret'; secret: string; file: string; another: boolean}
	/** A Secret beside the components' holds the bundle, and its leaf verifies against `by`. */
	| {is: 'other'; secret: string; bundle: string; by: string};

/** A statement for the pods that serve a component's certificate, which must take up the folder's leaf with this bundle. */
export type Statement = {text: string; component: ComponentName; bundle: string};

/** How long a `done` may take to become true: at once (after its lines), or as long as there is progress. */
type Limit = 'at once' | 'while it progresses';

export type Step = {
	/** Stable: `trust.ca`, `trust.apply`, `trust.restart.pd`, … */
	id: string;
	phase: Phase;
	title: string;
	/** The heading of the documents, as an anchor of renew-tls-certificate. */
	docs: string;
	needs: Condition[];
	lines: Line[];
	/** What is asked of the pods of a component over MySQL's protocol, one after the other: each that does not have `bundle` yet. */
	sql?: Statement;
	/** The lines do not depend on each other. */
	independent: boolean;
	done: Condition[];
	/** What must hold besides `done` for the step to count as done already. */
	skip: Condition[];
	limit: Limit;
	/** Milliseconds for which the cluster must have been stable before the step. */
	soak?: number;
	/** From this step on until the last such one is done, the components refuse each other. */
	outage?: true;
};

/** Why certificates are replaced: they end, the CA's key may be in wrong hands, or somebody's rule asks for it. */
export type Reason = 'expiry' | 'compromised' | 'policy';

export type Target = {
	/** `new-ca`: trust and reissue; `keep-ca`: leaves only; `renew-ca`: the CA's certificate only, with the key that it has. */
	route: 'new-ca' | 'keep-ca' | 'renew-ca';
	/** Why the certificates are replaced, where a person said it. */
	reason?: Reason;
	retire: boolean;
	/** The last phase of this run. */
	until?: 'trust' | 'reissue';
	/** Whose leaves are renewed (with keep-ca only some, with renew-ca none); trust, gates and retire always cover every component. */
	leaves: ComponentName[];
	strict: boolean;
	/** Milliseconds for which the cluster must be stable between two phases. */
	soak?: number;
	/** Consumers for which a person answers, as they are printed: `Secret/monitoring/tidb-ca`. */
	handled?: string[];
	/** Subject OU of the new CA (`--ca-ou`). */
	caOu?: string;
	/** As the documents have it for cert-manager: Secrets are deleted, and with a new CA that is an outage. */
	asDocumented?: boolean;
};

export type Plan = {
	cluster: Cluster;
	target: Target;
	steps: Step[];
	/** How many steps at the beginning are done already. */
	from: number;
};

/** What was proved of one port, and how. */
export type Proof = {
	pod: string;
	component: ComponentName;
	/** Undefined for a pod that has no port of this side. */
	port?: number;
	claim: string;
	how: 'handshake' | 'handshake and restart' | 'evidence by restart';
	detail: string;
};

/** Whether a condition holds, with the reasons in words when it does not, and the proofs when it does. */
export type Judgement = {
	holds: boolean;
	reasons: string[];
	proofs: Proof[];
};
