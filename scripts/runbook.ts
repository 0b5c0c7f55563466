import type {RunbookOptions} from '../src/run/runbook.ts';
import {
	command,
	kindOption,
	list,
	main,
	parse,
	withMysql,
} from './options.ts';

await main(async () => {
	const {Option} = await import('commander');
	const options = parse<RunbookOptions>(withMysql(command('runbook', 'Prints the rotation of a cluster at rest as one bash script. It needs no cluster.'))
		.option('--cluster <name>', 'the TidbCluster')
		.addOption(kindOption())
		.option('-n, --namespace <name>', 'its namespace')
		.option('--dir <path>', 'the cluster folder, as the script shall find it (default: clusters/<name>)')
		.option('--components <names>', 'the cluster\'s components (default: pd,tikv,tidb, or dm-master,dm-worker)', list)
		.option('--discovery', 'it has a Deployment <name>-discovery, as clusters have that the operator made')
		.option('--retire-old-ca', 'also take the old CA away')
		.option('--keep-ca', 'renew the leaves only, signed by the present CA')
		.option('--renew-ca', 'make the CA\'s certificate anew, with the key that it has')
		.addOption(new Option('--phase <phase>', 'print only this part').choices(['trust', 'reissue', 'retire']))
		.option('--strict-gates', 'take nothing less than a handshake as proof')
		.addOption(new Option('--issuer <name>', 'who issues the certificates').choices(['cfssl', 'cert-manager']).default('cfssl'))
		.option('--as-documented', 'with --issuer cert-manager: the documents\' commands, which delete the Secrets'));
	const {printRunbook} = await import('../src/run/runbook.ts');
	printRunbook(options);
});
