import {readCertificates, readKey} from '../../src/certificates/read.ts';
import type {
	Handshake,
	PodFacts,
	Presented,
	SecretFacts,
	Verdict,
} from '../../src/observe/types.ts';
import {judge} from '../../src/verify/judge.ts';
import type {Evidence} from '../../src/verify/types.ts';
import {evidenceOf, material} from './evidence.ts';
import {
	makeCa,
	makeLeaf,
	type LeafOptions,
	type Pair,
} from './pki.ts';

/** A component's Secret. */
export const secretOf = ({observation: {secrets}}: Evidence, component: string): SecretFacts => secrets[component === 'client' ? 'basic-cluster-client-secret' : `basic-${component}-cluster-secret`]!;

/** A pod by its name. */
export const podOf = ({observation: {pods}}: Evidence, name: string): PodFacts => pods.find(pod => pod.name === name)!;

/** Writes a leaf into Secret and folder, mounts it, and lets the ports serve it: only the leaf itself can be wrong. */
export const givesLeaf = (evidence: Evidence, component: 'pd' | 'tikv', options: LeafOptions, ca?: Pair): void => {
	const {observation} = evidence;
	const secret = secretOf(evidence, component);
	const {cert, key} = makeLeaf(ca ?? material().ca, {sans: secret.leaf.certificates[0]!.sans, ...options});
	const file = `${component}-server`;
	Object.assign(secret, {leaf: readCertificates(cert), key: readKey(key)});
	observation.folder.certificates[`${file}.pem`] = readCertificates(cert);
	observation.folder.keys[`${file}-key.pem`] = readKey(key);
	const insides = observation.inside.filter(({pod}) => podOf(evidence, pod).component === component);
	for (const inside of insides) {
		inside.leafDigest = secret.leaf.digest;
	}

	const handshakes = observation.handshakes.filter(one => one.component === component);
	for (const handshake of handshakes) {
		handshake.served = secret.leaf.certificates[0]!;
	}
};

/** Writes a bundle into a component's Secret, and nowhere else. */
export const givesBundle = (evidence: Evidence, component: string, bundle: string): void => {
	secretOf(evidence, component).bundle = readCertificates(bundle);
};

/** What a port answered to a certificate. */
export const tried = ({observation: {handshakes}}: Evidence, pod: string, port: number, present: Presented): Handshake =>
	handshakes.find(one => one.pod === pod && one.port === port && one.present === present)!;

/** What the client port of `basic-pd-1` answers to a certificate. */
export const answers = (evidence: Evidence, present: Presented, verdict: Verdict): void => {
	tried(evidence, 'basic-pd-1', 2379, present).verdict = verdict;
};

/** A port takes a leaf of a CA that was there before, and is in no bundle any more. */
export const acceptsOld = (evidence: Evidence, pod: string, port: number): void => {
	const {folder, handshakes} = evidence.observation;
	folder.certificates['ca.old.pem'] = readCertificates(makeCa().cert);
	handshakes.push({...tried(evidence, pod, port, 'present'), present: 'old', verdict: 'accepted'});
};

/** What a test changes of a healthy cluster's evidence, the codes of what is found then, and how it is told. */
export type Case = {title: string; change: (evidence: Evidence) => void; codes: string[]; words?: RegExp};

/** The codes of what is found after a change, and the findings as text. */
export const foundAfter = (change: (evidence: Evidence) => void): {codes: string[]; text: string} => {
	const {findings} = judge(evidenceOf(change));
	return {
		codes: [...new Set(findings.map(({code}) => code))].toSorted(),
		text: findings.map(({what, fix}) => `${what} → ${fix}`).join('\n'),
	};
};
