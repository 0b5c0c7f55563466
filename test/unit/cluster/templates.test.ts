import test from 'ava';
import {checkCaConfig} from '../../../src/cluster/ca-config.ts';
import {checkCaRequest, checkRequest} from '../../../src/cluster/check-request.ts';
import {documentOrder} from '../../../src/cluster/components.ts';
import {render, templateFile} from '../../../src/cluster/templates.ts';

const cluster = {name: 'basic', namespace: 'shop'};
const parse = (name: Parameters<typeof render>[0]) => JSON.parse(render(name, cluster)) as {CN: string; hosts: string[]; key: unknown};

test('PD\'s hosts are the documents\', in their order', t => {
	t.deepEqual(parse('pd').hosts, [
		'127.0.0.1',
		'::1',
		'basic-pd',
		'basic-pd.shop',
		'basic-pd.shop.svc',
		'basic-pd-peer',
		'basic-pd-peer.shop',
		'basic-pd-peer.shop.svc',
		'*.basic-pd-peer',
		'*.basic-pd-peer.shop',
		'*.basic-pd-peer.shop.svc',
	]);
});

test('where PD has microservices, its certificate has their names, by the same forms', t => {
	const {hosts} = JSON.parse(render('pd', {...cluster, guests: ['tso', 'tiproxy-client']})) as {hosts: string[]};
	const own = parse('pd').hosts;
	t.deepEqual(hosts, [...own, ...own.slice(2).map(host => host.replace('basic-pd', 'basic-tso'))]);
	t.deepEqual(JSON.parse(render('tikv', {...cluster, guests: ['tso']})), parse('tikv'));
});

test('Pump has the names of its one Service, the client none', t => {
	t.deepEqual(parse('pump').hosts, ['127.0.0.1', '::1', '*.basic-pump', '*.basic-pump.shop', '*.basic-pump.shop.svc']);
	t.deepEqual(parse('client').hosts, []);
});

test('every request has the CN that TiDB checks and the key that cfssl prints', t => {
	for (const component of documentOrder) {
		t.like(parse(component), {CN: 'TiDB', key: {algo: 'ecdsa', size: 256}});
	}
});

test('every template passes the checks', t => {
	for (const component of documentOrder) {
		t.deepEqual(checkRequest(templateFile(component), parse(component)), []);
	}

	t.deepEqual(checkCaRequest(parse('ca-csr')), []);
	t.deepEqual(checkCaConfig(parse('ca-config'), ['internal', 'client']), []);
});

test('nothing is left to be filled in', t => {
	for (const name of [...documentOrder, 'ca-config', 'ca-csr'] as const) {
		t.notRegex(render(name, cluster), /\$\{/v);
	}
});

test('files are named as in the documents', t => {
	t.deepEqual((['tidb', 'client', 'ca-config', 'ca-csr'] as const).map(name => templateFile(name)), ['tidb-server.json', 'client.json', 'ca-config.json', 'ca-csr.json']);
});

const ofMysql = (name: Parameters<typeof render>[0]) => JSON.parse(render(name, {...cluster, side: 'mysql'})) as {CN: string; hosts: string[]};

test('the MySQL side\'s server has the names of TiDB\'s Services and of their pods, the documents\' CN, and a profile of its own', t => {
	const {CN, hosts} = ofMysql('tidb-server');
	t.is(CN, 'TiDB Server');
	t.deepEqual(hosts, [
		'127.0.0.1',
		'::1',
		'basic-tidb',
		'basic-tidb.shop',
		'basic-tidb.shop.svc',
		'*.basic-tidb',
		'*.basic-tidb.shop',
		'*.basic-tidb.shop.svc',
		'*.basic-tidb-peer',
		'*.basic-tidb-peer.shop',
		'*.basic-tidb-peer.shop.svc',
	]);
	t.deepEqual(checkCaConfig(ofMysql('ca-config'), ['server', 'client']), []);
	t.deepEqual(checkCaRequest(ofMysql('ca-csr')), []);
	t.deepEqual(checkRequest('client.json', ofMysql('tidb-client')), []);
});

test('with a cluster domain, every name that ends in .svc is there with the domain too, after the documents\' own', t => {
	const text = render('pd', {...cluster, domain: 'cluster.local'});
	const {hosts, ...rest} = JSON.parse(text) as {hosts: string[]};
	const {hosts: own, ...usual} = parse('pd');
	t.deepEqual(hosts, [...own, 'basic-pd.shop.svc.cluster.local', 'basic-pd-peer.shop.svc.cluster.local', '*.basic-pd-peer.shop.svc.cluster.local']);
	t.deepEqual(rest, usual);
	t.is(text.split('\n', 2)[1], render('pd', cluster).split('\n', 2)[1], 'it is indented as the templates are');
});

test('what has no host names does not change with a cluster domain', t => {
	for (const name of ['client', 'ca-csr', 'ca-config'] as const) {
		t.is(render(name, {...cluster, domain: 'cluster.local'}), render(name, cluster));
	}
});
