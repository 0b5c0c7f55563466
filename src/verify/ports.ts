import {components} from '../cluster/components.ts';
import type {ComponentName, Port} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {type Held, heldBy} from '../judge/held.ts';
import {isTrusted} from '../judge/trust.ts';
import {short} from '../judge/words.ts';
import type {Handshake, PodFacts, Presented} from '../observe/types.ts';
import {allowedNames} from './allowed.ts';
import type {Evidence, Finding} from './types.ts';

/** A TLS port of a pod, what its Secret holds, and what it answered. */
export type Door = {held: Held; pod: PodFacts; port: Port; place: string; tried: Partial<Record<Presented, Handshake>>};

/** Every TLS port of every pod that was asked. */
export const doorsOf = (evidence: Evidence): Door[] => heldBy(evidence).flatMap(held => evidence.observation.pods
	.filter(pod => pod.component === held.component && !pod.deleting)
	.toSorted((one, other) => one.name.localeCompare(other.name, 'en', {numeric: true}))
	.flatMap(pod => components[held.component].ports.map(port => ({
		held,
		pod,
		port,
		place: `${pod.name} port ${port.port} (${port.use})`,
		tried: Object.fromEntries(evidence.observation.handshakes.filter(one => one.pod === pod.name && one.port === port.port).map(one => [one.present, one])),
	}))));

/** The leaf that the port served, whichever try showed it. */
export const servedAt = ({tried}: Door): CertificateFacts | undefined => Object.values(tried).find(({served}) => served)?.served;

/** Whether the component is meant to check its clients' certificates; the rest is found out by the control (design.md 5). */
const mustCheck = ({observation: {cluster}}: Evidence, component: ComponentName): boolean =>
	component === 'pd' || component === 'tikv' || allowedNames(cluster.spec).some(allowed => allowed.component === component);

const at = ({held: {component}, pod, port}: Door) => ({component, pod: pod.name, port: port.port});

const look = (door: Door): string => `see whether the pod is Ready and what its log says: kubectl logs ${door.pod.name}`;

const servedFindings = (door: Door): Finding[] => {
	const {held: {secret, leaf}, place, tried} = door;
	const served = servedAt(door);
	if (!served) {
		const detail = Object.values(tried)[0]?.detail ?? 'it was not asked';
		return [{
			code: 'no-answer', proof: 'served', ...at(door), what: `${place} served no certificate: ${detail}`, fix: look(door),
		}];
	}

	return [
		...(leaf === undefined || served.fingerprint === leaf.fingerprint
			? []
			: [{
				code: 'served-differs' as const,
				proof: 'served' as const,
				...at(door),
				what: `${place} serves serial ${short(served.serial)}, Secret ${secret.name} holds ${short(leaf.serial)}`,
				fix: 'components read a new leaf by themselves within minutes, some after a refused connection; if it stays so, restart the pod',
			}]),
		...(isTrusted(served, secret)
			? []
			: [{
				code: 'not-trusted' as const,
				proof: 'chain' as const,
				...at(door),
				what: `${place} serves a certificate (serial ${short(served.serial)}) that ca.crt of Secret ${secret.name} does not vouch for`,
				fix: 'the others refuse it already: npm run rotate goes on where a rotation was left, npm run rollback goes back',
			}]),
	];
};

const unanswered = (door: Door, {present, detail}: Handshake, what: string): Finding => ({
	code: 'no-answer',
	proof: present === 'control' || present === 'present' ? 'clients' : 'loaded',
	...at(door),
	what: `${door.place} neither accepted nor rejected ${what}: ${detail}`,
	fix: look(door),
});

/** What is presented there: each side has a client certificate of its own. */
const ours = ({port: {protocol}}: Door): string => protocol === 'mysql' ? 'the MySQL client certificate' : 'the cluster client certificate';

const presentFindings = (door: Door): Finding[] => {
	const {present} = door.tried;
	if (present?.verdict === 'unknown' && servedAt(door)) {
		return [unanswered(door, present, ours(door))];
	}

	return present?.verdict === 'rejected'
		? [{
			code: 'refused',
			proof: 'clients',
			...at(door),
			what: `${door.place} refuses ${ours(door)} (${present.detail})`,
			fix: 'see whether the process has loaded the present ca.crt: restart the pod, or go on with npm run rotate',
		}]
		: [];
};

const controlFindings = (evidence: Evidence, door: Door): Finding[] => {
	const {control} = door.tried;
	if (control?.verdict === 'unknown' && servedAt(door)) {
		return [unanswered(door, control, 'a certificate of a CA that nobody trusts')];
	}

	return control?.verdict === 'accepted' && mustCheck(evidence, door.held.component)
		? [{
			code: 'stranger-accepted',
			proof: 'clients',
			...at(door),
			what: `${door.place} accepts a certificate of a CA that nobody trusts: it checks no client certificates, and is meant to`,
			fix: 'see the component\'s security settings, and whether the pod was restarted since they changed',
		}]
		: [];
};

/** What each port serves, and whom it lets in. */
export const portFindings = (evidence: Evidence): Finding[] => doorsOf(evidence)
	.flatMap(door => [...servedFindings(door), ...presentFindings(door), ...controlFindings(evidence, door)]);

/** Ports that check no clients, where the component does not do so by itself: said, and no fault. */
export const openNotes = (evidence: Evidence): string[] => doorsOf(evidence)
	.filter(({tried, held}) => tried.control?.verdict === 'accepted' && !mustCheck(evidence, held.component))
	.map(({place, held: {component}}) => `${place} checks no client certificates${component === 'tidb' ? '; it does with cluster-verify-cn' : ''}`);
