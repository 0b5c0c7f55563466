import test from 'ava';
import {alarmed} from '../../../../src/run/probe/alarm.ts';
import {dmCluster, mysqlSide} from '../../../helpers/observation.ts';

const alarm = {pod: 'basic-tidb-0', port: 4000, words: 'unknown CA'};

for (const [of, options] of [[mysqlSide, '--cluster basic --mysql'], [dmCluster, '--cluster basic --kind dm']] as const) {
	test(`what is to be done after an alarm is about the cluster that was meant: ${options}`, t => {
		const {hints} = alarmed(alarm, {title: 'wait', cluster: of, goOn: 'npm run rotate'});
		t.true(hints[0]!.includes(`npm run verify -- ${options};`));
		t.is(hints.at(-1), `or go back: npm run rollback -- ${options}`);
	});
}
