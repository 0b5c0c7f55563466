import test from 'ava';
import {outcomeOf} from '../../traffic/outcome.ts';

test('what the network does is not blamed on certificates', t => {
	t.is(outcomeOf('ECONNREFUSED'), 'refused');
	t.is(outcomeOf('ECONNRESET'), 'cut');
	t.is(outcomeOf('EPIPE'), 'cut');
	t.is(outcomeOf('ETIMEDOUT'), 'timeout');
});

for (const code of [
	'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
	'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
	'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
	'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'CERT_SIGNATURE_FAILURE',
	'CERT_HAS_EXPIRED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'a code that nobody has seen yet',
]) {
	test(`${code} counts as an error of certificates`, t => {
		t.is(outcomeOf(code), 'certificate');
	});
}
