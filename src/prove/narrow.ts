import {hostOf} from '../cluster/components.ts';
import type {PemFacts} from '../certificates/types.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {FolderFacts} from '../observe/types.ts';
import type {Condition} from '../plan/types.ts';
import {distinct} from './material.ts';
import type {Group, Material, Mount} from './types.ts';

/** What the Secrets hold, by component. */
export type Held = Partial<Record<ComponentName, Material>>;

/** What is left of the possibilities. A condition that leaves none cannot hold: it shows nothing, and is not counted on. */
const left = (materials: Material[], fits: (material: Material) => boolean): Material[] => {
	const fitting = materials.filter(material => fits(material));
	return fitting.length > 0 ? fitting : materials;
};

/** Which CA a gate is about, and whether it must be trusted. */
const asked: Partial<Record<Condition['is'], {file: string; isTrusted: boolean}>> = {
	trusts: {file: 'ca.new.pem', isTrusted: true},
	'rejects-new': {file: 'ca.new.pem', isTrusted: false},
	'trusts-old': {file: 'ca.old.pem', isTrusted: true},
	'rejects-old': {file: 'ca.old.pem', isTrusted: false},
	loads: {file: 'ca.pem', isTrusted: true},
};

/**
A process that accepts or rejects a leaf of a CA has started with a bundle that has it or not; where it reloads its CA, what is mounted
has it or not. Without the CA's file it is the present bundle that counts, by the evidence of a restart.
*/
const byTrust = ({started, mounted}: Mount, {file, isTrusted}: {file: string; isTrusted: boolean}, folder: FolderFacts, held: Material | undefined): Mount => {
	const cas = folder.certificates[file]?.certificates ?? [];
	const has = ({certificates}: PemFacts): boolean => cas.every(ca => certificates.some(({fingerprint}) => fingerprint === ca.fingerprint));
	const fits = ({bundle}: Material): boolean => cas.length > 0 ? has(bundle) === isTrusted : bundle.digest === held?.bundle.digest;
	return {started: left(started, fits), mounted: left(mounted, fits)};
};

/** A process that serves the Secret's leaf has that, whenever it took it up. */
const byServed = ({started, mounted}: Mount, held: Material): Mount => ({
	started: distinct(started.map(({bundle}) => ({leaf: held.leaf, bundle}))),
	mounted: left(mounted, ({leaf}) => leaf.digest === held.leaf.digest),
});

const mountAfter = (condition: Condition, {component, mounts}: Group, secret: ComponentName, {folder, held}: {folder: FolderFacts; held: Held}): Mount => {
	const mount = mounts[secret]!;
	const now = held[secret];
	const isOwn = secret === hostOf(component);
	const gate = asked[condition.is];
	if (gate) {
		return byTrust(mount, gate, folder, now);
	}

	if (condition.is === 'serves') {
		return isOwn && now ? byServed(mount, now) : mount;
	}

	// What else is mounted no gate asks for: there the new pod stands for it.
	return !isOwn && now ? {started: [now], mounted: [now]} : mount;
};

/** Conditions that tell something of what processes hold. That a pod was made anew does not say that its process was: the gate does. */
const isTelling = ({is}: Condition): boolean => is === 'serves' || is === 'rolled' || is === 'recreated' || Object.hasOwn(asked, is);

const groupAfter = (condition: Condition, group: Group, seen: {folder: FolderFacts; held: Held}): Group => ({
	...group,
	mounts: Object.fromEntries((Object.keys(group.mounts) as ComponentName[]).map(secret => [secret, mountAfter(condition, group, secret, seen)])),
});

/** What each group may hold once the conditions hold. Pure. */
export const narrowed = (groups: Group[], conditions: Condition[], seen: {folder: FolderFacts; held: Held}): Group[] => {
	const telling = conditions.filter(condition => isTelling(condition));
	let all = groups;
	for (const condition of telling) {
		all = all.map(group => 'component' in condition && condition.component === group.component ? groupAfter(condition, group, seen) : group);
	}

	return all;
};
