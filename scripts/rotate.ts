import type {RotateOptions} from '../src/run/rotate-options.ts';
import {
	command,
	count,
	each,
	list,
	main,
	optionalTime,
	parse,
	time,
	type Several,
	together,
	withMysql,
	withProbe,
	withShared,
} from './options.ts';

await main(async () => {
	const {Option} = await import('commander');
	const program = withShared(command('rotate', 'Takes a cluster from its old certificates to new ones, from wherever it stands, proving each step first.'), {isOne: false});
	const {cluster, context, dir, ...rest} = parse<Omit<RotateOptions, 'cluster' | 'context' | 'dir'> & Several>(withMysql(withProbe(program))
		.option('--retire-old-ca', 'also take the old CA away, or only that if the rest is done')
		.option('--keep-ca', 'renew the leaves only, signed by the present CA')
		.option('--renew-ca', 'make the CA\'s certificate anew, with the key that it has: one restart, where expiry is the only reason')
		.addOption(new Option('--reason <why>', 'why: it rules ways out that do not help then').choices(['expiry', 'compromised', 'policy']))
		.addOption(new Option('--until <phase>', 'stop after this phase').choices(['trust', 'reissue']))
		.addOption(optionalTime('--soak <time>', 'wait between phases until the cluster has been stable for this long'))
		.option('--keep-backups <number>', 'after the backup of this run, keep so many in all and remove the oldest', count)
		.option('--dry-run', 'show the plan with every command, and change nothing')
		.option('--explain', 'show, moment by moment, who may hold and present what on the way, and why all of it verifies')
		.addOption(new Option('-o, --output <format>', 'the form of a dry run on stdout (default: text)').choices(['text', 'json']))
		.option('--new', 'begin a new rotation although an earlier CA is not retired yet: it is retired first')
		.addOption(time('--min-age <time>', 'do nothing when the certificates are younger than this', '24h'))
		.addOption(optionalTime('--if-due <time>', 'begin only when the latest safe start is within this time; what is under way goes on'))
		.option('--components <names>', 'renew only these leaves (with --keep-ca)', list)
		.option('--merge-sans', 'write what a request lacks of its live certificate into it')
		.option('--ca-ou <name>', 'give the new CA a subject of its own: this OU')
		.option('--as-documented', 'where cert-manager issues: by the documents\' commands, which delete the Secrets')
		.option('--accept-outage', 'agree to the outage that a new CA has with --as-documented')
		.option('--strict-gates', 'take nothing less than a handshake as proof')
		.option('--i-have-handled <name>', 'answer for one who also holds the CA, by its name in the plan; may be given again', each));
	const options: RotateOptions = {...rest, ...together({cluster, context, dir})};
	// Apart, and first: refusing an option takes no more than reading it.
	const {checkUsage} = await import('../src/run/rotate-options.ts');
	checkUsage(options);
	const {rotate} = await import('../src/run/rotate.ts');
	await rotate(options);
});
