import {secretName} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import type {Proof} from '../plan/types.ts';
import {columns} from './table.ts';

const short = (hex: string | undefined): string => hex?.slice(0, 12) ?? '-';

const certificate = (observation: Observation, cluster: Cluster, component: ComponentName): {serial: string; issuer: string; expiry: string; cas: string} => {
	const secret = observation.secrets[secretName(cluster.name, component)];
	const [leaf] = secret?.leaf.certificates ?? [];
	return {
		serial: short(leaf?.serial),
		issuer: short(leaf?.authorityKeyId),
		expiry: leaf ? leaf.notAfter.slice(0, 10) : '-',
		cas: String(secret?.bundle.certificates.length ?? 0),
	};
};

const order = ['handshake', 'handshake and restart', 'evidence by restart'] as const;

/** What was proved of a component, in a few words: `handshake ×6`. */
const proved = (proofs: Proof[], component: ComponentName): string => {
	const own = proofs.filter(proof => proof.component === component);
	const counts = order.map(how => [how, own.filter(proof => proof.how === how).length] as const).filter(([, count]) => count > 0);
	return counts.length === 0 ? '-' : counts.map(([how, count]) => `${how} ×${count}`).join(', ');
};

export type Summary = {
	cluster: Cluster;
	before: Observation;
	after: Observation;
	/** Restarts seen, by pod name. */
	restarts: Record<string, number>;
	proofs: Proof[];
};

const restartsOf = (summary: Summary, component: ComponentName): string => {
	const counts = summary.after.pods.filter(pod => pod.component === component).map(pod => summary.restarts[pod.name] ?? 0);
	const [least, most] = [Math.min(...counts), Math.max(...counts)];
	return counts.length === 0 ? '-' : (least === most ? `${least} a pod` : `${least} to ${most} a pod`);
};

/** Before and after, a row for the headings and one for each component: serial, issuer's key id, expiry, CAs in the bundle, restarts, what was proved how. */
export const summaryRows = (summary: Summary): string[][] => {
	const {cluster, before, after, proofs} = summary;
	const rows = cluster.components.map(component => {
		const old = certificate(before, cluster, component);
		const renewed = certificate(after, cluster, component);
		return [
			component, old.serial, renewed.serial, old.issuer, renewed.issuer, old.expiry, renewed.expiry, `${old.cas} → ${renewed.cas}`, restartsOf(summary, component), proved(proofs, component),
		];
	});
	return [['component', 'serial before', 'after', 'issuer key id before', 'after', 'expires before', 'after', 'CAs', 'restarts', 'proved'], ...rows];
};

/** The same as a table on a terminal. */
export const summaryTable = (summary: Summary): string => columns(summaryRows(summary));

/** The ports at which a handshake could not prove it, each with the evidence that was taken instead. */
export const evidenceList = (proofs: Proof[]): string => proofs.filter(proof => proof.how === 'evidence by restart')
	.map(proof => `  ${proof.pod}${proof.port === undefined ? '' : ` port ${proof.port}`}: ${proof.claim} — evidence by restart: ${proof.detail}\n`).join('');
