import test from 'ava';
import {apply, restart, sign} from '../../../src/plan/lines.ts';
import {asQuestion} from '../../../src/plan/question.ts';
import {shell} from '../../../src/render/shell.ts';
import {cluster} from '../../helpers/observation.ts';

const line = apply(cluster, 'pd', 'ca.pem', undefined);

test('a line that applies becomes the same line with --dry-run=server', t => {
	t.is(shell(asQuestion(line)!), shell(line).replace('kubectl apply -f -', 'kubectl apply --dry-run=server -f -'));
});

test('the question changes nothing', t => {
	t.is(asQuestion(line)?.changes, 'nothing');
});

test('no other line is a question', t => {
	t.is(asQuestion(restart(cluster, 'pd', 'ca.pem')), undefined);
	t.is(asQuestion(sign('pd', {certificate: 'ca.pem', key: 'ca-key.pem'}, undefined)), undefined);
});
