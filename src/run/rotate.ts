import type {Cluster} from '../cluster/types.ts';
import {openAll} from './access.ts';
import {showDryRun} from './dry-run.ts';
import {findAll} from './find.ts';
import {firstLook} from './first-look.ts';
import {inFolders} from './folder-lock.ts';
import {endOnSignals} from './interrupt.ts';
import {loginOf} from './login.ts';
import {type Program, showPrograms} from './programs.ts';
import {rotateOnce} from './rotate-once.ts';
import {
	goOnCommand,
	type RotateOptions,
	targetOf,
} from './rotate-options.ts';
import {rotateTogether, showTogether} from './rotate-together.ts';
import {isUnretired, type Session} from './rotation.ts';
import {say} from './say.ts';
import {showCommands} from './shared-options.ts';

const run = async (session: Session, programs: Program[]): Promise<void> => {
	if (session.options.new && await isUnretired(session)) {
		say('The earlier CA is retired first.');
		await rotateOnce({...session, target: {...session.target, retire: true}}, programs);
	}

	await rotateOnce(session, programs);
};

/** `npm run rotate`: from wherever the cluster stands to the target that was asked for. The options have passed `checkUsage`. */
export const rotate = async (options: RotateOptions): Promise<void> => {
	const login = await loginOf(options);
	endOnSignals();
	showCommands(options);
	const {accesses, close} = await openAll(options);
	try {
		const programs = await showPrograms(say);
		const clusters = await firstLook(async () => findAll(accesses, options));
		const sessions = clusters.map(({cluster: found, folder}, index): Session => {
			const cluster: Cluster = {...found, ...(options.reload && {takesUp: 'by reload'})};
			return {
				options, login, access: accesses[index]!, cluster, folder, target: targetOf(options, cluster), goOn: goOnCommand(options, cluster),
			};
		});
		const [only] = sessions;
		if (sessions.length > 1) {
			await (options.dryRun ? showTogether(sessions, programs) : inFolders(sessions, 'the rotation', async () => rotateTogether(sessions, programs)));
			return;
		}

		await (options.dryRun ? showDryRun(only!, programs) : inFolders(sessions, 'the rotation', async () => run(only!, programs)));
	} finally {
		await close();
	}
};
