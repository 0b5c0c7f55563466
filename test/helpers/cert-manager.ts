import {secretName} from '../../src/cluster/components.ts';
import type {Cluster, Issuance} from '../../src/cluster/types.ts';
import type {CertificateObjectFacts, IssuanceFacts, IssuerFacts} from '../../src/observe/issuance-types.ts';
import type {Pair} from './pki.ts';

/** What a Secret of the world holds. */
export type Data = {cert: string; key: string; bundle: string};

/** What cert-manager does in a world: it reads and writes Secrets, and makes CAs and leaves. */
export type Surroundings = {
	read: (secret: string) => Data | undefined;
	write: (secret: string, data: Data | undefined) => void;
	makeCa: () => Pair;
	/** The same CA by another certificate. */
	renewCa: (ca: Pair) => Pair;
	makeLeaf: (ca: Pair, name: string) => Pair;
	file: (name: string) => string;
};

type Certificate = {secret: string; issuer: string};

const selfSigned = 'selfsigned';

const object = (name: string) => ({
	name, namespace: 'tidb', uid: name, generation: 1, created: '', labels: {}, annotations: {}, owners: [], managers: [], conditions: [], ready: true, words: '',
});

const issuer = (name: string, caSecret: string): IssuerFacts => ({
	...object(name), kind: 'Issuer', type: 'ca', caSecret,
});

const certificate = (name: string, {secret, issuer: signer}: Certificate): CertificateObjectFacts => ({
	...object(name),
	secretName: secret,
	isCa: signer === selfSigned,
	issuer: {kind: 'Issuer', name: signer, group: 'cert-manager.io'},
	duration: '',
	renewBefore: '',
	rotationPolicy: '',
	commonName: '',
	dnsNames: [],
	ipAddresses: [],
	usages: [],
	notBefore: '',
	notAfter: '',
	renewalTime: '',
	issuing: false,
	lastFailureTime: '',
	failedAttempts: 0,
});

type Patch = {metadata: {name: string}; spec: {secretName?: string; issuerRef?: {name: string}; ca?: {secretName: string}}};

/** The value of the option that patches. */
const patchIn = (words: string[]): Patch => JSON.parse(words[words.indexOf('-p') + 1]!) as Patch;

const nameIn = (words: string[]): string => words[3]!;

/** Cert-manager and the API server in memory, as far as a plan's lines ask for them. */
export class CertManager {
	/** What was written down of an object, by its text. */
	readonly #texts = new Map<string, [name: string, certificate: Certificate]>();
	readonly #world: Surroundings;
	readonly certificates = new Map<string, Certificate>();
	/** The Secrets by which the Issuers sign. */
	readonly issuers = new Map<string, string>();

	constructor(world: Surroundings, cluster: Cluster, {ca, issuer: signer, certificates}: Issuance) {
		this.#world = world;
		this.issuers.set(signer, ca.secret);
		this.certificates.set(ca.certificate, {secret: ca.secret, issuer: selfSigned});
		for (const component of cluster.components) {
			this.certificates.set(certificates[component]!, {secret: secretName(cluster.name, component), issuer: signer});
		}
	}

	/** A Certificate that finds no leaf in its Secret has one made. */
	#issue(name: string, isForced = false): void {
		const {secret, issuer: signer} = this.certificates.get(name)!;
		if (!isForced && this.#world.read(secret)) {
			return;
		}

		if (signer === selfSigned) {
			const {cert, key} = this.#world.makeCa();
			this.#world.write(secret, {cert, key, bundle: cert});
			return;
		}

		const ca = this.#world.read(this.issuers.get(signer)!)!;
		const {cert, key} = this.#world.makeLeaf(ca, name);
		this.#world.write(secret, {cert, key, bundle: ca.cert});
	}

	#put(name: string, own: Certificate): void {
		this.certificates.set(name, own);
		this.#issue(name);
	}

	#copy(source: Certificate | undefined, {metadata: {name}, spec}: Patch): void {
		if (spec.ca) {
			this.issuers.set(name, spec.ca.secretName);
			return;
		}

		if (!source) {
			throw new Error('there is no such Certificate');
		}

		this.#put(name, {secret: spec.secretName ?? source.secret, issuer: spec.issuerRef?.name ?? source.issuer});
	}

	/** What has lost its Secret is issued anew. */
	#reissue(lost: string): void {
		for (const [owner, {secret}] of this.certificates) {
			if (secret === lost) {
				this.#issue(owner, true);
			}
		}
	}

	#delete([resource = '', ...names]: string[]): void {
		const asked = names.filter(word => !word.startsWith('-'));
		for (const name of asked) {
			if (resource.startsWith('certificates')) {
				this.certificates.delete(name);
			} else if (resource.startsWith('issuers')) {
				this.issuers.delete(name);
			} else {
				this.#world.write(name, undefined);
				this.#reissue(name);
			}
		}
	}

	#copySecret(from: string, text: string): void {
		const data = this.#world.read(from)!;
		const {name} = /"name":"(?<name>[^"]+)"/v.exec(text)!.groups!;
		const bundle = /cat (?<files>[^\|]+) \|/v.exec(text)?.groups?.files;
		this.#world.write(name!, {...data, ...(bundle !== undefined && {bundle: bundle.split(' ').map(file => this.#world.file(file)).join('')})});
	}

	#record(name: string): string {
		const own = this.certificates.get(name);
		if (!own) {
			throw new Error(`there is no Certificate ${name}`);
		}

		const text = JSON.stringify({metadata: {name}, spec: own});
		this.#texts.set(text, [name, own]);
		return text;
	}

	#recorded(file: string): [name: string, certificate: Certificate] {
		return this.#texts.get(this.#world.file(file))!;
	}

	/**
	Does what a line asks of it.
	@returns the text for the line's file, if it has one; undefined when the line is none of its.
	*/
	run([first = [], second = [], third = []]: string[][]): string | undefined {
		const [, verb, what = ''] = first;
		if (verb === 'get' && third[1] === 'apply') {
			if (what === 'secrets') {
				this.#copySecret(nameIn(first), second.join(' '));
			} else {
				this.#copy(this.certificates.get(nameIn(first)), patchIn(second));
			}

			return '';
		}

		if (verb === 'get' && second[1] === 'patch') {
			return this.#record(nameIn(first));
		}

		if (verb === 'patch' && second[1] === 'apply' && !first.join(' ').includes('backups/')) {
			this.#copy(this.#recorded(first[4]!)[1], patchIn(first));
			return '';
		}

		if (verb === 'apply' && what === '-f') {
			const [name, own] = this.#recorded(nameIn(first));
			this.#put(name, own);
			return '';
		}

		if (verb === 'delete' && !first.includes('pod')) {
			this.#delete(first.slice(2));
			return '';
		}

		if (first[0] === 'printf') {
			this.#issue(/"name":"(?<name>[^"]+)"/v.exec(first.join(' '))!.groups!.name!, true);
			return '';
		}

		return undefined;
	}

	/** Every leaf that there is a Certificate for is issued anew, as happens while nobody goes on with what was begun. */
	renewLeaves(): void {
		for (const [name, {issuer: signer}] of this.certificates) {
			if (signer !== selfSigned) {
				this.#issue(name, true);
			}
		}
	}

	/** Every CA that there is a Certificate for gets another certificate; its key stays, as cert-manager keeps it (before 1.18). What it signed stays too. */
	renewCas(): void {
		for (const {secret, issuer: signer} of this.certificates.values()) {
			const ca = this.#world.read(secret);
			if (signer !== selfSigned || !ca) {
				continue;
			}

			const {cert, key} = this.#world.renewCa(ca);
			this.#world.write(secret, {cert, key, bundle: cert});
		}
	}

	/** Whether some Certificate looks after a Secret. */
	owns(secret: string): boolean {
		return this.certificates.values().some(one => one.secret === secret);
	}

	/** What would be seen of it. */
	observe(): IssuanceFacts {
		return {
			certificates: Array.from(this.certificates, ([name, own]) => certificate(name, own)),
			issuers: Array.from(this.issuers, ([name, secret]) => issuer(name, secret)),
			requests: [],
			unread: [],
		};
	}

	/** The Certificates by their names. */
	inOrder(): Array<[name: string, certificate: Certificate]> {
		return [...this.certificates].toSorted(([one], [other]) => one.localeCompare(other));
	}
}
