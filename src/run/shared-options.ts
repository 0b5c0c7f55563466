import type {Kind} from '../cluster/types.ts';
import {onCommand} from './program.ts';
import {say} from './say.ts';

/** Options that every command on one cluster has (design.md 2). */
export type SharedOptions = {
	cluster: string;
	/** Where it is no TidbCluster. */
	kind?: Kind;
	namespace?: string;
	dir?: string;
	/** That of each cluster, where several are given. */
	dirs?: string[];
	kubeconfig?: string;
	context?: string;
	/** That of each cluster, where several are given and each has its own. */
	contexts?: string[];
	yes?: boolean;
	/** Milliseconds without progress. */
	timeout: number;
	verbose?: boolean;
};

/** With `--verbose`, also the commands that only read are shown. They carry no keys in their arguments. */
export const showCommands = ({verbose = false}: Pick<SharedOptions, 'verbose'>): void => {
	if (verbose) {
		onCommand(command => {
			say(`    $ ${command}`);
		});
	}
};
