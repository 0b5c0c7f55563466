/** What of PD may run in pods of its own (`spec.pdms`): a microservice, by its name. */
export type Microservice = 'tso' | 'scheduling';

/** What runs in pods of its own, by the label of its pods; `dm-…` is a DM cluster's. */
export type Workload = 'pd' | Microservice | 'tikv' | 'tidb' | 'tiflash' | 'ticdc' | 'tiproxy' | 'pump' | 'dm-master' | 'dm-worker';

/** The same by the name of its part in the spec and the status of its cluster. */
export type Part = Exclude<Workload, 'dm-master' | 'dm-worker'> | 'master' | 'worker';

/**
Who has a Secret of its own, by the name the documents use. `client` is the cluster client certificate; `tidb-server` and `tidb-client` are
the MySQL side's: port 4000 of TiDB, and the client that the operator's own jobs are; `dm-client` is a DM cluster's. Guests have none of their own and use another's: of
TiProxy, what it shows MySQL clients is TiDB's, and by its legacy layout it shows the other components the cluster client's (tidb-facts 1.4);
PD's microservices show PD's (tidb-facts 1.1).
*/
export type ComponentName = Workload | 'client' | 'tidb-server' | 'tidb-client' | 'dm-client' | Guest;

export type Guest = Microservice | 'tiproxy-client' | 'tiproxy-server';

export type Protocol = 'http' | 'h2' | 'mysql';

export type Port = {
	port: number;
	protocol: Protocol;
	/** What it is for, in a word: `client`, `peer`, `status`. */
	use: string;
};

/** One row of tidb-facts.md 1.1 and of design.md 5. */
export type Component = {
	name: ComponentName;
	/** File name without ending in the cluster folder: `pd-server`, `client`. */
	file: string;
	/** The profile of ca-config.json. */
	profile: 'internal' | 'server' | 'client';
	/** In whose pods it is used; undefined for a client, which has none. */
	workload: Workload | undefined;
	/** Where the Secret is mounted: `/var/lib/pd-tls`; '' for a client. */
	mount: string;
	/** The container that runs the component; '' for a client. */
	container: string;
	/** The ports that serve its certificate. */
	ports: Port[];
	/** The process re-reads its CA without a restart, so that an accepted canary says nothing of its outgoing connections (tidb-facts 1.6). */
	reloadsCa: boolean;
	/** Of a guest: whose Secret it uses. */
	host?: ComponentName;
	/** `status.<name>.synced` exists (tidb-facts 3.3). */
	hasSynced: boolean;
};

/** The objects of cert-manager that a cluster has, by name; all in its namespace. */
export type Issuance = {
	/** The Issuer that signs the leaves by the CA's Secret. */
	issuer: string;
	/** The CA's Certificate, and the Secret that it is kept in. */
	ca: {certificate: string; secret: string};
	/** The Certificate of each component's leaf. */
	certificates: Partial<Record<ComponentName, string>>;
	/** What that Issuer signs besides, such as the certificates of the MySQL side. */
	others: Array<{certificate: string; secret: string}>;
};

/** A MySQL account that TiDB lets in with a certificate only. */
export type Account = {
	/** `app@%`. */
	name: string;
	/** What the certificate must be, as CREATE USER has it: `X509`, `ISSUER '…' SUBJECT '…'`. */
	requires: string;
};

/** A cluster of another kind than a TidbCluster: a DMCluster, with components and a CA of its own. */
export type Kind = 'dm';

/** The certificates for MySQL clients have a CA of their own, beside that of the components. */
export type Side = 'mysql';

/**
One of several clusters that share a CA; `word` is what --cluster was given for it, and `context` and `dir` what --context and --dir were, where
each has its own. By `uid`, that of the TidbCluster, it is told from another of its name in another Kubernetes cluster.
*/
export type Companion = {name: string; namespace: string; uid: string; word: string; context?: string; dir?: string};

/** The cluster that a command is about. */
export type Cluster = {
	name: string;
	namespace: string;
	/** In the order of the documents, the client last. */
	components: ComponentName[];
	/** Pods that use their Secrets besides, and are restarted with them. */
	guests?: Guest[];
	/** Undefined for a TidbCluster. */
	kind?: Kind;
	/** Undefined for the certificates between the components. */
	side?: Side;
	/** How cert-manager issues its certificates; undefined where cfssl does. */
	issuance?: Issuance;
	/** `spec.clusterDomain`, by which pods in other Kubernetes clusters are called: `cluster.local`. */
	domain?: string;
	/** It has the Deployment of discovery, whose pod mounts PD's Secret. */
	discovery?: true;
	/** Clusters that share its CA and go through the phases with it, itself among them. */
	together?: Companion[];
	/** The kubeconfig's context by which it is reached, where each of those has its own. */
	context?: string;
	/** On the MySQL side: TiDB is asked to read its files again, instead of being restarted. */
	takesUp?: 'by reload';
	/** On the MySQL side: who must present a certificate, where somebody could ask TiDB. */
	accounts?: Account[];
};
