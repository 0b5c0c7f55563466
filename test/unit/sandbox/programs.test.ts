import test from 'ava';
import {builds, requiredVersion} from '../../sandbox/modules.ts';
import {parseVersion} from '../../sandbox/programs.ts';

test('a version is read from what each program says', t => {
	t.deepEqual(parseVersion('etcd Version: 3.7.0\nGit SHA: Not provided'), [3, 7]);
	t.deepEqual(parseVersion('Kubernetes v1.37.2'), [1, 37]);
	t.deepEqual(parseVersion('Client Version: v1.32.4-dispatcher'), [1, 32]);
	t.deepEqual(parseVersion('--acme-http01-solver-image string  (default "quay.io/jetstack/cert-manager-acmesolver:v1.11.5")\n--dns01-recursive-nameservers strings  "8.8.8.8:53"'), [1, 11]);
	t.is(parseVersion('Version: dev\n'), undefined);
});

test('every program\'s module names the version that it is built from', async t => {
	for (const [name, {module, versionOf}] of Object.entries(builds)) {
		t.regex(await requiredVersion(module, versionOf), /^v\d+\.\d+\.\d+/v, name);
	}
});
