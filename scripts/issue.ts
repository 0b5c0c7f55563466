import type {IssueOptions} from '../src/run/issue.ts';
import {
	command,
	main,
	parse,
	withShared,
} from './options.ts';

await main(async () => {
	const {list} = await import('./options.ts');
	const options = parse<IssueOptions>(withShared(command('issue', 'Makes the first certificates and Secrets of a cluster; with --accept-outage, new ones for an expired or lost CA.'))
		.option('--mysql', 'those for MySQL clients, which have a CA of their own, instead of those between the components')
		.option('--components <names>', 'the components, when the TidbCluster does not exist yet', list)
		.option('--accept-outage', 'the CA has expired or is lost: replace everything at once, and delete the pods'));
	const {issue} = await import('../src/run/issue.ts');
	await issue(options);
});
