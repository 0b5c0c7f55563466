import process from 'node:process';
import {execa} from 'execa';
import type {Cluster} from '../../src/cluster/types.ts';
import type {Access} from '../../src/observe/cluster.ts';
import {restingPlan} from '../../src/plan/make.ts';
import type {Plan, Step} from '../../src/plan/types.ts';
import {shell} from '../../src/render/shell.ts';
import {openAccess} from '../../src/run/access.ts';
import type {RunContext} from '../../src/run/context.ts';
import {folderRedactor} from '../../src/run/keys.ts';
import {runLines} from '../../src/run/step.ts';
import {type Place, stopPlace} from '../cluster/helpers/place.ts';
import {
	median,
	pairs,
	type Row,
	timed,
	words,
} from './measure.ts';
import {bareCluster, rewinder} from './place.ts';

const name = 'bench-lines';
const rounds = 10;
/** Of the time that bash takes. */
const allowed = 0.8;

const isChanging = ({id, lines}: Step): boolean => id !== 'prepare.backup' && lines.some(({changes}) => changes !== 'nothing');

/** Not what is measured: nobody is asked whether a step is done. */
const unseen = (): never => {
	throw new Error('the bench judges nothing');
};

const unasked = async (): Promise<never> => unseen();

const contextOf = ({folder, env}: Place, plan: Plan, access: Access): RunContext => ({
	plan,
	folder,
	access: {env: {...env, ...access.env}},
	variables: {stamp: 'bench'},
	timeout: 60_000,
	goOn: '',
	say: () => undefined,
	journal: async () => undefined,
	redact: async () => folderRedactor(folder),
	signal: new AbortController().signal,
	looks: {
		observe: unasked, observeUnlessRecent: unasked, latest: unseen, writing: () => undefined,
	},
	probe: unasked,
	guard: {beforeWrite: unasked, written: () => undefined},
	proofs: [],
	proved: new Set(),
});

/** All changing lines of a rotation with its retire, as the tool runs them, and as one bash does, one after the other. */
const compare = async (place: Place): Promise<Row[]> => {
	const cluster: Cluster = {name: place.cluster, namespace: place.namespace, components: ['pd', 'tikv', 'tidb', 'client']};
	const plan = restingPlan(cluster, {
		route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
	});
	const steps = plan.steps.filter(step => isChanging(step)).map(step => ({...step, done: []}));
	const script = steps.flatMap(({lines}) => lines.map(line => shell(line))).join('\n');
	const context = contextOf(place, plan, await openAccess({kubeconfig: place.env.KUBECONFIG!}));
	const rewind = await rewinder(place);
	const tool = async (): Promise<number> => {
		await rewind();
		return timed(async () => {
			for (const step of steps) {
				await runLines(context, step);
			}
		});
	};

	const bash = async (): Promise<number> => {
		await rewind();
		return timed(async () => execa('bash', ['-c', `set -euo pipefail; umask 077\n${script}`], {
			cwd: place.folder, env: {...place.env, stamp: 'bench'}, stdin: 'ignore', buffer: false, stdout: 'ignore', stderr: 'ignore',
		}));
	};

	const found = await pairs(rounds, tool, bash);
	const ratio = median(found.map(([one, other]) => one / other));
	process.stderr.write(`${found.map(([one, other]) => `${words(one)} against ${words(other)}: ${(one / other).toFixed(2)}`).join('\n')}\n`);
	return [
		{what: 'lines: through the tool', value: words(median(found.map(([one]) => one)))},
		{what: 'lines: by bash, one after the other', value: words(median(found.map(([, other]) => other)))},
		{
			what: `lines: ratio (${script.split('\n').length} lines, ${rounds} pairs)`, value: ratio.toFixed(2), target: String(allowed), missed: ratio > allowed,
		},
	];
};

/** Compares the tool with bash on a cluster to which nothing happens. */
export const lines = async (): Promise<Row[]> => {
	try {
		const place = await bareCluster(name);
		try {
			return await compare(place);
		} finally {
			place.kube.close();
		}
	} finally {
		await stopPlace(name);
	}
};
