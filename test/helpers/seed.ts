import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

const file = path.join(import.meta.dirname, '../../../shared/seed/renew-tls-certificate.zh.md');

/** The documents' page lies beside the project, not in it. */
export const hasSeed = existsSync(file);

const between = (text: string, from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to));

/** A command ends at the end of a line, unless that is continued. */
const commandsIn = (block: string): string[] => block.replaceAll(/^ +/gmv, '').split(/(?<!\\)\n/v).filter(line => line !== '');

const filledIn = (commands: string[], cluster: string, namespace: string): string[] =>
	/* eslint-disable no-template-curly-in-string -- the documents' variables are the shell's */
	commands.map(command => command
		.replaceAll('${cluster_name}', () => cluster)
		.replaceAll('${namespace}', () => namespace));
	/* eslint-enable no-template-curly-in-string */

/** The commands of the page's cfssl section in their order, a continued line as one, for one cluster. */
export const seedCommands = (cluster: string, namespace: string): string[] => {
	const section = between(readFileSync(file, 'utf8'), '## 更新和替换 `cfssl`', '## 更新和替换 `cert-manager`');
	const blocks = Array.from(section.matchAll(/```shell\n(?<block>.*?)```/gsv), ({groups}) => groups!.block!);
	return filledIn(blocks.flatMap(block => commandsIn(block)), cluster, namespace);
};

/**
The same of the section about cert-manager: what it has a person type, and the names of the Secrets that it says may be deleted. The name of a
pod stays a variable.
*/
export const issuanceSeed = (cluster: string, namespace: string): {commands: string[]; secrets: string[]} => {
	const text = readFileSync(file, 'utf8');
	const section = text.slice(text.indexOf('## 更新和替换 `cert-manager`'));
	const blocks = Array.from(section.matchAll(/```(?:shell)?\n(?<block>.*?)```/gsv), ({groups}) => groups!.block!);
	const lines = filledIn(blocks.flatMap(block => commandsIn(block)), cluster, namespace);
	return {commands: lines.filter(line => line.includes(' ')), secrets: lines.filter(line => !line.includes(' '))};
};
