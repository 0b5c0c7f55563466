import type {PemFacts} from '../certificates/types.ts';
import {isSignedBy} from '../certificates/verify.ts';
import type {Party, StateProof, Unsafe} from '../prove/types.ts';
import {groupWords} from '../prove/words.ts';
import {columns} from '../report/table.ts';

const count = (number: number, one: string): string => `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;

/** Who refuses whose leaf, from when on, and why. */
export const unsafeWords = ({moment, verifier, presenter, as, leaf, reason}: Unsafe): string =>
	`${moment}: ${verifier} refuses the ${as} certificate of ${presenter} (${leaf ? `serial ${leaf.serial}` : 'unreadable'}): ${reason}`;

const verdict = (unsafe: Unsafe[]): string => {
	const [before, brought] = [true, false].map(already => unsafe.filter(one => one.already === already).length);
	const words = [
		...(brought === 0 ? [] : [`the plan would make ${count(brought!, 'certificate')} refused`]),
		...(before === 0 ? [] : [`${count(before!, 'certificate')} may be refused already now`]),
	];
	return words.length === 0 ? 'all verify' : words.join(', and ');
};

/** The proof in one line: `Mixed states: 7 moments, 52 states of 9 processes, 214 pairs, all verify`. */
export const proofLine = ({moments, processes, states, pairs, unsafe}: StateProof): string =>
	`Mixed states: ${count(moments.length, 'moment')}, ${count(states, 'state')} of ${processes.toLocaleString('en')} processes, ${count(pairs, 'pair')}, ${verdict(unsafe)}`;

/** Short names for the certificates of a proof, in the order in which they come up. */
const namesOf = (parties: Party[]) => {
	const bundles = parties.flatMap(({holding: {clientsCas, serversCas}}) => [...clientsCas, ...serversCas]);
	const cas = new Map(bundles.flatMap(({certificates}) => certificates).map(one => [one.fingerprint, one])).values().toArray();
	const ca = new Map(cas.map(({fingerprint}, index) => [fingerprint, `CA ${index + 1}`]));
	const leaf = new Map<string, string>();
	const leaves: string[][] = [];
	for (const {group: {component}, holding} of parties) {
		const fresh = holding.leaves.filter(one => !leaf.has(one.digest));
		for (const {digest, certificates} of fresh) {
			const certificate = certificates[0];
			const signer = certificate && cas.find(one => isSignedBy(certificate, one));
			const by = signer ? ca.get(signer.fingerprint)! : 'no CA here';
			leaf.set(digest, `${component} ${leaves.filter(([name]) => name!.startsWith(`${component} `)).length + 1}`);
			leaves.push([leaf.get(digest)!, by, certificate?.serial ?? '-', certificate?.notAfter ?? '-']);
		}
	}

	return {
		ca: ({certificates}: PemFacts): string => certificates.map(({fingerprint}) => ca.get(fingerprint)!).join(' + '),
		leaf: ({digest}: PemFacts): string => leaf.get(digest)!,
		legend: [
			columns([['CA', 'key id', 'valid until', 'subject'], ...cas.map(one => [ca.get(one.fingerprint)!, one.subjectKeyId ?? '-', one.notAfter, one.subject])]),
			columns([['leaf', 'signed by', 'serial', 'valid until'], ...leaves]),
		],
	};
};

/**
The whole proof as tables: which certificates there are; then moment by moment what each group of processes may hold, and who calls whom,
with the leaves that meet which bundles.
*/
export const proofText = (proof: StateProof): string => {
	const {ca, leaf, legend} = namesOf(proof.moments.flatMap(({parties}) => parties));
	const any = (texts: PemFacts[], name: (text: PemFacts) => string): string => texts.map(text => name(text)).join(' or ');
	const moments = proof.moments.map(({when, parties, meetings}, index) => [
		`Moment ${index + 1}: ${when}\n`,
		columns([
			['processes', 'may present', 'may check clients by', 'may check servers by'],
			...parties.map(({group, holding}) => [groupWords(group), any(holding.leaves, leaf), any(holding.clientsCas, ca), any(holding.serversCas, ca)]),
		]),
		columns([
			['client', 'server', 'the client\'s leaf', 'meets', 'the server\'s leaf', 'meets', 'pairs', ''],
			...meetings.map(({client, server, pairs, isSafe}) => [
				client.group.component,
				server.group.component,
				any(client.holding.leaves, leaf),
				any(server.holding.clientsCas, ca),
				any(server.holding.leaves, leaf),
				any(client.holding.serversCas, ca),
				String(pairs),
				isSafe ? 'verify' : 'REFUSED',
			]),
		]),
	].join('\n'));
	return [`${proofLine(proof)}\n`, ...legend, ...moments, ...proof.unsafe.map(one => `${unsafeWords(one)}\n`)].join('\n');
};
