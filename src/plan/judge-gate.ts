import {components, secretName} from '../cluster/components.ts';
import type {ComponentName, Port} from '../cluster/types.ts';
import {verifies} from '../certificates/verify.ts';
import type {
	Handshake,
	Observation,
	PodFacts,
	Presented,
} from '../observe/types.ts';
import {restartEvidence} from './evidence.ts';
import {podsOf} from './judge-roll.ts';
import {no, unless} from './judgement.ts';
import type {Condition, Judgement, Proof} from './types.ts';

type GateCondition = Extract<Condition, {is: 'trusts' | 'serves' | 'rejects-old' | 'trusts-old' | 'rejects-new' | 'loads'}>;
type At = {observation: Observation; component: ComponentName; pod: PodFacts; port: Port; strict: boolean};
type Found = {reasons: string[]; proofs: Proof[]};

const names: Record<Presented, string> = {
	present: 'the present client certificate',
	old: 'the old client certificate',
	canary: 'the canary (a leaf of the new CA)',
	control: 'the control (a leaf of a CA that nobody trusts)',
};

const tried = ({observation, pod, port}: At, present: Presented): Handshake | undefined =>
	observation.handshakes.find(handshake => handshake.pod === pod.name && handshake.port === port.port && handshake.present === present);

const place = ({pod, port}: At): string => `${pod.name} port ${port.port} (${port.use})`;

/** Why the port did not answer a certificate as it must; empty when it did. */
const answerProblems = (at: At, present: Presented, expect: 'accepted' | 'rejected'): string[] => {
	const handshake = tried(at, present);
	if (!handshake) {
		return [`${place(at)}: ${names[present]} was not tried`];
	}

	const answer = handshake.verdict === 'unknown' ? 'neither accepted nor rejected' : handshake.verdict;
	return handshake.verdict === expect ? [] : [`${place(at)}: ${names[present]} was ${answer} (${handshake.detail})`];
};

const servedProblems = (at: At): string[] => {
	const {observation, component} = at;
	const served = tried(at, 'present')?.served ?? tried(at, 'control')?.served;
	if (!served) {
		return [`${place(at)}: no served certificate was seen`];
	}

	const verdict = verifies(served, observation.secrets[secretName(observation.cluster.name, component)]?.bundle.certificates ?? [], observation.now);
	return verdict.ok ? [] : [`${place(at)}: the certificate it serves (serial ${served.serial}) does not verify against the bundle: ${verdict.reason}`];
};

const byRestart = (at: At, claim: string, why: string): Found => {
	const {observation, component, pod, port, strict} = at;
	const {against, words} = restartEvidence(observation, component, pod);
	if (against.length > 0) {
		return {reasons: against.map(reason => `${place(at)}: ${why}, and the evidence by restart fails: ${reason}`), proofs: []};
	}

	return strict
		? {reasons: [`${place(at)}: ${why}, and --strict-gates takes nothing less than a handshake`], proofs: []}
		: {
			reasons: [], proofs: [{
				pod: pod.name, component, port: port.port, claim, how: 'evidence by restart', detail: words,
			}],
		};
};

/** A handshake at a port whose process also reloads its CA from the file: it proves the server's side, the restart the rest. */
const withRestart = (at: At, claim: string, detail: string): Found => {
	const {observation, component, pod, port} = at;
	const {against, words} = restartEvidence(observation, component, pod);
	return against.length > 0
		? {reasons: against.map(reason => `${place(at)}: accepts by a reloaded CA, and the evidence by restart for its outgoing connections fails: ${reason}`), proofs: []}
		: {
			reasons: [], proofs: [{
				pod: pod.name, component, port: port.port, claim, how: 'handshake and restart', detail: `${detail}; ${words}`,
			}],
		};
};

/** The decision that all gates share: what a port that checks clients must answer, and what stands in where it does not. */
const prove = (at: At, claim: string, asked: {present: Presented; expect: 'accepted' | 'rejected'}): Found => {
	const control = tried(at, 'control');
	const basics = [...answerProblems(at, 'present', 'accepted'), ...servedProblems(at)];
	if (!control || control.verdict === 'unknown') {
		return {reasons: [...basics, ...answerProblems(at, 'control', 'rejected')], proofs: []};
	}

	if (basics.length > 0) {
		return {reasons: basics, proofs: []};
	}

	if (control.verdict === 'accepted') {
		return byRestart(at, claim, 'it accepts the control, so it checks no client certificates');
	}

	const isOptional = asked.present === 'old' || asked.expect === 'rejected';
	if (isOptional && !tried(at, asked.present)) {
		return byRestart(at, claim, `there is no ${asked.present === 'old' ? 'old client certificate' : 'key of the new CA'} to try it with`);
	}

	const problems = answerProblems(at, asked.present, asked.expect);
	if (problems.length > 0) {
		return {reasons: problems, proofs: []};
	}

	const detail = `${names[asked.present]} ${asked.expect}, the control rejected`;
	return components[at.component].reloadsCa
		? withRestart(at, claim, detail)
		: {
			reasons: [], proofs: [{
				pod: at.pod.name, component: at.component, port: at.port.port, claim, how: 'handshake', detail,
			}],
		};
};

/** After reissue: the port serves the leaf of its Secret and accepts the new client leaf. */
const serves = (at: At): Found => {
	const {observation, component} = at;
	const served = tried(at, 'present')?.served;
	const expected = observation.secrets[secretName(observation.cluster.name, component)]?.leaf.certificates[0];
	const isSame = served !== undefined && served.fingerprint === expected?.fingerprint;
	const reasons = [
		...answerProblems(at, 'present', 'accepted'),
		...(isSame ? [] : [`${place(at)}: it serves serial ${served?.serial ?? 'unknown'}, its Secret holds ${expected?.serial ?? 'none'}`]),
	];
	const proof: Proof = {
		pod: at.pod.name,
		component,
		port: at.port.port,
		claim: 'serves the leaf of its Secret',
		how: 'handshake',
		detail: `serial ${served?.serial ?? ''}, the new client certificate accepted`,
	};
	return {reasons, proofs: reasons.length > 0 ? [] : [proof]};
};

const oneKey = 'no handshake tells two CA certificates of one key apart';

/** After the CA's certificate alone was replaced: what a handshake can show, it must; what the process loaded, only its start can. */
const loads = (at: At): Found => {
	const {observation, component, pod, port} = at;
	const isOpen = tried(at, 'control')?.verdict === 'accepted';
	const problems = [...answerProblems(at, 'present', 'accepted'), ...servedProblems(at), ...(isOpen ? [] : answerProblems(at, 'control', 'rejected'))];
	const {against, words} = restartEvidence(observation, component, pod);
	const reasons = [...problems, ...against.map(reason => `${place(at)}: ${oneKey}, and the evidence by restart fails: ${reason}`)];
	const seen = `the present client certificate accepted, the leaf it serves verifies by the CA certificate of its Secret${isOpen ? '' : ', the control rejected'}`;
	const proof: Proof = {
		pod: pod.name,
		component,
		port: port.port,
		claim: 'started with the CA certificate of its Secret',
		how: isOpen ? 'evidence by restart' : 'handshake and restart',
		detail: `${seen}; ${oneKey}: ${words}`,
	};
	return {reasons, proofs: reasons.length > 0 ? [] : [proof]};
};

/** Of a pod that has no port of this side: its start alone tells what it has loaded. */
const unasked = (observation: Observation, pod: PodFacts, strict: boolean): Found => {
	const component = pod.component as ComponentName;
	const {against, words} = restartEvidence(observation, component, pod);
	const why = 'it has no port to ask';
	const reasons = [
		...against.map(reason => `${pod.name}: ${why}, and the evidence by restart fails: ${reason}`),
		...(strict ? [`${pod.name}: ${why}, and --strict-gates takes nothing less than a handshake`] : []),
	];
	const proof: Proof = {
		pod: pod.name, component, claim: 'started with the CAs of its Secret', how: 'evidence by restart', detail: `${why}; ${words}`,
	};
	return {reasons, proofs: reasons.length > 0 ? [] : [proof]};
};

/** What each gate claims of a port that checks clients, and what shows it. */
const claims: Record<Exclude<GateCondition['is'], 'serves' | 'loads'>, [claim: string, asked: {present: Presented; expect: 'accepted' | 'rejected'}]> = {
	trusts: ['trusts the new CA', {present: 'canary', expect: 'accepted'}],
	'rejects-old': ['no longer trusts the old CA', {present: 'old', expect: 'rejected'}],
	'trusts-old': ['trusts the old CA', {present: 'old', expect: 'accepted'}],
	'rejects-new': ['no longer trusts the new CA', {present: 'canary', expect: 'rejected'}],
};

/** The gates of design.md 5, per pod and TLS port. */
export const judgeGate = (condition: GateCondition, observation: Observation): Judgement => {
	const {component} = condition;
	const pods = podsOf(observation, component);
	const isStrict = 'strict' in condition && condition.strict;
	const foundAt = (pod: PodFacts, port: Port): Found => {
		const at: At = {
			observation, component, pod, port, strict: isStrict,
		};
		switch (condition.is) {
			case 'serves': {
				return serves(at);
			}

			case 'loads': {
				return loads(at);
			}

			case 'trusts':
			case 'rejects-old':
			case 'trusts-old':
			case 'rejects-new': {
				return prove(at, ...claims[condition.is]);
			}
		}
	};

	const {ports} = components[component];
	const found = pods.flatMap(pod => ports.length === 0 ? [unasked(observation, pod, isStrict)] : ports.map(port => foundAt(pod, port)));
	return found.length === 0 ? no(`${component} has no pod to ask`) : unless(found.flatMap(({reasons}) => reasons), found.flatMap(({proofs}) => proofs));
};
