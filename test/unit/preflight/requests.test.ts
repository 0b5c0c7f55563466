import test from 'ava';
import {mergeSans} from '../../../src/cluster/requests.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {requestProblems} from '../../../src/run/preflight/requests.ts';
import {healthy} from '../../helpers/observation.ts';

type Json = {hosts: string[]; CA: {expiry?: string}; signing: {profiles: Record<string, {expiry: string; usages: string[]}>}};

const value = ({observation}: Facts, file: string): Json => observation.folder.requests[file]!.value as Json;

const problems = (change: (facts: Facts) => void): Array<[string, string]> => requestProblems(healthy(change)).map(({code, what}) => [code, what]);

test('the documents\' requests lose nothing of leaves made by them', t => {
	t.deepEqual(problems(() => undefined), []);
});

test('a request that lacks a SAN of the live leaf is refused, naming both', t => {
	t.deepEqual(problems(facts => {
		value(facts, 'tidb-server.json').hosts.pop();
	}), [['lost', 'tidb-server.json: a certificate made by it would lack what the live one has: SAN *.basic-tidb-peer.tidb.svc']]);
});

test('what the plan writes before it signs counts instead of the folder\'s file', t => {
	t.deepEqual(problems(facts => {
		const request = value(facts, 'tidb-server.json');
		request.hosts = ['localhost'];
		facts.texts['tidb-server.json'] = mergeSans(request, facts.observation.secrets['basic-tidb-cluster-secret']!.leaf.certificates[0]!);
	}), []);
});

test('a request that is not used for these leaves is not judged', t => {
	t.deepEqual(problems(facts => {
		facts.target.route = 'keep-ca';
		facts.target.leaves = ['pd'];
		value(facts, 'tidb-server.json').hosts = [];
		delete value(facts, 'ca-csr.json').CA.expiry;
	}), []);
});

test('a file that is no JSON is named with the reason', t => {
	const [[code, what] = []] = problems(({observation}) => {
		observation.folder.requests['pd-server.json'] = {problem: 'Unexpected end of JSON input'};
	});
	t.is(code, 'bad-json');
	t.is(what, 'clusters/basic/pd-server.json is no JSON: Unexpected end of JSON input');
});

test('a file that is missing is made by the plan', t => {
	t.deepEqual(problems(({observation}) => {
		delete observation.folder.requests['pd-server.json'];
	}), []);
});

test('a profile that lacks a usage of the live leaf is refused', t => {
	const found = problems(facts => {
		value(facts, 'ca-config.json').signing.profiles.internal!.usages = ['signing', 'server auth'];
	});
	t.deepEqual([...new Set(found.map(([code]) => code))], ['no-usage', 'lost']);
});

test('leaves that would outlive their CA are refused', t => {
	t.deepEqual(problems(facts => {
		value(facts, 'ca-csr.json').CA.expiry = '720h';
	}).map(([code]) => code), ['outlives', 'outlives']);
	const [problem] = requestProblems(healthy(facts => {
		facts.target.route = 'keep-ca';
		facts.observation.now = Date.parse(facts.observation.folder.certificates['ca.pem']!.certificates[0]!.notAfter) - 86_400_000;
	}));
	t.is(problem!.code, 'outlives');
	t.regex(problem!.fix!, /without --keep-ca/v);
});

test('leaves that would expire before the rotation may have ended are refused', t => {
	t.deepEqual(problems(facts => {
		value(facts, 'ca-config.json').signing.profiles.client!.expiry = '30m';
	}).map(([code]) => code), ['expires-soon']);
});
