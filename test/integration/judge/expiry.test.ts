import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {
	datedOf,
	expiredUnused,
	outlivingProblems,
	timeProblems,
} from '../../../src/judge/expiry.ts';
import {heldBy, leavesOf} from '../../../src/judge/held.ts';
import {makeCa, makeLeaf} from '../../helpers/certificates.ts';
import {cluster, observationOf} from '../../helpers/observation.ts';

const past = {notBefore: '20200101000000Z', notAfter: '20210101000000Z'};
// It ends well after the leaf, whenever they are made.
const ca = makeCa({notAfter: '20990101000000Z'});
const leaf = makeLeaf(ca);
const expired = makeCa({privateKey: ca.key, ...past});

/** A cluster whose bundles hold these CAs. */
const seen = (...cas: string[]) => {
	const observation = observationOf({ca, leaves: Object.fromEntries(cluster.components.map(component => [component, leaf]))});
	for (const secret of Object.values(observation.secrets)) {
		secret.bundle = readCertificates(cas.join(''));
	}

	return {cluster, observation};
};

const expiredCodes = (...cas: string[]): string[] => {
	const {observation} = seen(...cas);
	return datedOf(heldBy({cluster, observation})).flatMap(dated => timeProblems(dated, observation.now, '').map(({code}) => `${dated.is} ${code}`));
};

test('a CA is judged once, however many leaves it signed', t => {
	t.deepEqual(expiredCodes(expired.cert), ['ca expired']);
});

test('of a CA that was made anew for its key only the later one counts, in either order', t => {
	for (const cas of [[expired.cert, ca.cert], [ca.cert, expired.cert]]) {
		const {observation} = seen(...cas);
		t.deepEqual(expiredCodes(...cas), []);
		t.deepEqual(outlivingProblems(leavesOf({cluster, observation}), cluster), []);
		t.deepEqual(expiredUnused(heldBy({cluster, observation}), observation.now), []);
	}
});

test('an expired CA counts where another Secret\'s bundle has nothing later of its key', t => {
	const {observation} = seen(ca.cert);
	const stranger = makeCa();
	Object.assign(observation.secrets['basic-tikv-cluster-secret']!, {leaf: readCertificates(makeLeaf(stranger).cert), bundle: readCertificates(stranger.cert + expired.cert)});
	const found = datedOf(heldBy({cluster, observation})).filter(dated => timeProblems(dated, observation.now, '').length > 0);
	t.deepEqual(found.map(({is, held}) => `${is} ${held.secret.name}`), ['ca basic-tikv-cluster-secret']);
});

test('an expired CA of the same subject that signed nothing is unused, and named with the first Secret that holds it', t => {
	const other = makeCa(past);
	t.deepEqual(expiredCodes(other.cert, ca.cert), []);
	const {observation} = seen(other.cert, ca.cert);
	t.deepEqual(expiredUnused(heldBy({cluster, observation}), observation.now).map(({secret}) => secret), ['basic-pd-cluster-secret']);
});
