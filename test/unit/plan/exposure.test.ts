import test from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import type {Observation} from '../../../src/observe/types.ts';
import {type Exposure, exposureOf} from '../../../src/plan/exposure.ts';
import {makePlan} from '../../../src/plan/make.ts';
import type {Reason} from '../../../src/plan/types.ts';
import {exposureText, keysLeft} from '../../../src/render/exposure.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const material = makeMaterial();
const {ca} = material;

const exposed = (change?: (observation: Observation) => void, reason: Reason = 'compromised'): Exposure | undefined => {
	const observation = observationOf(material);
	change?.(observation);
	const plan = makePlan({
		cluster,
		target: {
			route: 'new-ca', retire: true, leaves: cluster.components, strict: false, reason,
		},
		observation,
		changed: {},
		cure: false,
	});
	return exposureOf(plan, observation);
};

const backup = (leaf: string): Observation['folder']['backups'][number] => ({
	name: '20260101T000000Z', certificates: {'pd-server.pem': readCertificates(leaf)}, keys: {'ca-key.pem': readKey(ca.key)}, requests: [],
});

test('each certificate of the CA is told once, with every place that holds it', t => {
	const {cas, leaves} = exposed()!;
	t.is(cas.length, 1);
	t.is(leaves.length, cluster.components.length);
	t.deepEqual(leaves[0]!.places, ['Secret/tidb/basic-pd-cluster-secret', 'clusters/basic/pd-server.pem']);
});

test('earlier ones in the backups and those of others count, while they are valid and of that CA', t => {
	const [earlier, others, ended, stranger] = [makeLeaf(ca), makeLeaf(ca), makeLeaf(ca, {ends: -1}), makeLeaf(makeCa())];
	const {leaves} = exposed(observation => {
		observation.folder.backups = [backup(earlier.cert)];
		observation.consumers!.found = [{
			kind: 'Secret', namespace: 'monitoring', name: 'client', keys: ['tls.crt'], cas: [], leaves: [others, ended, stranger].flatMap(({cert}) => readCertificates(cert).certificates),
		}];
	})!;
	const places = leaves.flatMap(one => one.places);
	t.true(places.includes('clusters/basic/backups/20260101T000000Z/pd-server.pem'));
	t.is(places.filter(place => place === 'Secret/monitoring/client').length, 1);
	t.is(leaves.length, cluster.components.length + 2);
});

test('copies of the key are named in the folder and in the backups, whatever their file is called', t => {
	const {keys} = exposed(observation => {
		observation.folder.backups = [backup(makeLeaf(ca).cert)];
		observation.folder.keys['old-ca-key.pem'] = readKey(ca.key);
	})!;
	t.deepEqual(keys, ['clusters/basic/ca-key.pem', 'clusters/basic/old-ca-key.pem', 'clusters/basic/backups/20260101T000000Z/ca-key.pem']);
});

test('in the middle of a rotation it is about the CA that goes, and says what to do where it is the other\'s key', t => {
	const renewed = makeCa();
	const found = exposed(({folder}) => {
		folder.certificates['ca.old.pem'] = readCertificates(ca.cert);
		folder.certificates['ca.new.pem'] = readCertificates(renewed.cert);
	})!;
	t.regex(exposureText(found), /^If it is the key of the CA that stays, .* add --new\.$/mv);
	t.deepEqual(found.cas.map(({fingerprint}) => fingerprint), readCertificates(ca.cert).certificates.map(({fingerprint}) => fingerprint));
});

test('for another reason nothing is told', t => {
	t.is(exposed(undefined, 'expiry'), undefined);
});

test('a person reads what cannot be seen, too, and no key', t => {
	const found = exposed()!;
	const text = exposureText(found);
	t.regex(text, /counts as stolen\.$/mv);
	t.regex(text, /what it has signed elsewhere cannot be seen from here/v);
	t.regex(text, /Copies of the key lie here: clusters\/basic\/ca-key\.pem$/v);
	t.false(`${text}${keysLeft(found).join('')}`.includes('PRIVATE'));
});

test('what is left to remove afterwards are copies that the run does not take away, and never the key of the new CA', t => {
	const [words] = keysLeft(exposed(observation => {
		observation.folder.backups = [backup(makeLeaf(ca).cert)];
		observation.folder.keys['old-ca-key.pem'] = readKey(ca.key);
	})!);
	t.regex(words!, /^The stolen key lies in the backup that this run made, clusters\/basic\/old-ca-key\.pem, clusters\/basic\/backups\/20260101T000000Z\/ca-key\.pem\. /v);
});
