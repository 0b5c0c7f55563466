import {components} from '../cluster/components.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import {short} from '../judge/words.ts';
import type {Presented} from '../observe/types.ts';
import {isMadeForBundle, startEvidence} from '../plan/evidence.ts';
import {doorsOf, type Door} from './ports.ts';
import type {Evidence, Finding} from './types.ts';

const fix = 'restart the pod, or its process where it outlives the pod; npm run rotate asks again before it goes on';

/** How it is known that a pod's process has loaded its Secret's bundle, or why it is not. */
export type Loaded = {how: 'handshake' | 'restart'} | {why: string[]};

/** The CA whose leaf each certificate that was presented is. */
const caOf = ({observation: {folder, secrets, cluster}}: Evidence): Partial<Record<Presented, CertificateFacts[]>> => {
	const client = secrets[`${cluster.name}-cluster-client-secret`];
	const [leaf] = client?.leaf.certificates ?? [];
	return {
		present: leaf && client ? signersOf(leaf, client.bundle.certificates) : [],
		canary: folder.certificates['ca.new.pem']?.certificates ?? [],
		old: folder.certificates['ca.old.pem']?.certificates ?? [],
	};
};

/** A port that checks clients and has accepted a leaf of every CA of the bundle proves it, unless the process reads CAs anew by itself. */
const isProvedBy = (evidence: Evidence, {held: {component, secret}, tried}: Door): boolean => {
	const cas = caOf(evidence);
	const accepted = Object.values(tried).filter(({verdict}) => verdict === 'accepted').flatMap(({present}) => cas[present] ?? []);
	return tried.control?.verdict === 'rejected' && !components[component].reloadsCa && secret.bundle.certificates.length > 0
		&& secret.bundle.certificates.every(({fingerprint}) => accepted.some(ca => ca.fingerprint === fingerprint));
};

const materialProblem = ({observation}: Evidence, {held: {component, secret}, pod}: Door): string | undefined => {
	if (isMadeForBundle(observation, component, pod)) {
		return undefined;
	}

	if (pod.material !== '') {
		return `it was made for other certificates than Secret ${secret.name} holds now, and nothing shows that its process has loaded the present ca.crt`;
	}

	// Both times are the API server's.
	return secret.changed !== '' && pod.created < secret.changed
		? `it was made at ${pod.created}, before Secret ${secret.name} was last written (${secret.changed}), and nothing shows that its process has loaded what is there now`
		: undefined;
};

/** Whether the process of a port's pod has loaded the bundle that its Secret holds. `doors` are all ports of the pod. */
export const loadedAt = (evidence: Evidence, doors: Door[]): Loaded => {
	const [door] = doors;
	if (!door || doors.some(one => isProvedBy(evidence, one))) {
		return {how: 'handshake'};
	}

	const material = materialProblem(evidence, door);
	const {against} = startEvidence(evidence.observation, door.held.component, door.pod);
	const why = [...(material === undefined ? [] : [material]), ...against];
	return why.length === 0 ? {how: 'restart'} : {why};
};

/** Canary and old client at one port: they must be taken as the Secret's bundle says, no less and no more. */
const trustFindings = (evidence: Evidence, {held: {component, secret}, pod, port, place, tried}: Door): Finding[] => {
	const cas = caOf(evidence);
	const holds = (ca: CertificateFacts): boolean => secret.bundle.certificates.some(({fingerprint}) => fingerprint === ca.fingerprint);
	const wrong = (present: 'canary' | 'old', ca: CertificateFacts): string[] => {
		const verdict = tried[present]?.verdict;
		if (verdict === 'rejected' && holds(ca)) {
			return [`refuses a leaf of the CA ${short(ca.fingerprint)}, which ca.crt of Secret ${secret.name} holds`];
		}

		return verdict === 'accepted' && tried.control?.verdict === 'rejected' && !holds(ca)
			? [`accepts a leaf of the CA ${short(ca.fingerprint)}, which ca.crt of Secret ${secret.name} does not hold`]
			: [];
	};

	return (['canary', 'old'] as const).flatMap(present => (cas[present] ?? []).flatMap(ca => wrong(present, ca))).map(what => ({
		code: 'not-loaded', proof: 'loaded', component, pod: pod.name, port: port.port, what: `${place} ${what}: the process has not loaded it`, fix,
	}));
};

/** Processes that have not loaded the bundle that their Secret holds, or of which that cannot be shown. */
export const loadedFindings = (evidence: Evidence): Finding[] => Object.values(Object.groupBy(doorsOf(evidence), ({pod}) => pod.name)).flatMap((doors = []) => {
	const loaded = loadedAt(evidence, doors);
	const [{held, pod}] = doors as [Door];
	return [
		...('why' in loaded
			? [{
				code: 'not-loaded' as const,
				proof: 'loaded' as const,
				component: held.component,
				pod: pod.name,
				what: `${pod.name}: ${loaded.why.join('; ')}`,
				fix,
			}]
			: []),
		...doors.flatMap(door => trustFindings(evidence, door)),
	];
});
