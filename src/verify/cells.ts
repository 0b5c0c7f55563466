import type {Held} from '../judge/held.ts';
import {short} from '../judge/words.ts';
import {isFolderIdle} from './issuance.ts';
import {loadedAt} from './loaded.ts';
import {staleFiles} from './mounted.ts';
import {servedAt, type Door} from './ports.ts';
import {
	proofs,
	type Cell,
	type Evidence,
	type Finding,
	type ProofName,
} from './types.ts';

/** A row of the table: a Secret's leaf, and the port that serves it where one does. */
export type Place = {held: Held; door?: Door; siblings?: Door[]};

const yes = (how: string): Cell => ({result: 'yes', how});
const unknown = (how: string): Cell => ({result: 'unknown', how});
const none: Cell = {result: 'none', how: ''};

const concerns = ({component, pod, port}: Finding, {held, door}: Place): boolean => (component === undefined || component === held.component)
	&& (pod === undefined || pod === door?.pod.name) && (port === undefined || port === door?.port.port);

const ofLeaf = (how: (held: Required<Held>) => string) => (_: Evidence, {held}: Place): Cell =>
	held.leaf ? yes(how({...held, leaf: held.leaf})) : unknown('no certificate in the Secret');

const clients = ({door}: Place): Cell => {
	if (!door) {
		return none;
	}

	const {present, control} = door.tried;
	if (control?.verdict === 'accepted') {
		return {result: 'none', how: 'checks no clients'};
	}

	return present?.verdict === 'accepted' && control?.verdict === 'rejected' ? yes('handshakes: ours accepted, a stranger\'s rejected') : unknown('not tried');
};

/** How each thing is proved where no finding speaks against it. */
const ways: Record<ProofName, (evidence: Evidence, place: Place) => Cell> = {
	folder(evidence) {
		if (!evidence.observation.folder.exists) {
			return unknown('there is no cluster folder');
		}

		return isFolderIdle(evidence) ? {result: 'none', how: 'cert-manager renews the Secrets by itself'} : yes('fingerprints of file and Secret');
	},
	key: ofLeaf(() => 'public key of tls.key and tls.crt'),
	mounted({observation}, {held, door}) {
		if (!door) {
			return none;
		}

		const inside = observation.inside.find(({pod}) => pod === door.pod.name);
		return staleFiles(held.secret, inside) === undefined ? unknown(inside?.problem ?? 'not looked into') : yes('kubectl exec');
	},
	served(_, {door}) {
		if (!door) {
			return none;
		}

		const served = servedAt(door);
		return served ? yes(`handshake: serial ${short(served.serial)}`) : unknown('no certificate was seen');
	},
	chain: ofLeaf(() => 'signature and validity against every Secret\'s bundle'),
	names: ofLeaf(({leaf}) => `${leaf.sans.length} SANs`),
	commonName: ofLeaf(({leaf}) => leaf.commonName),
	usages: ofLeaf(({leaf}) => leaf.extendedKeyUsages.join(', ')),
	clients: (_, place) => clients(place),
	loaded(evidence, {siblings}) {
		if (!siblings) {
			return none;
		}

		const loaded = loadedAt(evidence, siblings);
		return 'how' in loaded ? yes(loaded.how) : unknown(loaded.why.join('; '));
	},
};

/** What is proved of one row, and how; `no` where a finding says so. */
export const cellsOf = (evidence: Evidence, place: Place, findings: Finding[]): Record<ProofName, Cell> => Object.fromEntries(proofs.map(proof => {
	const against = findings.find(finding => finding.proof === proof && concerns(finding, place));
	return [proof, against ? {result: 'no', how: against.code} : ways[proof](evidence, place)];
})) as Record<ProofName, Cell>;
