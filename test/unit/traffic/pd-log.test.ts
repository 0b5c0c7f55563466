import test from 'ava';
import {certificateErrorsIn, matchTries, rejectedTriesIn} from '../../traffic/pd-log.ts';

const line = (clock: string, error: string): string => [
	`[2026/11/23 ${clock} +00:00]`, '[WARN] [config_logging.go:287] ["rejected connection"]', '[remote-addr=127.0.0.1:39654]', '[server-name=basic-pd-2.basic-pd-peer.tidb.svc]', `[error=${error}]`,
].join(' ');

const log = [
	line('23:08:01.000', '"remote error: tls: bad certificate"'),
	line('23:08:02.000', 'EOF'),
	'[2026/11/23 23:08:03.000 +00:00] [INFO] [server.go:1] ["start server"]',
	line('23:08:04.500', '"tls: failed to verify certificate: x509: certificate signed by unknown authority"'),
].join('\n');

const at = (clock: string): number => Date.parse(`2026-11-23T${clock}Z`);

const journal = [
	{time: '2026-11-23T23:08:00.000Z', event: 'start'},
	{
		time: '2026-11-23T23:08:06.000Z', event: 'handshakes', tries: [
			{
				pod: 'basic-pd-0', port: 2379, present: 'control', verdict: 'rejected', attempts: 1,
			},
			{
				pod: 'basic-pd-0', port: 2379, present: 'present', verdict: 'accepted', attempts: 1,
			},
			{
				pod: 'basic-pd-1', port: 2379, present: 'control', verdict: 'rejected', attempts: 1,
			},
		],
	},
].map(entry => `${JSON.stringify(entry)}\n`).join('');

test('lines about certificates are found, of either side, and no others', t => {
	t.deepEqual(certificateErrorsIn('basic-pd-0', log, 0).map(({time}) => time), [at('23:08:01.000'), at('23:08:04.500')]);
	t.is(certificateErrorsIn('basic-pd-0', log, at('23:08:02.000')).length, 1);
});

test('only the rejected tries of the journal can be the cause of a line', t => {
	t.deepEqual(rejectedTriesIn(journal).map(({pod}) => pod), ['basic-pd-0', 'basic-pd-1']);
});

test('a try explains one line of its own pod', t => {
	const {explained, unexplained, silent} = matchTries(certificateErrorsIn('basic-pd-0', log, 0), rejectedTriesIn(journal));
	t.is(explained, 1);
	t.deepEqual(unexplained.map(({time}) => time), [at('23:08:04.500')]);
	t.deepEqual(silent.map(({pod}) => pod), ['basic-pd-1']);
});

test('a try does not explain a line that came after it', t => {
	const late = certificateErrorsIn('basic-pd-0', line('23:09:00.000', '"remote error: tls: bad certificate"'), 0);
	t.is(matchTries(late, rejectedTriesIn(journal)).unexplained.length, 1);
});

test('a try whose forwarder ended before it explains a line more', t => {
	const again = rejectedTriesIn(journal.replaceAll('"rejected","attempts":1', '"rejected","attempts":1,"lost":1'));
	const both = [line('23:08:00.500', '"remote error: tls: bad certificate"'), line('23:08:01.000', '"remote error: tls: bad certificate"')].join('\n');
	t.like(matchTries(certificateErrorsIn('basic-pd-0', both, 0), again), {explained: 2, unexplained: []});
});

test('a try that told at its second attempt explains two lines, and must have left one', t => {
	const second = rejectedTriesIn(journal.replaceAll('"rejected","attempts":1', '"rejected","attempts":2'));
	const both = [line('23:08:00.500', '"remote error: tls: bad certificate"'), line('23:08:01.000', '"remote error: tls: bad certificate"')].join('\n');
	const {explained, unexplained} = matchTries(certificateErrorsIn('basic-pd-0', both, 0), second);
	t.is(explained, 2);
	t.deepEqual(unexplained, []);
	t.deepEqual(matchTries([], second).silent.map(({pod}) => pod), ['basic-pd-0', 'basic-pd-1']);
});
