import test from 'ava';
import type {Target} from '../../../src/plan/types.ts';
import {secretChanges} from '../../../src/render/secret-changes.ts';
import type {SecretChange} from '../../../src/render/dry-run-schema.ts';
import {findKey, keyWindows} from '../../cluster/helpers/key-windows.ts';
import {
	type Foreseen,
	foresee,
	targets,
	takeUpTo,
} from '../../helpers/foresee.ts';
import {makeMaterial} from '../../helpers/observation.ts';
import {makeLeaf} from '../../helpers/pki.ts';
import {type Generation, Simulation} from '../../helpers/simulate.ts';

const present: Generation = makeMaterial();
const next: Generation = makeMaterial();

const changesOf = ({plan, before, after}: Foreseen): SecretChange[] => secretChanges(plan, before, after);

/** What would change in the Secret of PD. */
const ofPd = (foreseen: Foreseen): SecretChange => changesOf(foreseen).find(({component}) => component === 'pd')!;

const run = (target: Target, renewed = next): Foreseen => foresee(new Simulation(present, renewed), target);

const fingerprints = (certificates: Array<{fingerprint: string}>): string[] => certificates.map(({fingerprint}) => fingerprint);

test('a rotation gives each Secret both CAs, a new leaf and its key', t => {
	const foreseen = run(targets.plain);
	const {before, after} = foreseen;
	const changes = changesOf(foreseen);
	t.deepEqual(changes.map(({name}) => name), Object.keys(before.secrets));
	for (const {name, component, ...change} of changes) {
		const old = before.secrets[name]!;
		const file = component === 'client' ? 'client' : `${component}-server`;
		t.deepEqual(fingerprints(change['ca.crt'].old), fingerprints(old.bundle.certificates));
		t.deepEqual(fingerprints(change['ca.crt'].new), fingerprints(after.certificates['ca.pem']!.certificates));
		t.is(change['ca.crt'].new.length, 2);
		t.deepEqual(fingerprints(change['tls.crt'].old), fingerprints(old.leaf.certificates));
		t.deepEqual(fingerprints(change['tls.crt'].new), fingerprints(after.certificates[`${file}.pem`]!.certificates));
		t.is(change['tls.key'].new?.publicKey, after.keys[`${file}-key.pem`]!.publicKey);
		t.deepEqual([change['ca.crt'].changed, change['tls.crt'].changed, change['tls.key'].changed], [true, true, true]);
	}
});

test('the new leaf names the new CA as its issuer', t => {
	const {'ca.crt': ca, 'tls.crt': leaf} = ofPd(run(targets.plain));
	t.is(leaf.old[0]?.issuerKeyId, ca.old[0]?.keyId);
	t.is(leaf.new[0]?.issuerKeyId, ca.new[0]?.keyId);
});

test('after retire the new CA stands alone', t => {
	const {'ca.crt': ca} = ofPd(run(targets.retire));
	t.is(ca.new.length, 1);
	t.notDeepEqual(fingerprints(ca.new), fingerprints(ca.old));
});

test('leaves that are renewed under the present CA leave ca.crt as it is', t => {
	const renewed: Generation = {ca: present.ca, leaves: {...present.leaves, pd: makeLeaf(present.ca)}};
	const {'ca.crt': ca, 'tls.crt': leaf} = ofPd(run(targets.keepCa, renewed));
	t.false(ca.changed);
	t.true(leaf.changed);
});

test('a Secret that the plan does not write does not change', t => {
	const foreseen = run({...targets.keepCa, leaves: ['pd']});
	const changed = changesOf(foreseen).filter(change => change['tls.crt'].changed || change['tls.key'].changed || change['ca.crt'].changed);
	t.deepEqual(changed.map(({component}) => component), ['pd']);
});

test('only what is made for the dry run is an example', t => {
	const simulation = new Simulation(present, next);
	takeUpTo(simulation, targets.plain, 'trust.apply');
	const {'ca.crt': ca, 'tls.crt': leaf} = ofPd(foresee(simulation, targets.plain));
	t.deepEqual([...ca.old, ...ca.new, ...leaf.old].map(({example}) => example), [false, false, false, false, false]);
	t.deepEqual(leaf.new.map(({example}) => example), [true]);
});

test('leaves that an earlier run signed are what will be written, and no examples', t => {
	const simulation = new Simulation(present, next);
	takeUpTo(simulation, targets.plain, 'reissue.sign');
	const {'tls.crt': leaf} = ofPd(foresee(simulation, targets.plain));
	t.true(leaf.changed);
	t.false(leaf.new[0]?.example);
});

test('leaves of a backup are what a way back will write, and no examples', t => {
	const {plan, before, after, folders} = run(targets.plain);
	const backup = {
		name: '20260101T000000Z', certificates: after.certificates, keys: {}, requests: [],
	};
	const {'tls.crt': leaf} = ofPd({
		plan, before: {...before, folder: {...before.folder, backups: [backup]}}, after, folders,
	});
	t.true(leaf.changed);
	t.false(leaf.new[0]?.example);
});

test('SANs that are gained and lost are named, whatever their case', t => {
	const withSans = (...sans: string[]): Generation => ({ca: present.ca, leaves: {...present.leaves, pd: makeLeaf(present.ca, {sans})}});
	const simulation = new Simulation(withSans('a.example', 'B.example', '10.0.0.1'), withSans('b.example', 'c.example', '10.0.0.1'));
	const {'tls.crt': leaf} = ofPd(foresee(simulation, targets.keepCa));
	t.deepEqual(leaf.sansGained, ['c.example']);
	t.deepEqual(leaf.sansLost, ['a.example']);
});

test('a Secret that is not there has nothing old', t => {
	const foreseen = run(targets.plain);
	foreseen.before.secrets['basic-pd-cluster-secret']!.exists = false;
	const change = ofPd(foreseen);
	t.false(change.exists);
	t.deepEqual([change['ca.crt'].old, change['tls.crt'].old, change['tls.key'].old], [[], [], null]);
});

test('no key is in it, in any form', t => {
	const text = JSON.stringify(changesOf(run(targets.plain)));
	const keys = [present, next].flatMap(({ca, leaves}) => [ca, ...Object.values(leaves)]).map(({key}) => key);
	t.is(findKey(text, keyWindows(keys)), undefined);
});
