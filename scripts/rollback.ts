import type {RollbackOptions} from '../src/run/rollback-once.ts';
import {
	command,
	main,
	parse,
	type Several,
	together,
	withMysql,
	withProbe,
	withShared,
} from './options.ts';

await main(async () => {
	const program = withShared(command('rollback', 'Takes a cluster back to the certificates it had, from wherever it stands.'), {isOne: false});
	const {cluster, context, dir, ...rest} = parse<Omit<RollbackOptions, 'cluster' | 'context' | 'dir'> & Several>(withMysql(withProbe(program))
		.option('--to <backup>', 'the name of an older backup (default: that of the last rotation\'s start)')
		.option('--recreate-pods', 'delete the pods, PD first, instead of asking the operator: the way out when it is stuck')
		.option('--dry-run', 'show the plan with every command, and change nothing'));
	const {rollback} = await import('../src/run/rollback.ts');
	await rollback({...rest, ...together({cluster, context, dir})});
});
