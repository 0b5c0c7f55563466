import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {knownCas, openCollection} from '../../../src/observe/consumers.ts';
import {
	between,
	newCa,
	oldCa,
	pairs,
	strange,
} from '../../helpers/consumers.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const base64 = (pem: string): string => pem.replaceAll(/-----[^\-]+-----|\s/gv, '');
const cas = readCertificates(`${oldCa.cert}${newCa.cert}`).certificates;

test('of all certificates those are kept that are a CA of the cluster or signed by one, by the object that holds them', t => {
	const {take, found} = openCollection(cas);
	take('ConfigMap/apps/tidb ca.pem', base64(newCa.cert));
	take('Secret/monitoring/b ca.crt', base64(oldCa.cert));
	take('Secret/monitoring/b tls.crt', base64(pairs.old.cert));
	take('Secret/monitoring/b again.crt', base64(pairs.old.cert));
	take('Secret/apps/a ca.crt', base64(strange.cert));
	take('Secret/apps/a tls.crt', base64(makeLeaf(strange).cert));
	take('Secret/apps/c tls.crt', base64(pairs.new.cert));
	t.deepEqual(found().map(({kind, namespace, name, keys, cas: trusted, leaves}) => [kind, namespace, name, keys, trusted.length, leaves.length]), [
		['Secret', 'apps', 'c', ['tls.crt'], 0, 1],
		['Secret', 'monitoring', 'b', ['ca.crt', 'tls.crt', 'again.crt'], 1, 1],
		['ConfigMap', 'apps', 'tidb', ['ca.pem'], 1, 0],
	]);
});

test('what is no certificate in spite of its label is passed over', t => {
	const {take, found} = openCollection(cas);
	take('Secret/apps/a tls.crt', 'AAAA');
	take('Secret/apps/b tls.crt', '');
	t.deepEqual(found(), []);
});

test('CAs from before are known by the backups', t => {
	const observation = between([], {isOpen: false});
	observation.folder.backups = [{
		name: '20260101T000000Z', certificates: {'ca.pem': readCertificates(strange.cert)}, keys: {}, requests: [],
	}];
	t.deepEqual(new Set(knownCas(observation).map(({pem}) => pem)), new Set([oldCa.cert, strange.cert]));
});

test('another certificate of a CA of the cluster, which no backup has, counts as that CA', t => {
	const {take, found} = openCollection(cas);
	take('Secret/apps/a ca.crt', base64(makeCa({key: oldCa.key, ends: 100}).cert));
	t.deepEqual(found().map(({cas: trusted, leaves}) => [trusted.length, leaves.length]), [[1, 0]]);
});
