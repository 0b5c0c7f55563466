import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {missingSecret} from '../../../src/observe/secrets.ts';
import type {Position} from '../../../src/plan/place.ts';
import type {Judged} from '../../../src/status/findings.ts';
import {positionInSecrets} from '../../../src/status/secrets-position.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf, type Pair} from '../../helpers/pki.ts';

const material = makeMaterial();
const [old, renewed, third] = [makeCa(), makeCa({begins: 0}), makeCa({begins: 0})];
/** Made anew for the old CA's key. */
const again = makeCa({begins: 0, key: old.key});

/** A CA that begins in the same second as the other ones that this makes. */
const makeTwin = (): Pair => makeCa({begins: (Date.parse('2026-01-01T00:00:00.500Z') - Date.now()) / 86_400_000});
const [twin, otherTwin] = [makeTwin(), makeTwin()];
const leaves = new Map([old, renewed, third, twin, otherTwin].map(ca => [ca, readCertificates(makeLeaf(ca).cert)]));

type Held = [signer: Pair, ...bundle: Pair[]];

/** What PD's, TiKV's, TiDB's and the client's Secret hold. */
const holding = (...held: Held[]): Judged => {
	const {secrets, now} = observationOf(material);
	for (const [index, secret] of Object.values(secrets).entries()) {
		const [signer, ...bundle] = held[index]!;
		Object.assign(secret, {leaf: leaves.get(signer), bundle: readCertificates(bundle.map(({cert}) => cert).join(''))});
	}

	return {cluster, secrets, now};
};

const each = (...held: Held): Judged => holding(held, held, held, held);

const rows: Array<[title: string, judged: Judged, expected: Position['name']]> = [
	['one CA, which signed every leaf', each(old, old), 'at rest'],
	['one CA, which signed no leaf', each(old, renewed), 'unclear'],
	['some trust both, all leaves are old', holding([old, renewed, old], [old, old], [old, old], [old, old]), 'trust'],
	['all trust both, all leaves are old', each(old, renewed, old), 'trust'],
	['all leaves are old, and one Secret trusts the new CA alone', holding([old, renewed], [old, renewed, old], [old, old], [old, old]), 'unclear'],
	['all trust both, some leaves are new', holding([renewed, renewed, old], [old, renewed, old], [old, renewed, old], [old, renewed, old]), 'reissue'],
	['not all trust both, some leaves are new', holding([renewed, renewed, old], [old, old], [old, renewed, old], [old, renewed, old]), 'unclear'],
	['all trust both, all leaves are new', each(renewed, renewed, old), 'old CA still trusted'],
	['the same, the old CA first in each bundle', each(renewed, old, renewed), 'old CA still trusted'],
	['some trust both, all leaves are new', holding([renewed, renewed], [renewed, renewed, old], [renewed, renewed, old], [renewed, renewed, old]), 'retire'],
	['all leaves are new, and one Secret trusts the old CA alone', holding([renewed, old], [renewed, renewed, old], [renewed, renewed, old], [renewed, renewed, old]), 'unclear'],
	['a leaf is of neither CA', holding([third, renewed, old], [old, renewed, old], [old, renewed, old], [old, renewed, old]), 'unclear'],
	['three CAs', each(old, third, renewed, old), 'unclear'],
	['a CA beside its successor for the same key', each(old, again, old), 'old CA still trusted'],
	['some trust a CA, some its successor for the same key', holding([old, again], [old, old], [old, old], [old, old]), 'CA renewal'],
	['two CAs of one second, the leaves of the bundle\'s first', each(twin, twin, otherTwin), 'old CA still trusted'],
	['two CAs of one second, the leaves of the bundle\'s last', each(otherTwin, twin, otherTwin), 'trust'],
];

for (const [title, judged, expected] of rows) {
	test(`${title}: ${expected}`, t => {
		t.is(positionInSecrets(judged).name, expected);
	});
}

test('where a Secret is missing it is unclear, and said how many lack', t => {
	const {secrets, ...rest} = each(old, old);
	const name = 'basic-pd-cluster-secret';
	const position = positionInSecrets({...rest, secrets: {...secrets, [name]: missingSecret(name)}});
	t.is(position.name, 'unclear');
	t.regex(position.why.join('\n'), /^1 of 4 Secrets lack/v);
});
