import {clusterFolder} from '../../cluster/place.ts';
import {render} from '../../cluster/templates.ts';
import type {Cluster, ComponentName} from '../../cluster/types.ts';
import {type Access, observe} from '../../observe/cluster.ts';
import {observeConsumers} from '../../observe/consumers.ts';
import type {Observation} from '../../observe/types.ts';
import {verifiedText} from '../../report/verify-text.ts';
import {verifiedData} from '../../report/verify-data.ts';
import {judge} from '../../verify/judge.ts';
import {lastBegan, rejectedTries} from '../../verify/tried.ts';
import type {Evidence, Logs} from '../../verify/types.ts';
import {openAccess} from '../access.ts';
import {belongs} from '../belongs.ts';
import {withVersion} from '../cert-manager.ts';
import {exitStatus, Stopped} from '../errors.ts';
import {findCluster} from '../find.ts';
import {firstLook} from '../first-look.ts';
import {endOnSignals} from '../interrupt.ts';
import {openJournal, readJournal} from '../journal.ts';
import {findPrograms} from '../programs.ts';
import {print, say} from '../say.ts';
import {showCommands, type SharedOptions} from '../shared-options.ts';
import {noteTries} from '../tries.ts';
import {askPods, type Asked} from './ask.ts';
import {readLogs} from './logs.ts';
import {opensslFindings, secretFindings} from './secrets.ts';

export type VerifyOptions = Omit<SharedOptions, 'yes' | 'timeout'> & {
	mysql?: boolean;
	output: 'table' | 'json';
	/** Milliseconds: how far back logs are read, whatever the journal says. */
	since?: number;
};

/** How far back logs are read where no rotation is known of, in milliseconds. */
const usualWindow = 3_600_000;

type Session = {options: VerifyOptions; access: Access; cluster: Cluster; folder: string};

const lookIntoLogs = async ({options, access, cluster, folder}: Session, observation: Observation): Promise<Logs> => {
	const entries = await readJournal(folder);
	const began = options.since === undefined ? lastBegan(entries) : undefined;
	const since = began ?? new Date(observation.now - (options.since ?? usualWindow)).toISOString();
	return {
		since,
		why: began === undefined ? (options.since === undefined ? 'the journal knows of no rotation, so the last hour counts' : '--since') : 'the last rotation, rollback or issue began then',
		tries: rejectedTries(entries),
		...await readLogs(access, cluster, observation, since),
	};
};

/** The documents' hosts for each component, as its template has them. */
const standardNames = (cluster: Cluster): Partial<Record<ComponentName, string[]>> => Object.fromEntries(cluster.components.map(component =>
	[component, (JSON.parse(render(component, cluster)) as {hosts: string[]}).hosts]));

/** Writes the tries down, so that the next look at the logs can tell what they left there; nothing else is written anywhere. */
const remember = async ({folder}: Session, {folder: {exists}}: Observation, {began, answers}: Asked & {began: string}): Promise<void> => {
	if (!exists) {
		return;
	}

	try {
		await noteTries(openJournal(folder), began, answers);
	} catch (error) {
		say(`the tries could not be noted in the journal, so a later verify will find in the logs what they left there: ${(error as Error).message}`);
	}
};

const gather = async (session: Session): Promise<Evidence> => {
	const {access, cluster, folder} = session;
	const observation = await withVersion(access, cluster, await observe(access, cluster, folder, {issuance: true}));
	const remembered = await belongs(folder, observation);
	// Before the handshakes: what they leave in the logs is not to be found there.
	const logs = await lookIntoLogs(session, observation);
	const began = new Date().toISOString();
	const [asked, openssl, consumers] = await Promise.all([
		askPods(access, cluster, observation), opensslFindings(cluster, observation), observeConsumers(access, cluster, observation),
	]);
	await remember(session, observation, {...asked, began});
	return {
		cluster,
		observation: {
			...observation, handshakes: asked.answers.handshakes, inside: asked.inside, consumers,
		},
		standard: standardNames(cluster),
		logs,
		others: [...secretFindings(cluster, observation, remembered?.suspended ?? []), ...openssl],
	};
};

/**
`npm run verify`: everything that can be proved of a cluster's certificates without changing anything, on stdout.
@throws Stopped with exit status 3 when something is wrong.
*/
export const verify = async (options: VerifyOptions): Promise<void> => {
	endOnSignals();
	showCommands(options);
	const access = await openAccess(options);
	try {
		await findPrograms();
		const cluster = await firstLook(async () => findCluster(access, options.cluster, options));
		const evidence = await gather({
			options, access, cluster, folder: clusterFolder(cluster.name, options),
		});
		const verified = judge(evidence);
		await print(options.output === 'json' ? `${JSON.stringify(verifiedData(evidence, verified), undefined, '\t')}\n` : verifiedText(evidence, verified));
		if (verified.findings.length > 0) {
			throw new Stopped(exitStatus.refused, '');
		}
	} finally {
		await access.close();
	}
};
