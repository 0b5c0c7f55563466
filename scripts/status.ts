import type {StatusOptions} from '../src/run/status-options.ts';
import {
	command,
	main,
	parse,
	time,
	withPlace,
	withSide,
} from './options.ts';

await main(async () => {
	const {Option} = await import('commander');
	const program = command('status', 'Tells how the certificates of a cluster stand, or those of all: expiry, position, what is due. Changes nothing.');
	const options = parse<StatusOptions>(withSide(withPlace(program))
		.option('--all', 'every TidbCluster that the kubeconfig may read, with --mysql that side of each; with --kind dm, every DMCluster')
		.option('-A, --all-namespaces', 'with --all, those of all namespaces; it is so unless --namespace names one')
		.addOption(new Option('-o, --output <format>', 'the form on stdout').choices(['table', 'json', 'prometheus']).default('table'))
		.addOption(time('--warn <time>', 'exit status 4 when the latest safe start is within this time', '30d'))
		.addOption(time('--critical <time>', 'exit status 5 when the latest safe start is within this time', '7d')));
	const {checkStatusUsage} = await import('../src/run/status-options.ts');
	checkStatusUsage(options);
	const {status} = await import('../src/run/status.ts');
	await status(options);
});
