import test from 'ava';
import {setToml, tomlStrings} from '../../sandbox/kubelet/toml.ts';

test('a key of a section is replaced in its place, not said twice', t => {
	const text = 'lease = "45s"\n\n[security]\ncluster-ssl-ca = "/var/lib/tidb-tls/ca.crt"\ncluster-verify-cn = ["TiDB"]\n\n[status]\nreport-status = true\n';
	t.is(
		setToml(text, 'security', {'cluster-ssl-ca': '"/here/ca.crt"'}),
		'lease = "45s"\n\n[security]\ncluster-ssl-ca = "/here/ca.crt"\ncluster-verify-cn = ["TiDB"]\n\n[status]\nreport-status = true\n',
	);
});

test('a section that is missing is added at the end', t => {
	t.is(setToml('', 'security', {a: '1'}), '[security]\na = 1\n');
	t.is(setToml('[log]\nlevel = "info"\n', 'security', {a: '1'}), '[log]\nlevel = "info"\n[security]\na = 1\n');
});

test('keys without a section stand before the first one', t => {
	t.is(setToml('[log]\nlevel = "info"\n', '', {'temp-dir': '"/t"'}), 'temp-dir = "/t"\n[log]\nlevel = "info"\n');
	t.is(setToml('temp-dir = "/old"\n[log]\n', '', {'temp-dir': '"/t"'}), 'temp-dir = "/t"\n[log]\n');
});

test('the same key in another section stays', t => {
	t.is(setToml('[a]\nkey = 1\n[b]\nkey = 2\n', 'b', {key: '3'}), '[a]\nkey = 1\n[b]\nkey = 3\n');
});

test('the names of a setting are read from a list or a single string', t => {
	t.deepEqual(tomlStrings('[security]\ncluster-verify-cn = ["TiDB", \'root\']\n', 'cluster-verify-cn'), ['TiDB', 'root']);
	t.deepEqual(tomlStrings('[security]\ncert-allowed-cn = "TiDB"\n', 'cert-allowed-cn'), ['TiDB']);
	t.deepEqual(tomlStrings('[security]\n', 'cert-allowed-cn'), []);
	t.deepEqual(tomlStrings('# cert-allowed-cn = "TiDB"\n', 'cert-allowed-cn'), []);
});
