import type {VerifyOptions} from '../src/run/verify/verify.ts';
import {
	command,
	main,
	optionalTime,
	parse,
	withPlace,
	withSide,
} from './options.ts';

await main(async () => {
	const {Option} = await import('commander');
	const program = command('verify', 'Proves what can be proved of a cluster\'s certificates, per pod and port, and changes nothing.');
	const options = parse<VerifyOptions>(withSide(withPlace(program))
		.addOption(new Option('-o, --output <format>', 'the form of the result on stdout').choices(['table', 'json']).default('table'))
		.addOption(optionalTime('--since <time>', 'read logs from this long ago on (default: since the last rotation began, or 1h)')));
	const {verify} = await import('../src/run/verify/verify.ts');
	await verify(options);
});
