import test from 'ava';
import {checkCaConfig, profileLife, profileUsages} from '../../../src/cluster/ca-config.ts';
import {render} from '../../../src/cluster/templates.ts';

type Profile = Record<string, unknown>;
type Config = {signing: {default?: Profile; profiles: Record<string, Profile>}} & Profile;

const changed = (change: (config: Config) => void): unknown => {
	const config = JSON.parse(render('ca-config', {name: 'basic', namespace: 'tidb'})) as Config;
	change(config);
	return config;
};

const found = (change: (config: Config) => void): Array<[string, string | undefined]> =>
	checkCaConfig(changed(change), ['internal', 'client']).map(({code, fix}) => [code, fix]);

const codes = (change: (config: Config) => void): string[] => found(change).map(([code]) => code);

test('the template has no problem', t => {
	t.deepEqual(found(() => undefined), []);
});

test('a misspelt expiry is found, with what was meant, and that there is none', t => {
	const problems = found(({signing}) => {
		signing.profiles.internal = {expirey: '8760h', usages: signing.profiles.internal!.usages};
	});
	t.deepEqual(problems.map(([code]) => code), ['unknown-key', 'no-expiry']);
	t.is(problems[0]![1], 'did you mean "expiry"?');
});

test('a profile that is not there is found: cfssl would take the default', t => {
	const [problem] = found(({signing}) => {
		signing.profiles = {internl: signing.profiles.internal!, client: signing.profiles.client!};
	});
	t.deepEqual(problem, ['no-profile', 'it has "internl": was that meant?']);
});

test('an expiry in days is no duration of Go', t => {
	t.deepEqual(codes(({signing}) => {
		signing.profiles.client!.expiry = '365d';
	}), ['bad-expiry']);
});

test('a certificate that would have expired when it is made is found', t => {
	t.deepEqual(codes(({signing}) => {
		signing.profiles.client!.expiry = '4m';
	}), ['born-expired']);
	t.deepEqual(codes(({signing}) => {
		signing.profiles.client!.backdate = '8760h';
	}), ['born-expired']);
});

test('a usage that cfssl does not know is found, and the one that is missing by it', t => {
	t.deepEqual(found(({signing}) => {
		signing.profiles.client!.usages = ['signing', 'clientauth'];
	}), [['unknown-usage', 'did you mean "client auth"?'], ['no-usage', 'add "client auth" to its usages']]);
});

test('a profile that makes CAs or signs elsewhere is refused', t => {
	t.deepEqual(codes(({signing}) => {
		signing.profiles.client!.ca_constraint = {is_ca: true};
	}), ['profile-ca']);
	t.deepEqual(codes(({signing}) => {
		signing.profiles.client!.remote = 'other';
	}), ['profile-remote']);
});

test('keys are read without regard to case, as Go reads them', t => {
	t.deepEqual(codes(({signing}) => {
		const {expiry, usages} = signing.profiles.client!;
		signing.profiles.client = {Expiry: expiry, USAGES: usages};
	}), []);
});

test('values of the wrong type are found with their place', t => {
	t.deepEqual(checkCaConfig([], ['client']).map(({what}) => what), ['ca-config.json: Invalid input: expected object, received array']);
	const [problem] = checkCaConfig(changed(({signing}) => {
		signing.profiles.client!.expiry = 8760;
	}), ['client']);
	t.is(problem!.what, 'ca-config.json: signing.profiles.client.expiry: Invalid input: expected string, received number');
});

test('the life of a profile\'s leaves begins five minutes before they are made', t => {
	t.is(profileLife(changed(() => undefined), 'client'), (8760 * 3_600_000) - 300_000);
	t.is(profileLife({}, 'client'), undefined);
	t.deepEqual(profileUsages(changed(() => undefined), 'client'), ['signing', 'key encipherment', 'client auth']);
});
