import {setTimeout as sleep} from 'node:timers/promises';
import {components, secretName} from '../cluster/components.ts';
import {inside} from '../observe/inside.ts';
import {bySql, SqlError, type SqlPlace} from '../observe/sql.ts';
import type {Observation, PodFacts} from '../observe/types.ts';
import {reloadedMaterial} from '../plan/annotations.ts';
import {notReloaded} from '../plan/judge-roll.ts';
import type {Statement} from '../plan/types.ts';
import type {RunContext} from './context.ts';
import {
	exitStatus,
	failed,
	Stopped,
	usage,
} from './errors.ts';
import {patience, pauseAfter} from './patience.ts';
import {commandText, runProgram} from './program.ts';
import {sqlPlaces} from './sql-places.ts';

type Reload = {context: RunContext; sql: Statement; observation: Observation};

/** Milliseconds between two looks at what is mounted. */
const glance = 1000;

const stopIfAborted = ({signal, goOn}: RunContext, pod: string): void => {
	if (signal.aborted) {
		throw new Stopped(exitStatus.interrupted, `interrupted before ${pod} read its files again`, [`go on: ${goOn}`]);
	}
};

const instead = 'without --reload the pods are restarted instead, and need no SQL for that';

/**
Waits until the pod has mounted what its Secret holds: kubelet brings it some time later, and TiDB would read what is there.
@throws Stopped when that cannot be seen, does not come, or the run is interrupted.
*/
const mounted = async ({context, sql, observation}: Reload, {name}: PodFacts): Promise<void> => {
	const {access: {env}, plan: {cluster}, timeout, say, signal, goOn} = context;
	const {container, mount} = components[sql.component];
	const {bundle, leaf} = observation.secrets[secretName(cluster.name, sql.component)]!;
	const began = Date.now();
	for (let looks = 1; ; looks++) {
		stopIfAborted(context, name);
		const seen = await inside({
			namespace: cluster.namespace, pod: name, container, mount, leaf: true, env,
		});
		if (seen.bundleDigest === bundle.digest && seen.leafDigest === leaf.digest) {
			return;
		}

		const isUnseen = seen.bundleDigest === undefined || seen.leafDigest === undefined;
		if (isUnseen || Date.now() - began >= timeout) {
			const why = isUnseen ? `it cannot be seen what ${name} has mounted (${seen.problem ?? 'no answer'})` : `${name} has not mounted what its Secret holds`;
			throw failed(`${why}: it would read other files again than those that are meant`, `go on: ${goOn}`, instead);
		}

		if (looks === 1) {
			say(`    … ${name} does not have the files of its Secret mounted yet; kubelet brings them within a minute or two`);
		}

		await sleep(glance, undefined, {signal}).catch(() => undefined);
	}
};

const ending = 'SHOW GLOBAL STATUS LIKE \'Ssl_server_not_after\'';

/**
Runs the statement, and sees by a connection of its own that TiDB has taken the Secret's certificate: by the time at which it ends.
@throws SqlError when a connection or a statement fails.
@throws Stopped when TiDB names another time.
*/
const ask = async ({context, sql, observation}: Reload, place: SqlPlace): Promise<void> => {
	await bySql(place, async query => query(sql.text));
	const [row] = await bySql(place, async query => query(ending));
	const said = typeof row?.Value === 'string' ? row.Value : '';
	const [leaf] = observation.secrets[secretName(context.plan.cluster.name, sql.component)]!.leaf.certificates;
	if (Date.parse(said) !== Date.parse(leaf!.notAfter)) {
		const named = said === '' ? 'no time' : said;
		throw failed(`${place.pod} has read its files again, and names ${named} as its certificate's end; the Secret's ends ${leaf!.notAfter}`, `go on: ${context.goOn}`, instead);
	}

	context.say(`      Ssl_server_not_after: ${said}`);
};

/** The same again while a connection does not come about: it does no harm twice. */
const askPatiently = async (reload: Reload, place: SqlPlace): Promise<void> => {
	const {context} = reload;
	const began = Date.now();
	for (let attempt = 1; ; attempt++) {
		try {
			await ask(reload, place);
			return;
		} catch (error) {
			if (!(error instanceof SqlError)) {
				throw error;
			}

			if (!error.isPassing || context.signal.aborted || Date.now() - began >= patience) {
				throw failed(error.message, `go on: ${context.goOn}`, instead);
			}

			context.say(`    … try ${attempt}: ${error.message}`);
			await sleep(pauseAfter(attempt), undefined, {signal: context.signal}).catch(() => undefined);
		}
	}
};

/** Notes on the pod what it has read: where the run is killed in between, the pod is asked again. */
const note = async ({context, sql}: Reload, pod: string, material: string): Promise<void> => {
	const {access: {env}, plan: {cluster}, say} = context;
	const words = ['annotate', 'pod', pod, `--namespace=${cluster.namespace}`, '--overwrite', `${reloadedMaterial}=${material}`];
	say(`    ! ${commandText('kubectl', words)}`);
	await runProgram('kubectl', words, {what: `noting that ${pod} has read ${sql.bundle} again`, env});
};

/**
Asks every pod that does not have the bundle and the leaf yet by SQL to read its files again, one after the other.
@throws Stopped when one cannot be asked, or says no.
*/
export const runStatement = async (context: RunContext, step: {id: string; sql: Statement}): Promise<void> => {
	const {sql} = step;
	const {login, access, folder, plan: {cluster}} = context;
	if (!login) {
		throw usage('what is to be done needs an SQL connection', 'name an account with --mysql-user');
	}

	const observation = await context.looks.observe();
	context.looks.writing();
	const reload = {context, sql, observation};
	const pods = notReloaded(observation, sql);
	const places = await sqlPlaces({
		access, cluster, folder, login,
	}, observation, pods);
	for (const [index, pod] of pods.entries()) {
		await mounted(reload, pod);
		context.checkProbe?.(sql.text);
		context.say(`    ! ${pod.name}, by SQL: ${sql.text}`);
		await askPatiently(reload, places[index]!);
		await note(reload, pod.name, observation.secrets[secretName(cluster.name, sql.component)]!.material);
		await context.journal('command', {step: step.id, command: `${pod.name}, by SQL: ${sql.text}`, status: 0});
	}
};
