import test from 'ava';
import fc from 'fast-check';
import {controlPlaneAddress, ordinalOf, podAddress} from '../../sandbox/address.ts';

const place = {
	network: 100, namespace: 'tidb', set: 'basic-pd', ordinal: 0,
};

test('a pod\'s address is a function of its place', t => {
	t.is(podAddress(place), podAddress({...place}));
	t.regex(podAddress(place), /^127\.100\./v);
	t.regex(podAddress({...place, network: 101}), /^127\.101\./v);
});

test('the pods of a StatefulSet have addresses of their own', t => {
	const addresses = Array.from({length: 64}, (_, ordinal) => podAddress({...place, ordinal}));
	t.is(new Set(addresses).size, 64);
});

test('the sets of one cluster do not meet', t => {
	const sets = ['pd', 'tikv', 'tidb', 'tiflash', 'ticdc', 'tiproxy', 'pump'].map(component => podAddress({...place, set: `basic-${component}`}));
	t.is(new Set(sets).size, sets.length);
});

test('every address is one of the network, and none is the control plane\'s', t => {
	const places = fc.record({
		network: fc.integer({min: 100, max: 199}), namespace: fc.string({minLength: 1}), set: fc.string({minLength: 1}), ordinal: fc.integer({min: 0, max: 63}),
	});
	t.notThrows(() => {
		fc.assert(fc.property(places, one => {
			const address = podAddress(one);
			const [first, second, third, fourth] = address.split('.', 4).map(Number);
			return first === 127 && second === one.network && third! < 256 && fourth! < 256 && (third! * 256) + fourth! >= 64 && address !== controlPlaneAddress(one.network);
		}));
	});
});

test('an ordinal that has no address is refused', t => {
	t.throws(() => podAddress({...place, ordinal: 64}), {instanceOf: RangeError, message: 'ordinal 64 of tidb/basic-pd: the sandbox has addresses for 0 to 63'});
	t.throws(() => podAddress({...place, ordinal: -1}), {instanceOf: RangeError});
});

test('a StatefulSet\'s pod is told by its name', t => {
	t.like(ordinalOf('basic-pd-12'), {set: 'basic-pd', ordinal: 12});
	t.is(ordinalOf('basic-discovery-7f9c8d-x2kjp'), undefined);
});
