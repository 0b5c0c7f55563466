import test from 'ava';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import {Stopped} from '../../../src/run/errors.ts';
import {
	checkUsage,
	goOnCommand,
	type RotateOptions,
	targetFor,
	targetOf,
} from '../../../src/run/rotate-options.ts';
import {probeWish} from '../../../src/run/probe/options.ts';
import {cluster} from '../../helpers/observation.ts';

const usual: RotateOptions = {cluster: 'basic', timeout: 1, minAge: 0};

test('--explain is text: with --output json it is wrong usage', t => {
	const error = t.throws(() => {
		checkUsage({
			...usual, dryRun: true, output: 'json', explain: true,
		});
	}, {instanceOf: Stopped, message: /--explain is for people/v});
	t.is(error.status, 2);
});

for (const output of ['text', 'json'] as const) {
	test(`--output ${output} without --dry-run is wrong usage, which says so`, t => {
		const error = t.throws(() => {
			checkUsage({...usual, output});
		}, {instanceOf: Stopped, message: /--output .* needs --dry-run/v});
		t.is(error.status, 2);
	});

	test(`--output ${output} goes with --dry-run`, t => {
		t.notThrows(() => {
			checkUsage({...usual, output, dryRun: true});
		});
	});
}

for (const [title, options, words] of [
	['--probe-interval without --probe', {probeInterval: 2000}, /needs --probe/v],
	['--probe-interval 0', {probe: true, probeInterval: 0}, /1s or more/v],
] as const) {
	test(`${title} is wrong usage, which says so`, t => {
		const error = t.throws(() => {
			checkUsage({...usual, ...options});
		}, {instanceOf: Stopped, message: words});
		t.is(error.status, 2);
	});
}

test('the probe connects once a second unless told otherwise', t => {
	t.is(probeWish(usual, {stops: true}), undefined);
	t.deepEqual(probeWish({...usual, probe: true}, {stops: true}), {interval: 1000, stops: true});
	t.deepEqual(probeWish({...usual, probe: true, probeInterval: 10_000}, {stops: false}), {interval: 10_000, stops: false});
});

test('the command that goes on probes as this one did', t => {
	t.is(goOnCommand({...usual, probe: true, probeInterval: 10_000}, cluster), 'npm run rotate -- --cluster basic --probe --probe-interval 10s --min-age 0s');
	t.false(goOnCommand(usual, cluster).includes('--probe'));
});

const refusals: Array<[title: string, options: Partial<RotateOptions>, status: number, words: RegExp]> = [
	['--renew-ca with --keep-ca', {renewCa: true, keepCa: true}, 2, /does not go with --keep-ca/v],
	['--renew-ca with --retire-old-ca', {renewCa: true, retireOldCa: true}, 2, /nothing else/v],
	['--renew-ca with --until reissue', {renewCa: true, until: 'reissue'}, 2, /nothing else/v],
	['--renew-ca with --strict-gates', {renewCa: true, strictGates: true}, 2, /no handshake tells two CA certificates of one key apart/v],
	['--renew-ca with --reason compromised', {renewCa: true, reason: 'compromised'}, 3, /counts as stolen: --renew-ca would give it a longer life/v],
	['--renew-ca with --reason policy', {renewCa: true, reason: 'policy'}, 3, /keeps the key, for where expiry/v],
	['--keep-ca with --reason compromised', {keepCa: true, reason: 'compromised'}, 3, /leaves its CA trusted/v],
	['--reason compromised without --retire-old-ca', {reason: 'compromised'}, 3, /the old CA has to go in the same run/v],
	['--reason compromised with --until reissue', {reason: 'compromised', until: 'reissue'}, 2, /--until stops before that/v],
];

for (const [title, options, status, words] of refusals) {
	test(`${title} ends with status ${status} and says why`, t => {
		const error = t.throws(() => {
			checkUsage({...usual, ...options});
		}, {instanceOf: Stopped, message: words});
		t.is(error.status, status);
	});
}

const inOneRun: Array<Partial<RotateOptions>> = [
	{renewCa: true},
	{renewCa: true, reason: 'expiry'},
	{retireOldCa: true, reason: 'compromised'},
	{reason: 'policy'},
	{asDocumented: true, reason: 'compromised'},
];

for (const options of inOneRun) {
	test(`${JSON.stringify(options)} goes together`, t => {
		t.notThrows(() => {
			checkUsage({...usual, ...options});
		});
	});
}

test('where cert-manager issues, --renew-ca is refused, and what cert-manager does by itself is said', t => {
	const options = {...usual, renewCa: true};
	const issued = {...cluster, issuance: documentedIssuance(cluster)};
	const error = t.throws(() => targetFor({options, target: targetOf(options, cluster)}, issued), {instanceOf: Stopped, message: /has the key of their CA/v});
	t.is(error.status, 3);
	t.regex(error.hints.join(' '), /rotationPolicy: Never/v);
});

test('the command that goes on names the way and the reason', t => {
	t.regex(goOnCommand({...usual, renewCa: true, reason: 'expiry'}, cluster), /--renew-ca --reason expiry/v);
});

test('--components takes those of the side that is meant, and no others', t => {
	const check = (options: Partial<RotateOptions>) => () => {
		checkUsage({...usual, keepCa: true, ...options});
	};

	t.notThrows(check({components: ['pd', 'client']}));
	t.notThrows(check({components: ['tidb-server'], mysql: true}));
	t.throws(check({components: ['tidb-server']}), {instanceOf: Stopped, message: /tidb-server is no component/v});
	t.throws(check({components: ['pd'], mysql: true}), {instanceOf: Stopped, message: /pd is no component/v});
});

test('--reload and its account belong to the MySQL side, and --reload needs an account', t => {
	const check = (options: Partial<RotateOptions>) => () => {
		checkUsage({...usual, ...options});
	};

	t.notThrows(check({mysql: true, reload: true, mysqlUser: 'root'}));
	t.notThrows(check({mysql: true, mysqlUser: 'root', mysqlPasswordFile: 'password'}));
	t.throws(check({reload: true, mysqlUser: 'root'}), {instanceOf: Stopped, message: /they need --mysql$/v});
	t.throws(check({mysqlUser: 'root'}), {instanceOf: Stopped, message: /they need --mysql$/v});
	t.throws(check({mysql: true, reload: true}), {instanceOf: Stopped, message: /it needs --mysql-user$/v});
	t.throws(check({mysql: true, mysqlPasswordFile: 'password'}), {instanceOf: Stopped, message: /needs --mysql-user$/v});
});

test('the command that goes on names the account, and no password', t => {
	const words = goOnCommand({
		...usual, mysql: true, reload: true, mysqlUser: 'ro ot', mysqlPasswordFile: 'pass word',
	}, cluster);
	t.regex(words, /--mysql --reload --mysql-user 'ro ot' --mysql-password-file 'pass word'/v);
});

test('several clusters are for a new CA, and for nothing that one of them may have by itself', t => {
	const check = (options: Partial<RotateOptions>) => () => {
		checkUsage({...usual, with: ['second'], ...options});
	};

	t.notThrows(check({}));
	t.notThrows(check({retireOldCa: true}));
	for (const options of [{keepCa: true}, {renewCa: true}, {new: true}, {keepCa: true, components: ['pd']}]) {
		t.throws(check(options), {instanceOf: Stopped, message: /name one at a time$/v});
	}
});

test('the command that goes on names every cluster, as it was named', t => {
	const together = [{
		name: 'basic', namespace: 'tidb', uid: '1', word: 'basic',
	}, {
		name: 'other', namespace: 'tidb-other', uid: '2', word: 'tidb-other/other',
	}];
	t.regex(goOnCommand({...usual, with: ['tidb-other/other']}, {...cluster, together}), /^npm run rotate -- --cluster basic --cluster tidb-other\/other/v);
});
