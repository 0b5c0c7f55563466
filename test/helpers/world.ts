import path from 'node:path';
import {readCertificates as parseCertificates, readKey as parseKey} from '../../src/certificates/read.ts';
import {bundleHash, materialHash, verifies} from '../../src/certificates/verify.ts';
import {
	clientComponent,
	componentAt,
	components,
	hostOf,
	partName,
	runningComponents,
	secretName,
} from '../../src/cluster/components.ts';
import type {
	BackupFacts,
	FolderFacts,
	Observation,
	PodFacts,
	SecretFacts,
} from '../../src/observe/types.ts';
import {materialOf} from '../../src/plan/annotations.ts';
import {notReloaded} from '../../src/plan/judge-roll.ts';
import type {
	Command,
	Line,
	Statement,
	Word,
} from '../../src/plan/types.ts';
import {besideSecrets, documentedIssuance} from '../../src/cluster/issuance.ts';
import type {Cluster, ComponentName} from '../../src/cluster/types.ts';
import {missingSecret} from '../../src/observe/secrets.ts';
import {CertManager, type Data} from './cert-manager.ts';
import {cluster, observationOf} from './observation.ts';
import {makeCa, makeLeaf, type Pair} from './pki.ts';

/** The same few texts are read again and again. */
const once = <Of extends number | string, Result>(read: (of: Of) => Result): ((of: Of) => Result) => {
	const known = new Map<Of, Result>();
	return of => {
		if (!known.has(of)) {
			known.set(of, read(of));
		}

		return known.get(of)!;
	};
};

const readCertificates = once(parseCertificates);
const readKey = once(parseKey);

/** The same of objects that nobody changes. */
const onceOf = <Of extends Record<string, unknown>, Result>(make: (of: Of) => Result): ((of: Of) => Result) => {
	const known = new WeakMap<Of, Result>();
	return of => {
		const result = known.get(of) ?? make(of);
		known.set(of, result);
		return result;
	};
};

/** Keys are made once for all worlds: the n-th CA and the leaves that it signs are the same in each. */
const cas: Pair[] = [];
const signed = new Map<string, Pair>();

const caOf = (number: number): Pair => {
	cas[number] ??= makeCa(number === 0 ? {} : {begins: 0});
	return cas[number];
};

/** The same CA with another certificate, which ends later the later it was made. */
const renewedOf = ({key}: Pair, number: number): Pair => {
	const id = `${key}${number}`;
	const renewed = signed.get(id) ?? makeCa({key, begins: 0, ends: 3650 + number});
	signed.set(id, renewed);
	return renewed;
};

const leafOf = (ca: Pair, name: string, number: number): Pair => {
	const id = `${ca.cert}${name}${number}`;
	const leaf = signed.get(id) ?? makeLeaf(ca, number === 0 ? {} : {begins: 0});
	signed.set(id, leaf);
	return leaf;
};

type Secret = {cert: string; key: string; bundle: string; changed: number};

type Pod = {
	name: string;
	component: ComponentName;
	/** The bundle that its process loaded. */
	bundle: string;
	/** The annotations of the template that it was made by. */
	material: string;
	/** The annotation of what it has read again since it started. */
	again?: string | undefined;
	asked: number;
	created: number;
	/** Leaves that it may present: the Secret's, and those before as long as nobody saw that the mounted one is the Secret's. */
	presents: string[];
};

/** What every world of a side has in common. */
const usual = new Map<string, Observation>();

const replicas: Record<string, number> = {
	pd: 3, tikv: 3, tidb: 2, 'tidb-server': 2, 'tiproxy-client': 2, 'tiproxy-server': 2, tso: 2, scheduling: 2, 'dm-master': 3, 'dm-worker': 2,
};

/** Whether a bundle verifies a leaf: `leaf NUL bundle`. */
const isTrusted = once((pair: string) => {
	const [leaf = '', bundle = ''] = pair.split('\0', 2);
	return verifies(readCertificates(leaf).certificates[0]!, readCertificates(bundle).certificates, Date.now()).ok;
});

/** Backups are called by the time; a second has room for one. */
const nameOf = (clock: number): string => new Date(clock * 1000).toISOString().replaceAll(/[\-:]|\.\d+/gv, '');

/** A time of the world's clock as Kubernetes writes it. */
const timeText = once((clock: number) => new Date(clock * 1000).toISOString().replace('.000', ''));

const hashOf = onceOf(({cert, bundle}: Secret) => materialHash(bundle, cert));

const readFiles = (files: Record<string, string>) => {
	const entries = Object.entries(files).filter(([file]) => file.endsWith('.pem'));
	return {
		certificates: Object.fromEntries(entries.filter(([file]) => !file.includes('-key')).map(([file, text]) => [file, readCertificates(text)])),
		keys: Object.fromEntries(entries.filter(([file]) => file.includes('-key')).map(([file, text]) => [file, readKey(text)])),
	};
};

const readBackup = onceOf(readFiles);

/** What of the Certificates is written down. */
const readRecords = (files: Record<string, string>): FolderFacts['requests'] =>
	Object.fromEntries(Object.entries(files).filter(([file]) => file.startsWith('certificate-')).map(([file, text]) => [file, {value: JSON.parse(text) as unknown}]));

const words = (stage: Word[]): string[] => stage.map(word => typeof word === 'string' ? word : word.shell);

/** The same cluster, where cert-manager issues its certificates. */
export const issuedCluster: Cluster = {...cluster, issuance: documentedIssuance(cluster)};

/** A Secret was written that cert-manager would write over. */
class Overwritten extends Error {}

/** Somebody who checks certificates by a bundle, and may present some leaves. */
export type WorldSide = {name: string; bundle: string; presents: string[]};

/** Which leaf would be refused by whom, in words. */
export const dangersAmong = (sides: WorldSide[]): string[] => {
	const leaves = new Map(sides.flatMap(({name, presents}) => presents.map(leaf => [leaf, name] as const)));
	return [...new Set(sides.map(({bundle}) => bundle))].flatMap(bundle => [...leaves].flatMap(([leaf, of]) => {
		const verdict = verifies(readCertificates(leaf).certificates[0]!, readCertificates(bundle).certificates, Date.now());
		return verdict.ok ? [] : [`${sides.find(side => side.bundle === bundle)!.name} refuses ${of}: ${verdict.reason}`];
	}));
};

/**
A cluster and its folder in memory. It runs the lines of a plan as bash, cfssl and kubectl would, and tells who would refuse whom.
Times are in seconds since the epoch, by a clock that goes on with each write.
*/
export class World {
	/** The annotations in the spec: the hash, and the time, by which each asking is another. */
	readonly #asked: Record<string, {hash: string; time: number}> = {};
	#clock = 1_700_000_000;
	readonly #cluster: Cluster;
	/** Components with pods. */
	readonly #running: ComponentName[];
	/** Whose pods the shell's variable names. */
	#named: ComponentName | undefined;
	/** How many CAs and leaves were made. */
	#made: number;
	/** Other worlds, by the path of their folder. */
	readonly #neighbours: Record<string, World>;
	/** The CA's Secret as each backup has it. */
	readonly #savedCas: Record<string, Data> = {};
	files: Record<string, string>;
	backups: Record<string, Record<string, string>> = {};
	pods: Pod[];
	secrets: Record<string, Secret> = {};
	/** Discovery: the hash that its template asks for, and what its process has loaded. It presents nothing that a component would refuse. */
	discovery: {ca: string; bundle: string; created: number} | undefined;
	/** Ends the name of the next backup. */
	suffix = '';
	/** Where it issues the certificates. */
	readonly certManager: CertManager | undefined;
	/** Secrets beside the components'. */
	beside: Record<string, Data> = {};

	/**
	A cluster, or one side of it, at rest, with a CA and leaves of its own; `isIssued`: cert-manager's. Worlds with another `made` have the same
	certificates in the beginning, and make others.
	*/
	constructor(isIssued = false, of: Cluster = cluster, {made = 0, neighbours = {}}: {made?: number; neighbours?: Record<string, World>} = {}) {
		this.#made = made;
		this.#neighbours = neighbours;
		this.#cluster = of;
		this.#running = runningComponents(of);
		const ca = caOf(0);
		this.files = {'ca.pem': ca.cert, ...(!isIssued && {'ca-key.pem': ca.key})};
		for (const component of of.components) {
			const {cert, key} = leafOf(ca, component, 0);
			this.files[`${components[component].file}.pem`] = cert;
			this.files[`${components[component].file}-key.pem`] = key;
			this.secrets[component] = {
				cert, key, bundle: ca.cert, changed: this.#clock,
			};
		}

		this.pods = this.#running.flatMap(component => Array.from({length: replicas[component]!}, (_, ordinal) => ({
			name: `basic-${components[component].workload!}-${ordinal}`, component, bundle: ca.cert, material: '', asked: 0, created: this.#clock, presents: [this.#secretOf(component).cert],
		})));
		this.discovery = of.discovery && {ca: '', bundle: ca.cert, created: this.#clock};
		if (!isIssued) {
			return;
		}

		const issuance = issuedCluster.issuance!;
		this.beside[issuance.ca.secret] = {...ca, bundle: ca.cert};
		this.certManager = new CertManager({
			read: name => this.#readAny(name),
			write: (name, data) => {
				this.#writeAny(name, data);
			},
			makeCa: () => caOf(++this.#made),
			renewCa: present => renewedOf(present, ++this.#made),
			makeLeaf: (signer, name) => leafOf(signer, name, ++this.#made),
			file: name => this.#file(name),
		}, issuedCluster, issuance);
	}

	#componentOf(name: string): ComponentName | undefined {
		return this.#cluster.components.find(component => secretName('basic', component) === name);
	}

	/** What stays the same. */
	get #usual(): Observation {
		const id = JSON.stringify([this.#cluster.kind, this.#cluster.side, this.#cluster.guests]);
		const found = usual.get(id) ?? observationOf({ca: caOf(0), leaves: Object.fromEntries(this.#cluster.components.map(component => [component, leafOf(caOf(0), component, 0)]))}, this.#cluster);
		usual.set(id, found);
		return found;
	}

	#readAny(name: string): Data | undefined {
		const component = this.#componentOf(name);
		return component === undefined ? this.beside[name] : this.secrets[component];
	}

	/** What cert-manager writes, and what is deleted. */
	#writeAny(name: string, data: Data | undefined): void {
		const component = this.#componentOf(name);
		if (component !== undefined && data) {
			this.#write(component, data);
		} else if (data) {
			this.beside[name] = data;
		} else {
			const {[name]: gone, ...others} = this.beside;
			this.beside = others;
		}
	}

	#readBackups(): BackupFacts[] {
		return Object.entries(this.backups).toSorted(([one], [other]) => other.localeCompare(one)).map(([name, files]) => ({name, requests: [], ...readBackup(files)}));
	}

	#readSecret(component: ComponentName): SecretFacts {
		const name = secretName('basic', component);
		const secret = this.secrets[component]!;
		return {
			...this.#usual.secrets[name]!,
			leaf: readCertificates(secret.cert),
			key: readKey(secret.key),
			bundle: readCertificates(secret.bundle),
			material: hashOf(secret),
			changed: timeText(secret.changed),
		};
	}

	#readBeside(name: string): SecretFacts {
		const data = this.beside[name];
		return data
			? {
				...this.#usual.secrets[secretName('basic', 'client')]!, name, leaf: readCertificates(data.cert), key: readKey(data.key), bundle: readCertificates(data.bundle),
			}
			: missingSecret(name);
	}

	#secretOf(component: ComponentName): Secret {
		return this.secrets[hostOf(component)]!;
	}

	#podsOf(component: ComponentName): Pod[] {
		return this.pods.filter(one => one.component === component);
	}

	#start(pod: Pod): void {
		const secret = this.#secretOf(pod.component);
		Object.assign(pod, {
			bundle: secret.bundle, material: this.#asked[pod.component]?.hash ?? '', asked: this.#asked[pod.component]?.time ?? 0, created: this.#clock, presents: [secret.cert], again: undefined,
		});
	}

	#file(name: string): string {
		const text = this.files[name];
		if (text === undefined) {
			throw new Error(`no ${name}`);
		}

		return text;
	}

	/** What is said to cert-manager, or about its Secrets. */
	#runIssued(stages: string[][], stdout: string | undefined): boolean {
		if (!this.certManager) {
			return false;
		}

		const text = stages.flat().join(' ');
		const restored = /-f backups\/(?<name>[^\/]+)\/ca-secret\.yaml/v.exec(text)?.groups?.name;
		if (restored !== undefined) {
			this.beside[issuedCluster.issuance!.ca.secret] = this.#savedCas[restored]!;
			return true;
		}

		if (stdout?.includes('backups/')) {
			if (stdout.endsWith('ca-secret.yaml')) {
				this.#savedCas[`${nameOf(this.#clock)}${this.suffix}`] = this.beside[issuedCluster.issuance!.ca.secret]!;
			}

			return true;
		}

		const said = this.certManager.run(stages);
		if (said !== undefined && stdout !== undefined) {
			this.files[stdout] = said;
		}

		return said !== undefined;
	}

	#runCommand({stages, stdout}: Command): void {
		const all = stages.map(stage => words(stage));
		const [first = [], second] = all;
		if (this.#runIssued(all, stdout)) {
			return;
		}

		const [program, ...rest] = first;
		if (program!.startsWith('pod_name=')) {
			this.#named = /component=(?<component>[\w\-]+)/v.exec(program!)!.groups!.component as ComponentName;
			return;
		}

		const runners: Record<string, () => void> = {
			mv: () => {
				this.#move(rest);
			},
			cp: () => {
				this.#copy(rest.filter(word => word !== '-p'));
			},
			rm: () => {
				this.files = Object.fromEntries(Object.entries(this.files).filter(([file]) => !rest.includes(file)));
			},
			cat: () => {
				this.files[stdout!] = rest.map(file => this.#file(file)).join('');
			},
			cfssl: () => {
				this.#sign(rest, second!);
			},
			kubectl: () => {
				this.#kubectl(rest, stdout);
			},
			mkdir() {/* A backup is made by its copy. */},
			chmod() {/* There are no modes. */},
		};
		const run = runners[program!];
		if (!run) {
			throw new Error(`the world knows no ${program}`);
		}

		run();
	}

	#move([from = '', to = '']: string[]): void {
		if (from.includes('backups/')) {
			return;
		}

		const {[from]: moved, ...others} = this.files;
		if (moved === undefined) {
			throw new Error(`mv: no ${from}`);
		}

		this.files = {...others, [to]: moved};
	}

	#copy(args: string[]): void {
		const target = args.at(-1)!;
		const sources = args.slice(0, -1);
		if (target.includes('$stamp')) {
			const name = `${nameOf(this.#clock)}${this.suffix}`;
			const renamed = /part\/(?<renamed>[^"]+)/v.exec(target)?.groups?.renamed;
			this.backups[name] = {...this.backups[name], ...Object.fromEntries(sources.map(file => [renamed ?? file, this.files[file] ?? '{}']))};
			return;
		}

		for (const source of sources) {
			const neighbour = this.#neighbours[path.dirname(source)];
			if (neighbour) {
				this.files[path.basename(source)] = neighbour.#file(path.basename(source));
				continue;
			}

			const [, backup, file] = source.split('/', 3);
			const text = this.backups[backup!]![file!]!;
			if (file!.endsWith('.pem')) {
				this.files[target === '.' ? file! : target] = text;
			}
		}
	}

	#sign(args: string[], json: string[]): void {
		if (args.includes('-renewca')) {
			this.#made++;
			this.files['ca.pem'] = renewedOf({cert: this.#file('ca.pem'), key: this.#file('ca-key.pem')}, this.#made).cert;
			return;
		}

		const name = json[2];
		const ca = args.find(word => word.startsWith('-ca='))?.slice('-ca='.length);
		const key = args.find(word => word.startsWith('-ca-key='))?.slice('-ca-key='.length);
		this.#made++;
		const made = ca === undefined ? caOf(this.#made) : leafOf({cert: this.#file(ca), key: this.#file(key!)}, name!, this.#made);
		this.files[`${name}.pem`] = made.cert;
		this.files[`${name}-key.pem`] = made.key;
	}

	#kubectl([verb = '', ...args]: string[], stdout?: string): void {
		switch (verb) {
			case 'create': {
				const name = args[2];
				const file = (key: string): string => this.#file(args.find(word => word.startsWith(`--from-file=${key}=`))!.split('=', 3)[2]!);
				const component = this.#componentOf(name!)!;
				if (this.certManager?.owns(name!)) {
					throw new Overwritten(name);
				}

				this.#write(component, {cert: file('tls.crt'), key: file('tls.key'), bundle: file('ca.crt')});
				break;
			}

			case 'get': {
				this.#get(args, stdout!);
				break;
			}

			case 'patch': {
				if (args[0] === 'deployment') {
					this.#restartDiscovery(/-r (?<bundle>\S+) \|/v.exec(args.at(-1)!)!.groups!.bundle!);
					break;
				}

				this.#ask(/"spec":\{"(?<part>\w+)".*/v.exec(args.at(-1)!)!);
				break;
			}

			case 'delete': {
				const label = /component=(?<component>\w+)/v.exec(args.at(-1)!)?.groups?.component;
				const component = label === undefined ? this.#named! : componentAt(this.#cluster, label) as ComponentName;
				for (const pod of this.#podsOf(component)) {
					this.#start(pod);
				}

				break;
			}

			default: {
				break;
			}
		}
	}

	#discoveryPods(some: PodFacts): PodFacts[] {
		return this.discovery
			? [{
				...some, name: 'basic-discovery-7d9f6bf55b-x2x9k', component: 'discovery', created: timeText(this.discovery.created),
			}]
			: [];
	}

	/** The words of a restart's patch, from where they name what is restarted: `part`. */
	#ask({0: text, groups}: RegExpExecArray): void {
		const {bundle, leaf} = /cat (?<bundle>\S+) (?<leaf>\S+) \|/v.exec(text)!.groups!;
		this.#asked[this.#running.find(one => partName(one) === groups!.part)!] = {hash: materialHash(this.#file(bundle!), this.#file(leaf!)), time: this.#clock};
	}

	/** It starts with what PD's Secret holds, whatever it was asked for. */
	#restartDiscovery(bundle: string): void {
		this.discovery = {ca: bundleHash(this.#file(bundle)), bundle: this.secrets.pd!.bundle, created: this.#clock};
	}

	/** One key of a Secret into a file; the copy of all Secrets into a backup is none that anybody reads. */
	#get([, name = '', ...args]: string[], stdout: string): void {
		// What asks for a restart of a microservice: its patch is made of what the cluster's object holds.
		const asking = /eq \$one\.name "(?<part>\w+)".*/v.exec(args.at(-1)!);
		if (asking) {
			this.#ask(asking);
			return;
		}

		const key = {'tls\\.crt': 'cert', 'tls\\.key': 'key', 'ca\\.crt': 'bundle'}[/\.data\.(?<key>[^\}]+)/v.exec(args.at(-1)!)?.groups?.key ?? ''];
		if (key !== undefined) {
			this.files[stdout] = this.#readAny(name)![key as 'cert'];
		}
	}

	#write(component: ComponentName, data: Omit<Secret, 'changed'>): void {
		const {changed, ...before} = this.secrets[component]!;
		const isSame = JSON.stringify(before) === JSON.stringify(data);
		this.secrets[component] = {...data, changed: isSame ? changed : this.#clock};
		const mounting = this.pods.filter(one => hostOf(one.component) === component);
		for (const pod of mounting) {
			pod.presents = [...new Set([...pod.presents, data.cert])];
		}
	}

	/** What a rolled back cluster must have again: files, Secrets' data, what the pods loaded. */
	get state(): unknown {
		return {
			files: this.files,
			...(this.certManager && {beside: this.beside, certificates: this.certManager.inOrder(), issuers: [...this.certManager.issuers]}),
			secrets: Object.values(this.secrets).map(({changed, ...data}) => data),
			loaded: this.pods.map(({name, bundle, presents}) => ({name, bundle, presents})),
			discovery: this.discovery?.bundle,
		};
	}

	/** Does what one line does. */
	run({commands}: Line): void {
		this.#clock++;
		for (const command of commands) {
			this.#runCommand(command);
		}
	}

	/** Restarts the next pod of a component that was not made for what is asked; false when there is none. */
	rollOne(component: ComponentName): boolean {
		this.#clock++;
		const pod = this.pods.findLast(one => one.component === component && one.asked !== (this.#asked[component]?.time ?? 0));
		if (pod) {
			this.#start(pod);
		}

		return pod !== undefined;
	}

	/** Restarts every pod of a component that was not made for what is asked, and says so each time. */
	rollAll(component: ComponentName, said: () => void): void {
		while (this.rollOne(component)) {
			said();
		}
	}

	/** Every pod that has not done so yet reads what its Secret holds again, and says so each time. */
	reloadAll({component, bundle}: Statement, said: () => void): void {
		const secret = this.secrets[component]!;
		for (const {name} of notReloaded(this.observe(), {component, bundle})) {
			Object.assign(this.pods.find(pod => pod.name === name)!, {bundle: secret.bundle, presents: [secret.cert], again: hashOf(secret)});
			said();
		}
	}

	/** The operator restarts so many pods, in its order, by what it was asked for. */
	rollSome(count: number): void {
		for (let left = count; left > 0; left--) {
			const component = this.#running.find(one => this.pods.some(pod => pod.component === one && pod.asked !== (this.#asked[one]?.time ?? 0)));
			if (component !== undefined) {
				this.rollOne(component);
			}
		}
	}

	/** What a handshake proves: that every pod of a component has the Secret's leaf mounted. */
	sawServed(component: ComponentName): void {
		for (const pod of this.#podsOf(component)) {
			pod.presents = [this.#secretOf(component).cert];
		}
	}

	/** Whether the pods of a component trust a CA that stands in a file. */
	trusts(component: ComponentName, file: string): boolean[] {
		const [ca] = readCertificates(this.files[file]!).certificates;
		return this.pods.filter(one => one.component === component).map(({bundle}) => readCertificates(bundle).certificates.some(({fingerprint}) => fingerprint === ca!.fingerprint));
	}

	/** Whether the pods of a component have loaded what its Secret holds. */
	loads(component: ComponentName): boolean[] {
		return this.#podsOf(component).map(({bundle}) => bundle === this.#secretOf(component).bundle);
	}

	/** Who verifies by what, and presents what. The operator, and every client that reads the Secret, holds the Secret's at once. */
	sides(): WorldSide[] {
		const client = this.secrets[clientComponent(this.#cluster)]!;
		return [
			...this.pods.flatMap(({name, component, bundle, presents}) => [
				{name, bundle, presents},
				// TiKV's server reloads its CA when the mounted files change, and TiProxy both of its own.
				...(components[component].reloadsCa ? [{name, bundle: this.#secretOf(component).bundle, presents}] : []),
			]),
			...(this.discovery ? [{name: 'discovery', bundle: this.discovery.bundle, presents: []}] : []),
			{name: 'operator', bundle: client.bundle, presents: [client.cert]},
		];
	}

	/** Which leaf would be refused by whom, in words. */
	dangers(): string[] {
		return dangersAmong(this.sides());
	}

	/**
	The same, each by name and certificate: to tell what a plan brings about from what somebody did before.
	@returns texts, one for each certificate that somebody may present to somebody who does not trust it.
	*/
	refusals(): Set<string> {
		const client = this.secrets[clientComponent(this.#cluster)]!;
		const sides = [
			...this.pods.map(({name, bundle, presents}) => ({name, bundle, presents})),
			{name: 'operator', bundle: client.bundle, presents: [client.cert]},
		];
		const leaves = [...new Set(sides.flatMap(({presents}) => presents))];
		return new Set(sides.flatMap(({name, bundle}) => leaves.filter(leaf => !isTrusted(`${leaf}\0${bundle}`)).map(leaf => `${name} refuses ${readCertificates(leaf).digest}`)));
	}

	/** Somebody puts another generation's file, or none, in the place of a file of the folder; `which` chooses. */
	meddleFolder(which: number): void {
		const names = Object.keys(this.files).filter(file => file.endsWith('.pem')).toSorted();
		const name = names[which % names.length]!;
		const texts = Object.values(this.backups).flatMap(files => files[name] ?? []);
		const {[name]: present, ...others} = this.files;
		const other = texts.filter(text => text !== present)[which % Math.max(1, texts.length)];
		this.files = other === undefined ? others : {...others, [name]: other};
	}

	/** Somebody writes a Secret: the leaf, or the bundle, that the folder or a backup has; `which` chooses. */
	meddleSecret(which: number): void {
		const component = this.#cluster.components[which % this.#cluster.components.length]!;
		const {file} = components[component];
		const generations = [this.files, ...Object.values(this.backups)];
		const generation = generations[Math.floor(which / 8) % generations.length]!;
		const {changed, ...present} = this.secrets[component]!;
		const other = (name: string, own: string): string => generation[name] ?? own;
		const leaf = {cert: other(`${file}.pem`, present.cert), key: other(`${file}-key.pem`, present.key)};
		this.#clock++;
		this.#write(component, {...present, ...(Math.floor(which / 4) % 2 === 0 ? leaf : {bundle: other('ca.pem', present.bundle)})});
	}

	/** A pod starts anew by itself. */
	crash(which: number): void {
		this.#clock++;
		const pod = this.pods[which % this.pods.length]!;
		const {material: made, asked} = pod;
		this.#start(pod);
		Object.assign(pod, {material: made, asked});
	}

	/** What would be seen of it. */
	observe(): Observation {
		const all = this.#usual;
		const asked = (component: string): string => this.#asked[component]?.hash ?? '';
		return {
			...all,
			now: Date.now(),
			folder: {
				...all.folder, ...readFiles(this.files), ...(this.certManager && {requests: readRecords(this.files)}), backups: this.#readBackups(),
			},
			...(this.certManager && {
				issuance: this.certManager.observe(),
				beside: Object.fromEntries(besideSecrets(issuedCluster, issuedCluster.issuance!).map(name => [name, this.#readBeside(name)])),
			}),
			secrets: Object.fromEntries(this.#cluster.components.map(component => [secretName('basic', component), this.#readSecret(component)])),
			cluster: {
				...all.cluster,
				spec: {
					...all.cluster.spec,
					...Object.fromEntries(this.#running.map(component => [partName(component)!, {replicas: replicas[component], annotations: {[materialOf(component)]: asked(component)}}])),
				},
				status: {...all.cluster.status, ...Object.fromEntries(this.#running.map(component => [partName(component)!, {phase: 'Normal', synced: true}]))},
			},
			sets: all.sets.map(set => ({...set, material: asked(set.component)})),
			...(this.discovery && {
				discovery: {
					name: 'basic-discovery', generation: 1, observedGeneration: 1, replicas: 1, total: 1, updated: 1, available: 1, ca: this.discovery.ca,
				},
			}),
			pods: [...all.pods, ...this.#discoveryPods(all.pods[0]!)].map(pod => {
				const own = this.pods.find(({name}) => name === pod.name);
				return own === undefined
					? pod
					: {
						...pod, material: own.again ?? own.material, created: timeText(own.created), ...(own.again !== undefined && {made: own.material}),
					};
			}),
		};
	}
}
