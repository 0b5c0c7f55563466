import test from 'ava';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import type {IssuanceFacts} from '../../../src/observe/issuance-types.ts';
import {certificatesAgain} from '../../../src/plan/foreign.ts';
import {takeAway} from '../../../src/run/take-away.ts';
import {issuanceFor} from '../../helpers/issuance.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';

const issued = {...cluster, issuance: documentedIssuance(cluster)};
const pd = 'basic-pd-cluster-secret';
const rest = observationOf(makeMaterial());
const all = issuanceFor(rest);

/** What is there again, where these Certificates were there before and these are now. */
const again = (before: string[], now: string[]): string[] => {
	const [one, other] = [before, now].map(names => ({...rest, issuance: {...all, certificates: all.certificates.filter(({name}) => names.includes(name))} satisfies IssuanceFacts}));
	return certificatesAgain(one!, other!, issued);
};

test('a Certificate that was put aside and is there is there again', t => {
	t.deepEqual(again([], [pd]), [pd]);
});

test('one that was there, or has gone, is not', t => {
	t.deepEqual(again([pd], [pd]), []);
	t.deepEqual(again([pd], []), []);
});

test('where cfssl makes the certificates, none is', t => {
	t.deepEqual(certificatesAgain(rest, {...rest, issuance: all}, cluster), []);
});

test('it is put aside again by a command', t => {
	t.true(takeAway(issued, [pd, 'basic-ca']).endsWith(`: kubectl delete certificate ${pd} basic-ca -n ${cluster.namespace}`));
});
