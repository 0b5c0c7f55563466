import test from 'ava';
import {accountOf} from '../../../src/observe/accounts.ts';

const row = (privileges: unknown, user = 'app', host = '%') => accountOf({User: user, Host: host, Priv: typeof privileges === 'string' ? privileges : JSON.stringify(privileges)});

// As TiDB v8.5 has them in mysql.global_priv.
test('an account with REQUIRE X509 needs a certificate', t => {
	t.deepEqual(row({ssl_type: 2}), {name: 'app@%', requires: 'X509'});
});

test('what its certificate must be is told in the words of CREATE USER', t => {
	t.is(row({ssl_type: 3, x509_issuer: '/CN=TiDB Server CA', x509_subject: '/CN=x'})?.requires, 'ISSUER \'/CN=TiDB Server CA\' SUBJECT \'/CN=x\'');
	t.is(row({ssl_type: 3, san: 'DNS:x'})?.requires, 'SAN \'DNS:x\'');
});

test('an account without REQUIRE, or with REQUIRE NONE or SSL, needs none', t => {
	t.deepEqual([row({}), row(''), row({ssl_type: 0}), row({ssl_type: 1}), row({ssl_type: -1})], [undefined, undefined, undefined, undefined, undefined]);
});
