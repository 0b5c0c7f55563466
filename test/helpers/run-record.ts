import {createHash} from 'node:crypto';
import {components, secretName} from '../../src/cluster/components.ts';
import type {Cluster, ComponentName} from '../../src/cluster/types.ts';
import type {CertificateFacts, PemFacts} from '../../src/certificates/types.ts';
import type {Observation, PodFacts, SecretFacts} from '../../src/observe/types.ts';
import {isGate} from '../../src/plan/judge.ts';
import {restingPlan} from '../../src/plan/make.ts';
import type {Plan, Proof, Step} from '../../src/plan/types.ts';
import {shell} from '../../src/render/shell.ts';
import type {RunEvent, RunRecord} from '../../src/report/record.ts';

const cluster: Cluster = {name: 'basic', namespace: 'tidb', components: ['pd', 'tikv', 'tidb', 'client']};
const pods: Array<[ComponentName, number]> = [['pd', 3], ['tikv', 3], ['tidb', 2]];

/** A time of the run, so many seconds after its begin. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 25, 7, 0, 0) + (seconds * 1000)).toISOString();

const hex = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

type Named = {name: string; generation: 'old' | 'new'; sans?: string[]};

/** A certificate that nobody signed: what stands in it is told by its name. */
const certificate = ({name, generation, sans = []}: Named): CertificateFacts => ({
	fingerprint: hex(`${generation} ${name} fingerprint`, 64),
	serial: hex(`${generation} ${name}`, 40),
	subject: `C=US,O=PingCAP,CN=${name === 'ca' ? 'TiDB CA' : 'TiDB'}`,
	issuer: 'C=US,O=PingCAP,CN=TiDB CA',
	commonName: 'TiDB',
	names: {},
	subjectKeyId: hex(`${generation} ${name} id`, 40),
	authorityKeyId: hex(`${generation} ca id`, 40),
	notBefore: generation === 'old' ? '2025-12-01T00:00:00.000Z' : '2026-11-25T06:55:00.000Z',
	notAfter: generation === 'old' ? '2026-12-01T00:00:00.000Z' : '2027-11-25T06:55:00.000Z',
	sans,
	extendedKeyUsages: ['server auth', 'client auth'],
	key: {algo: 'ecdsa', size: 256},
	publicKey: hex(`${generation} ${name} key`, 64),
	isCa: name === 'ca',
	pem: '',
});

const pem = (...certificates: CertificateFacts[]): PemFacts => ({certificates, text: '', digest: certificates.map(({fingerprint}) => fingerprint).join('')});

const secret = (component: ComponentName, generation: 'old' | 'new', bundle: PemFacts): SecretFacts => {
	const hosts = component === 'client' ? [] : [`basic-${component}`, `basic-${component}.tidb`, ...(generation === 'new' ? [`*.basic-${component}-peer`] : [])];
	const leaf = certificate({name: component, generation, sans: hosts});
	return {
		name: secretName(cluster.name, component),
		exists: true,
		resourceVersion: '1',
		immutable: false,
		keys: ['ca.crt', 'tls.crt', 'tls.key'],
		digests: {},
		leaf: pem(leaf),
		key: {publicKey: leaf.publicKey},
		bundle,
		material: '',
		changed: '',
		labels: {},
		annotations: {},
		owners: [],
		managers: [],
		writers: [],
	};
};

const podFacts = (component: ComponentName, ordinal: number): PodFacts => ({
	name: `basic-${component}-${ordinal}`,
	component,
	uid: `${component}-${ordinal}`,
	ready: true,
	deleting: false,
	created: at(0),
	started: at(0),
	revision: 'a',
	material: '',
	containers: [{
		name: component, startedAt: at(0), restartCount: 0, ready: true,
	}],
});

/** A look at the cluster, all of it of one generation of certificates. */
export const lookAt = (generation: 'old' | 'new', bundle: Array<'old' | 'new'> = [generation], seconds = 0): Observation => {
	const cas = pem(...bundle.map(of => certificate({name: 'ca', generation: of})));
	return {
		now: Date.parse(at(seconds)),
		folder: {
			path: 'clusters/basic', exists: true, certificates: {}, keys: {}, requests: {}, backups: [],
		},
		secrets: Object.fromEntries(cluster.components.map(component => [secretName(cluster.name, component), secret(component, generation, cas)])),
		cluster: {
			name: 'basic',
			namespace: 'tidb',
			kind: 'TidbCluster',
			uid: '7d4ee6db-efe8-46ea-9d13-d31406ad0414',
			resourceVersion: '1',
			labels: {},
			annotations: {},
			owners: [],
			spec: {},
			status: {},
			managers: [],
			writers: [],
		},
		sets: [],
		pods: pods.flatMap(([component, count]) => Array.from({length: count}, (_, ordinal) => podFacts(component, ordinal))),
		handshakes: [],
		inside: [],
	};
};

/** The proofs that a step's gate takes, a handshake at each port but TiDB's. */
const proofsOf = (conditions: Step['needs']): Proof[] => conditions.filter(condition => isGate(condition)).flatMap(({component, is}) => {
	const count = pods.find(([name]) => name === component)?.[1] ?? 0;
	return Array.from({length: count}, (_, ordinal) => components[component].ports.filter(({protocol}) => protocol !== 'mysql').map((port): Proof => ({
		pod: `basic-${component}-${ordinal}`,
		component,
		port: port.port,
		claim: is === 'serves' ? 'serves the leaf of its Secret' : `${is} as asked`,
		how: component === 'tidb' ? 'evidence by restart' : (components[component].reloadsCa ? 'handshake and restart' : 'handshake'),
		detail: component === 'tidb' ? 'made for the present bundle, process 1 started with the pod' : 'the canary accepted, the control rejected',
	}))).flat();
});

/** Seconds that each step takes; waits take longer. */
const lengthOf = (step: Step): number => step.limit === 'at once' ? 3 : 40;

/** What the journal hears of a run that takes the plan's steps from `from` on, up to the one that is named, in which it ends. */
export const eventsOf = ({steps, from}: Plan, endsIn?: string): {events: RunEvent[]; seconds: number} => {
	const events: RunEvent[] = [];
	let seconds = 0;
	const add = (event: string, facts: Record<string, unknown>): void => {
		events.push({time: at(seconds), event, facts});
	};

	for (const step of steps.slice(from)) {
		if (step.needs.length > 0) {
			seconds += 2;
			add('gate', {
				step: step.id, holds: true, reasons: [], proofs: proofsOf(step.needs),
			});
		}

		add('begin', {step: step.id});
		seconds += lengthOf(step);
		for (const line of step.lines) {
			add('command', {step: step.id, command: shell(line), status: 0});
		}

		if (step.id === endsIn) {
			break;
		}

		add('end', {step: step.id, proofs: proofsOf(step.done)});
	}

	return {events, seconds};
};

/** Each pod is restarted in each wait, the highest ordinal first, ten seconds each. */
const restartsIn = (events: RunEvent[]): RunRecord['restarts'] => events.filter(({event, facts}) => event === 'begin' && String(facts.step).includes('.rolled.')).flatMap(({time, facts}) => {
	const component = String(facts.step).split('.').at(-1)!;
	const count = pods.find(([name]) => name === component)?.[1] ?? 0;
	const since = (Date.parse(time) - Date.parse(at(0))) / 1000;
	return Array.from({length: count}, (_, turn) => ({
		pod: `basic-${component}-${count - 1 - turn}`, component, from: at(since + (turn * 10)), until: at(since + ((turn + 1) * 10)),
	}));
});

/** The record of a whole rotation that went well, with what a test changes. */
export const runRecord = (changes: Partial<RunRecord> = {}, endsIn?: string): RunRecord => {
	const plan = changes.plan ?? restingPlan(cluster, {
		route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
	});
	const {events, seconds} = eventsOf(plan, endsIn);
	return {
		what: 'rotation',
		cluster,
		folder: 'clusters/basic',
		command: 'npm run rotate -- --cluster basic --retire-old-ca --yes',
		who: 'anna@box',
		began: at(0),
		ended: at(seconds),
		ending: {is: 'done'},
		left: [],
		version: '0.1.0',
		programs: [{
			name: 'kubectl', file: '/usr/bin/kubectl', version: '1.32.4', remark: '',
		}],
		plan,
		events,
		restarts: restartsIn(events),
		proofs: events.flatMap(({facts}) => (facts.proofs ?? []) as Proof[]),
		before: lookAt('old'),
		after: lookAt('new'),
		earlier: [],
		...changes,
	};
};
