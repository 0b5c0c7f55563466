import {openAll} from './access.ts';
import {usage} from './errors.ts';
import {findAll} from './find.ts';
import {firstLook} from './first-look.ts';
import {inFolders} from './folder-lock.ts';
import {endOnSignals} from './interrupt.ts';
import {checkLoginUsage, loginOf} from './login.ts';
import {checkProbeUsage} from './probe/options.ts';
import {showPrograms} from './programs.ts';
import {type BackSession, type RollbackOptions, rollBackOnce} from './rollback-once.ts';
import {rollBackTogether} from './rollback-together.ts';
import {say} from './say.ts';
import {showCommands} from './shared-options.ts';

/**
`npm run rollback`: from any position back to the certificates of a backup, by default that of the last rotation's start.
@throws Stopped (refused) when there is no backup, or its certificates have expired or will before the way back ends.
*/
export const rollback = async (options: RollbackOptions): Promise<void> => {
	checkProbeUsage(options);
	checkLoginUsage(options);
	if (options.reload && options.recreatePods) {
		throw usage('--reload restarts nobody, and --recreate-pods deletes the pods: choose one');
	}

	if (options.with && options.to !== undefined) {
		throw usage('--to names a backup of one cluster: several go back to those of their last rotation\'s start');
	}

	const login = await loginOf(options);
	endOnSignals();
	showCommands(options);
	const {accesses, close} = await openAll(options);
	try {
		const programs = await showPrograms(say);
		const clusters = await firstLook(async () => findAll(accesses, options));
		const sessions = clusters.map(({cluster, folder}, index): BackSession => ({
			options, access: accesses[index]!, cluster: {...cluster, ...(options.reload && {takesUp: 'by reload'})}, folder, programs, login,
		}));
		const work = async (): Promise<void> => sessions.length > 1 ? rollBackTogether(sessions) : rollBackOnce(sessions[0]!);
		await (options.dryRun ? work() : inFolders(sessions, 'the way back', work));
	} finally {
		await close();
	}
};
