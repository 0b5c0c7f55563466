import type {BadCase} from './bad-case.ts';

const name = (title: string, cluster: string): BadCase => ({
	title: `a cluster name with ${title}`, args: ['--cluster', cluster, '--yes'], status: 2, words: [/cannot be a Kubernetes name/v],
});

const usage = (title: string, args: string[], ...words: RegExp[]): BadCase => ({
	title, args, status: 2, words,
});

/** What is wrong before anything is looked at. */
export const badUsage: BadCase[] = [
	name('a semicolon', 'basic;touch here'),
	name('a command substitution', '$(touch here)'),
	name('backticks', '`touch here`'),
	name('a path', '../basic'),
	name('a quote', 'ba\'sic'),
	name('a line break', 'basic\nbasic'),
	name('nothing in it', ''),
	usage('a namespace with shell characters', ['--cluster', 'basic', '--namespace', 'tidb|sh', '--yes'], /namespace "tidb\|sh" cannot be/v),
	usage('--components without --keep-ca', ['--cluster', 'basic', '--components', 'pd', '--yes'], /--components/v, /--keep-ca/v),
	usage('an unknown component', ['--cluster', 'basic', '--keep-ca', '--components', 'pd,tikvv', '--yes'], /tikvv/v, /tikv\b/v),
	usage('a component that the cluster has not', ['--cluster', 'basic', '--keep-ca', '--components', 'tiflash', '--yes'], /tiflash/v),
	usage('--keep-ca with --retire-old-ca', ['--cluster', 'basic', '--keep-ca', '--retire-old-ca', '--yes'], /--keep-ca/v, /--retire-old-ca/v),
	usage('a misspelt option', ['--cluster', 'basic', '--retire-old', '--yes'], /unknown option '--retire-old'/v, /Did you mean --retire-old-ca\?/v),
	usage('a misspelt --cluster', ['--clutser', 'basic'], /unknown option '--clutser'|'--cluster <name>' not specified/v),
	usage('a missing --cluster', ['--yes'], /--cluster/v),
	usage('a missing value', ['--cluster'], /argument missing/v),
	usage('a stray word', ['basic', '--cluster', 'basic'], /too many arguments|unexpected/v),
	usage('a time without a unit', ['--cluster', 'basic', '--min-age', '30', '--yes'], /--min-age/v, /30m/v),
	usage('an unknown phase', ['--cluster', 'basic', '--until', 'retire'], /--until/v, /trust, reissue/v),
	usage('nobody to ask and no --yes', ['--cluster', 'basic'], /--yes/v),
	usage('an unknown cluster', ['--cluster', 'basik', '--yes'], /no TidbCluster basik/v),
	usage('an unknown namespace', ['--cluster', 'basic', '--namespace', 'tidbb', '--yes'], /no TidbCluster basic in namespace tidbb/v),
];
