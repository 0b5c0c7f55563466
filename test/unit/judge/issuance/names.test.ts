import test from 'ava';
import {issuanceNames} from '../../../../src/judge/issuance/names.ts';
import type {Issuance} from '../../../../src/cluster/types.ts';
import {issuanceFor} from '../../../helpers/issuance.ts';
import {cluster, makeMaterial, observationOf} from '../../../helpers/observation.ts';

const material = makeMaterial();

/** What is found of a cluster of cert-manager's that has a Certificate of this name besides, by the same Issuer. */
const foundWith = (name: string): Issuance['others'] => {
	const observation = observationOf(material);
	const issuance = issuanceFor(observation);
	const [leaf] = issuance.certificates;
	const found = issuanceNames(cluster, {...observation, issuance: {...issuance, certificates: [...issuance.certificates, {...leaf!, name, secretName: name}]}});
	return found && 'issuance' in found ? found.issuance.others : [];
};

test('what the same Issuer signs besides goes through a new CA with the components', t => {
	t.deepEqual(foundWith('basic-tidb-server-secret'), [{certificate: 'basic-tidb-server-secret', secret: 'basic-tidb-server-secret'}]);
});

test('what a rehearsal left is none of it: it is thrown away before anything is written down', t => {
	t.deepEqual(foundWith('basic-rotation-rehearsal'), []);
	t.deepEqual(foundWith('basic-rotation-rehearsal-next'), []);
});
