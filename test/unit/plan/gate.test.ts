import test from 'ava';
import type {Observation, PodFacts, Verdict} from '../../../src/observe/types.ts';
import {readCertificates} from '../../../src/certificates/read.ts';
import {materialHash} from '../../../src/certificates/verify.ts';
import {components, hostOf} from '../../../src/cluster/components.ts';
import type {ComponentName} from '../../../src/cluster/types.ts';
import {holds} from '../../../src/plan/judge.ts';
import type {Judgement} from '../../../src/plan/types.ts';
import {hosting, makeMaterial, observationOf} from '../../helpers/observation.ts';

const material = makeMaterial();
const started = '2026-01-01T10:00:00Z';

/** A cluster whose pods were restarted for their Secrets, and have answered every certificate as they must. */
const answered = async (component: ComponentName, change?: (observation: Observation) => void): Promise<Observation> => {
	const observation = observationOf(material, hosting);
	const leaf = material.leaves[hostOf(component)]!;
	const pods = observation.pods.filter(pod => pod.component === component);
	for (const pod of pods) {
		Object.assign(pod, {
			material: materialHash(material.ca.cert, leaf.cert), started, containers: [{
				name: components[component].container, startedAt: started, restartCount: 0, ready: true,
			}],
		} satisfies Partial<PodFacts>);
	}

	const expected: Array<['present' | 'canary' | 'control', Verdict]> = [['present', 'accepted'], ['canary', 'accepted'], ['control', 'rejected']];
	const [served] = readCertificates(leaf.cert).certificates;
	const ports = components[component].ports.filter(({protocol}) => protocol !== 'mysql');
	observation.handshakes = pods.flatMap(pod => ports.flatMap(({port}) => expected.map(([present, verdict]) => ({
		pod: pod.name, component, port, present, verdict, detail: 'test', served: served!, attempts: 1,
	}))));
	const bundleDigest = readCertificates(material.ca.cert).digest;
	observation.inside = pods.map(pod => ({pod: pod.name, bundleDigest, processStarted: Date.parse(started) / 1000}));
	change?.(observation);
	return observation;
};

const trusts = (observation: Observation, component: ComponentName, strict = false): Judgement => holds({is: 'trusts', component, strict}, observation);

const answer = (observation: Observation, pod: string, present: string, verdict: Verdict): void => {
	const answers = observation.handshakes.filter(one => one.pod === pod && one.present === present);
	for (const one of answers) {
		one.verdict = verdict;
	}
};

test('PD trusts the new CA when every port of every pod accepts the canary and rejects the control', async t => {
	const judgement = trusts(await answered('pd'), 'pd');
	t.deepEqual(judgement.reasons, []);
	t.deepEqual([...new Set(judgement.proofs.map(({how}) => how))], ['handshake']);
	t.is(judgement.proofs.length, 6);
});

test('a PD pod that rejects the canary is named with its port', async t => {
	const judgement = trusts(await answered('pd', observation => {
		answer(observation, 'basic-pd-1', 'canary', 'rejected');
	}), 'pd');
	t.false(judgement.holds);
	t.true(judgement.reasons.every(reason => reason.startsWith('basic-pd-1 port ')));
	t.regex(judgement.reasons.join('\n'), /port 2379 \(client\).*canary.*rejected/v);
});

test('an answer that is neither accepted nor rejected proves nothing', async t => {
	for (const present of ['present', 'canary', 'control'] as const) {
		const judgement = trusts(await answered('pd', observation => {
			answer(observation, 'basic-pd-0', present, 'unknown');
		}), 'pd');
		t.false(judgement.holds, `with ${present}`);
	}
});

test('a port that was not asked proves nothing', async t => {
	const judgement = trusts(await answered('pd', observation => {
		observation.handshakes = observation.handshakes.filter(({port}) => port !== 2380);
	}), 'pd');
	t.regex(judgement.reasons.join('\n'), /2380.*not tried/v);
});

test('a port that accepts the control is proved by the restart, and says so', async t => {
	const judgement = trusts(await answered('tidb', observation => {
		answer(observation, 'basic-tidb-0', 'control', 'accepted');
	}), 'tidb');
	t.true(judgement.holds);
	t.is(judgement.proofs.find(({pod}) => pod === 'basic-tidb-0')?.how, 'evidence by restart');
});

test('--strict-gates refuses a port that accepts the control', async t => {
	const judgement = trusts(await answered('tidb', observation => {
		answer(observation, 'basic-tidb-0', 'control', 'accepted');
	}), 'tidb', true);
	t.regex(judgement.reasons.join('\n'), /--strict-gates/v);
});

const contradictions: Record<string, (observation: Observation, pod: PodFacts) => void> = {
	'made for other certificates'(_, pod) {
		pod.material = 'other';
	},
	'whose container is older than the pod'(_, pod) {
		pod.containers[0]!.startedAt = '2026-01-01T09:00:00Z';
	},
	'whose process 1 is older than the pod'(observation, pod) {
		observation.inside.find(one => one.pod === pod.name)!.processStarted = Date.parse('2026-01-01T09:00:00Z') / 1000;
	},
	'whose mounted bundle is not the Secret\'s'(observation, pod) {
		observation.inside.find(one => one.pod === pod.name)!.bundleDigest = 'other';
	},
};

for (const [title, change] of Object.entries(contradictions)) {
	for (const component of ['tidb', 'tikv'] as const) {
		test(`a ${component} pod ${title} is not taken as restarted, and is named`, async t => {
			const judgement = trusts(await answered(component, observation => {
				const name = `basic-${component}-1`;
				if (component === 'tidb') {
					answer(observation, name, 'control', 'accepted');
				}

				change(observation, observation.pods.find(pod => pod.name === name)!);
			}), component);
			t.false(judgement.holds);
			t.true(judgement.reasons.every(reason => reason.startsWith(`basic-${component}-1 port `)));
		});
	}
}

test('a container that cannot be looked into leaves the rest of the evidence', async t => {
	const judgement = trusts(await answered('tikv', observation => {
		observation.inside = observation.pods.map(({name}) => ({pod: name, problem: 'forbidden'}));
	}), 'tikv');
	t.true(judgement.holds);
	t.regex(judgement.proofs[0]!.detail, /could not be looked into \(forbidden\)/v);
});

test('after retire, a port that still accepts the old certificate is named', async t => {
	const observation = await answered('pd', seen => {
		const tried = seen.handshakes.filter(({present}) => present === 'present');
		seen.handshakes.push(...tried.map(handshake => ({
			...handshake, present: 'old' as const, verdict: handshake.pod === 'basic-pd-2' ? 'accepted' as const : 'rejected' as const,
		})));
	});
	const judgement = holds({is: 'rejects-old', component: 'pd', strict: false}, observation);
	t.is(judgement.reasons.length, 2);
	t.true(judgement.reasons.every(reason => reason.startsWith('basic-pd-2 port ')));
});

test('a pod that serves another leaf than its Secret\'s is named with both serials', async t => {
	const observation = await answered('pd', seen => {
		const handshake = seen.handshakes.find(({pod, port, present}) => pod === 'basic-pd-0' && port === 2379 && present === 'present')!;
		handshake.served = {...handshake.served!, fingerprint: 'other', serial: 'abc'};
	});
	const judgement = holds({is: 'serves', component: 'pd'}, observation);
	t.regex(judgement.reasons.join('\n'), /basic-pd-0 port 2379 .*serial abc, its Secret holds/v);
});

const loads = (observation: Observation, component: ComponentName): Judgement => holds({is: 'loads', component}, observation);

test('which of two CA certificates of one key was loaded is proved by handshake and restart together, and said to be no handshake\'s', async t => {
	const judgement = loads(await answered('pd'), 'pd');
	t.deepEqual(judgement.reasons, []);
	t.deepEqual([...new Set(judgement.proofs.map(({how}) => how))], ['handshake and restart']);
	t.true(judgement.proofs.every(({detail}) => detail.includes('no handshake tells two CA certificates of one key apart: made for the present bundle')));
});

test('where a port checks no clients, the restart alone speaks for the CA certificate', async t => {
	const judgement = loads(await answered('tidb', observation => {
		answer(observation, 'basic-tidb-0', 'control', 'accepted');
	}), 'tidb');
	t.true(judgement.holds);
	t.is(judgement.proofs.find(({pod}) => pod === 'basic-tidb-0')?.how, 'evidence by restart');
});

for (const [title, change] of Object.entries(contradictions)) {
	test(`a PD pod ${title} has not loaded the CA certificate of its Secret, whatever it accepts`, async t => {
		const judgement = loads(await answered('pd', observation => {
			change(observation, observation.pods.find(pod => pod.name === 'basic-pd-1')!);
		}), 'pd');
		t.false(judgement.holds);
		t.true(judgement.reasons.every(reason => reason.startsWith('basic-pd-1 port ')));
	});
}

for (const [present, verdict] of [['present', 'rejected'], ['control', 'unknown']] as const) {
	test(`where ${present} is ${verdict}, nothing is proved of the CA certificate`, async t => {
		const judgement = loads(await answered('pd', observation => {
			answer(observation, 'basic-pd-0', present, verdict);
		}), 'pd');
		t.false(judgement.holds);
	});
}

test('a TiProxy that has no port of this side is trusted by the evidence of its restart, and strict gates do not take that', async t => {
	const judgement = trusts(await answered('tiproxy-client'), 'tiproxy-client');
	t.deepEqual(judgement.reasons, []);
	t.deepEqual(judgement.proofs.map(({pod, port, how}) => [pod, port, how]), [['basic-tiproxy-0', undefined, 'evidence by restart'], ['basic-tiproxy-1', undefined, 'evidence by restart']]);
	const strict = trusts(await answered('tiproxy-client'), 'tiproxy-client', true);
	t.deepEqual(strict.reasons, ['basic-tiproxy-0', 'basic-tiproxy-1'].map(pod => `${pod}: it has no port to ask, and --strict-gates takes nothing less than a handshake`));
});

test('a TiProxy whose process outlived its pod is named', async t => {
	const {reasons} = trusts(await answered('tiproxy-client', observation => {
		observation.inside[0]!.processStarted! -= 3600;
	}), 'tiproxy-client');
	t.is(reasons.length, 1);
	t.regex(reasons[0]!, /^basic-tiproxy-0: it has no port to ask, and the evidence by restart fails: its process 1 runs since/v);
});
