import {materialHash} from '../../src/certificates/verify.ts';
import {readCertificates as parseCertificates, readKey as parseKey} from '../../src/certificates/read.ts';
import {components, secretName} from '../../src/cluster/components.ts';
import type {ComponentName} from '../../src/cluster/types.ts';
import type {Observation} from '../../src/observe/types.ts';
import {material} from '../../src/plan/annotations.ts';
import type {Step} from '../../src/plan/types.ts';
import {cluster, observationOf} from './observation.ts';
import {makeCa, type Pair} from './pki.ts';

/** The same few texts are read again and again. */
const once = <Result>(read: (text: string) => Result): ((text: string) => Result) => {
	const known = new Map<string, Result>();
	return text => {
		if (!known.has(text)) {
			known.set(text, read(text));
		}

		return known.get(text)!;
	};
};

const readCertificates = once(parseCertificates);
const readKey = once(parseKey);

export type Generation = {ca: Pair; leaves: Record<string, Pair>};

/** What a cluster and its folder are made of, as far as a plan changes it. */
type World = {
	files: Record<string, string>;
	secrets: Record<string, {leaf: Pair; bundle: string}>;
	asked: Record<string, string>;
	loaded: Record<string, string>;
	changed: number;
};

/** A cluster at rest with the certificates of one generation, and what a rotation makes of it when it is given those of the next. */
export class Simulation {
	readonly #world: World;
	readonly #next: Generation;
	#backup: Record<string, string> = {};
	#restarted: Record<string, number> = {};

	constructor(present: Generation, next: Generation) {
		const files: Record<string, string> = {'ca.pem': present.ca.cert, 'ca-key.pem': present.ca.key};
		for (const [component, {cert, key}] of Object.entries(present.leaves)) {
			const {file} = components[component as ComponentName];
			files[`${file}.pem`] = cert;
			files[`${file}-key.pem`] = key;
		}

		const hash = (component: string): string => materialHash(present.ca.cert, present.leaves[component]!.cert);
		this.#world = {
			files,
			secrets: Object.fromEntries(cluster.components.map(component => [component, {leaf: present.leaves[component]!, bundle: present.ca.cert}])),
			asked: {},
			loaded: Object.fromEntries(cluster.components.map(component => [component, hash(component)])),
			changed: 0,
		};
		this.#next = next;
	}

	#takeClusterStep({id, lines}: Step): void {
		const world = this.#world;
		const [phase, verb, component] = id.split('.') as [string, string, ComponentName];
		const bundle = world.files[phase === 'retire' ? 'ca.new.pem' : 'ca.pem']!;
		switch (verb) {
			case 'apply': {
				world.changed += 1000;
				for (const name of cluster.components.slice(0, lines.length)) {
					this.applyOne(name, bundle);
				}

				break;
			}

			case 'restart': {
				world.asked[component] = materialHash(bundle, world.files[`${components[component].file}.pem`]!);

				break;
			}

			case 'rolled': {
				world.loaded[component] = world.asked[component]!;
				this.#restarted[component] = world.changed + 1;

				break;
			}
		// No default
		}
	}

	#move(names: Record<string, string>): void {
		const world = this.#world;
		const entries = Object.entries(world.files);
		const moved = entries.flatMap(([file, text]) => names[file] === undefined ? [] : [[names[file], text] as const]);
		world.files = Object.fromEntries([...entries.filter(([file]) => names[file] === undefined), ...moved]);
	}

	#takeNewCa(): void {
		this.#move({'ca.pem': 'ca.old.pem', 'ca-key.pem': 'ca-key.old.pem'});
		const {files} = this.#world;
		files['ca.new.pem'] = this.#next.ca.cert;
		files['ca-key.new.pem'] = this.#next.ca.key;
		files['ca.pem'] = `${files['ca.new.pem']}${files['ca.old.pem']!}`;
	}

	#sign(): void {
		for (const component of cluster.components) {
			const {file} = components[component];
			const {cert, key} = this.#next.leaves[component]!;
			this.#world.files[`${file}.pem`] = cert;
			this.#world.files[`${file}-key.pem`] = key;
		}
	}

	/** Does to the world what a step's lines and waits do to a cluster. */
	take(step: Step): void {
		const {files} = this.#world;
		switch (step.id) {
			case 'prepare.backup': {
				this.#backup = {...files};

				break;
			}

			case 'trust.ca': {
				this.#takeNewCa();

				break;
			}

			case 'renew.ca': {
				files['ca.pem'] = makeCa({key: files['ca-key.pem']!, begins: 0, ends: 3650}).cert;

				break;
			}

			case 'reissue.sign': {
				this.#sign();

				break;
			}

			case 'retire.tidy': {
				delete files['ca.old.pem'];
				delete files['ca-key.old.pem'];
				this.#move({'ca.new.pem': 'ca.pem', 'ca-key.new.pem': 'ca-key.pem'});

				break;
			}

			default: {
				this.#takeClusterStep(step);
			}
		}
	}

	/** What would be seen of it. */
	observe(): Observation {
		const {files, secrets, asked, loaded, changed} = this.#world;
		const observation = observationOf({ca: {cert: files['ca.pem']!, key: ''}, leaves: Object.fromEntries(cluster.components.map(component => [component, secrets[component]!.leaf]))});
		const read = (texts: Record<string, string>) => ({
			certificates: Object.fromEntries(Object.entries(texts).filter(([file]) => !file.includes('-key')).map(([file, text]) => [file, readCertificates(text)])),
			keys: Object.fromEntries(Object.entries(texts).filter(([file]) => file.includes('-key')).map(([file, text]) => [file, readKey(text)])),
		});
		Object.assign(observation.folder, read(files), {backups: Object.keys(this.#backup).length > 0 ? [{name: '1', ...read(this.#backup)}] : []});
		for (const component of cluster.components) {
			const {leaf, bundle} = secrets[component]!;
			Object.assign(observation.secrets[secretName('basic', component)]!, {
				leaf: readCertificates(leaf.cert), key: readKey(leaf.key), bundle: readCertificates(bundle), material: materialHash(bundle, leaf.cert), changed: new Date(changed).toISOString(),
			});
		}

		observation.cluster.spec = {
			...observation.cluster.spec,
			...Object.fromEntries(Object.entries(asked).map(([component, hash]) => [component, {annotations: {[material]: hash}}])),
		};
		for (const component of ['pd', 'tikv'] as const) {
			observation.cluster.status[component] = {phase: 'Normal', synced: true};
		}

		for (const set of observation.sets) {
			set.material = asked[set.component] ?? loaded[set.component]!;
		}

		for (const pod of observation.pods) {
			pod.material = loaded[pod.component]!;
			pod.created = new Date(this.#restarted[pod.component] ?? 0).toISOString();
		}

		return observation;
	}

	/** Writes one Secret, as a run does that is killed between two of them. */
	applyOne(component: ComponentName, bundle = this.#world.files['ca.pem']!): void {
		const {files, secrets} = this.#world;
		const {file} = components[component];
		secrets[component] = {leaf: {cert: files[`${file}.pem`]!, key: files[`${file}-key.pem`]!}, bundle};
	}
}
