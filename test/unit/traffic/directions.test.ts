import test from 'ava';
import {placesOf, routesAmong} from '../../traffic/directions.ts';

const sandbox = {
	cluster: 'basic', folderName: 'basic', namespace: 'tidb', network: 100, pd: 3, tikv: 3, tidb: 2, tiflash: 0, ticdc: 0, tiproxy: 0, pump: 0, tso: 0, scheduling: 0, 'dm-master': 0, 'dm-worker': 0,
};

const nameOf = (end: string | {pod: string}): string => typeof end === 'string' ? end : end.pod;

test('pods are called at their own address by the name that their peers use', t => {
	const places = placesOf(sandbox);
	t.is(places.length, 8);
	t.is(new Set(places.map(({address}) => address)).size, 8);
	t.is(places[0]!.servername, 'basic-pd-0.basic-pd-peer.tidb.svc');
});

test('every direction has each of its pairs, and its turn as often as any other', t => {
	const routes = routesAmong(placesOf(sandbox));
	const ways = Object.groupBy(routes, ({direction}) => direction);
	const counts = Object.fromEntries(Object.entries(ways).map(([way, own = []]) => [way, new Set(own.map(({from, to}) => `${nameOf(from)} ${to.pod}`)).size]));
	t.deepEqual(counts, {
		'pd → pd 2380': 6,
		'pd → pd 2379': 6,
		'client → pd 2379': 3,
		'tikv → pd 2379': 9,
		'tidb → pd 2379': 6,
		'pd → tikv 20160': 9,
		'tikv → tikv 20160': 6,
		'tidb → tikv 20160': 6,
		'client → tikv 20180': 3,
		'client → tidb 10080': 2,
		'tidb → tidb 10080': 2,
	});
	t.is(new Set(Object.values(ways).map(own => own?.length)).size, 1);
});

test('what a cluster has besides calls and is called as well', t => {
	const routes = routesAmong(placesOf({
		...sandbox, tiflash: 1, ticdc: 1, tiproxy: 1, pump: 1,
	}));
	for (const pod of ['basic-tiflash-0', 'basic-ticdc-0', 'basic-tiproxy-0', 'basic-pump-0']) {
		t.true(routes.some(({from}) => nameOf(from) === pod), `${pod} calls`);
		t.true(routes.some(({to}) => to.pod === pod), `${pod} is called`);
	}

	t.is(routes.find(({to}) => to.pod === 'basic-pump-0')!.to.servername, 'basic-pump-0.basic-pump.tidb.svc');
});

test('a cluster of one has no connections between its own kind', t => {
	const routes = routesAmong(placesOf({
		...sandbox, pd: 1, tikv: 1, tidb: 1,
	}));
	t.false(routes.some(({from, to}) => nameOf(from) === to.pod));
	t.true(routes.some(({direction}) => direction === 'client → pd 2379'));
});
