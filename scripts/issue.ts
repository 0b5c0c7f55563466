import type {IssueOptions} from '../src/run/issue.ts';
import {
	command,
	main,
	parse,
	withShared,
	withSide,
} from './options.ts';

await main(async () => {
	const {list} = await import('./options.ts');
	const program = withShared(command('issue', 'Makes the first certificates and Secrets of a cluster; with --accept-outage, new ones for an expired or lost CA.'));
	const options = parse<IssueOptions>(withSide(program)
		.option('--components <names>', 'the components, when the TidbCluster does not exist yet', list)
		.option('--cluster-domain <name>', 'its spec.clusterDomain, when the TidbCluster does not exist yet: names for other Kubernetes clusters')
		.option('--accept-outage', 'the CA has expired or is lost: replace everything at once, and delete the pods'));
	const {issue} = await import('../src/run/issue.ts');
	await issue(options);
});
