import test from 'ava';
import {readLogs} from '../../../../src/run/verify/logs.ts';
import {observationOf, makeMaterial, mysqlHosting} from '../../../helpers/observation.ts';
import {programOnPath} from '../../../helpers/program-on-path.ts';

/* A kubectl that tells of which container it was asked for the log. */
const kubectl = `
const asked = process.argv.slice(2);
if (asked[0] === 'get') {
	console.log('{"items": []}');
} else {
	console.log('2026-11-30T10:00:00Z x509: ' + asked.filter(word => word.includes('container')).join(' '));
}
`;

const containers = [
	['tidb', '--container=tidb'],
	['tidb-server', '--container=tidb'],
	['tiproxy-server', '--container=tiproxy'],
	['dm-master', '--container=dm-master'],
	['something-else', '--all-containers'],
] as const;

for (const [component, container] of containers) {
	test(`of a pod of ${component} the log is read with ${container}`, async t => {
		const observation = observationOf(makeMaterial());
		observation.pods = [{...observation.pods[0]!, component}];
		const {pods} = await readLogs({env: programOnPath(t, 'kubectl', kubectl)}, mysqlHosting, observation, '2026-11-30T09:00:00Z');
		t.deepEqual(pods.map(({errors}) => errors.map(({text}) => text)), [[`x509: ${container}`]]);
	});
}
