import {keepProcess} from '../../../sandbox/kubelet/restart-process.ts';
import {resources} from '../../../sandbox/kube.ts';
import {endAccident} from '../accident.ts';
import {
	forge,
	textsOf,
	writeTexts,
	type Named,
	type Texts,
} from '../forge.ts';
import {
	everywhere,
	inFile,
	inSecret,
	thaw,
	together,
	type Mutation,
} from '../mutation.ts';
import type {Place} from '../place.ts';
import {podUids} from '../state-of.ts';
import {until} from '../until.ts';
import {basic, ready} from '../watch.ts';
import {stranger} from './forged.ts';

/** The bundle with one CA more, which signs nothing. */
const withAnother = ({'ca.crt': bundle = ''}: Texts): string => bundle + stranger().cert;

/** A leaf and its key as files of the cluster folder. */
const inFolderAs = (file: string, leaf: Texts) => [
	inFile(`${file}.pem`, () => leaf['tls.crt']!),
	inFile(`${file}-key.pem`, () => leaf['tls.key']!),
];

const everySecret = ['pd', 'tikv', 'tidb', 'client'] as const satisfies Named[];

/** The same CA is added to every bundle, and nothing is restarted. */
const addEverywhere = async (place: Place) => {
	const bundle = withAnother(await textsOf(place, 'client'));
	const secrets = everySecret.map(component => inSecret(component, () => ({'ca.crt': bundle})));
	return together(...secrets, inFile('ca.pem', () => bundle))(place);
};

/** The pod goes, and its process stays behind its successor. */
const outlive = async (place: Place, pod: string) => {
	const before = await podUids(place);
	await keepProcess(place.state, place.namespace, pod);
	await place.kube.remove(resources.pods, {namespace: place.namespace, name: pod});
	await until(`another ${pod}`, async () => {
		const now = await podUids(place);
		return now[pod] !== undefined && now[pod] !== before[pod];
	});
	await ready(place);
	return async () => {
		await endAccident(place, pod);
		await ready(place);
	};
};

/** PD's leaf is renewed in Secret and folder, and one of its pods does not hear of it. */
const staleMount = async (place: Place) => {
	const pod = 'basic-pd-0';
	const leaf = await forge(place, 'pd');
	await keepProcess(place.state, place.namespace, pod);
	const before = await textsOf(place, 'pd');
	await writeTexts(place, 'pd', leaf);
	const undoFolder = await together(...inFolderAs('pd-server', leaf))(place);
	await everywhere(place, [pod]);
	return async () => {
		await undoFolder();
		await writeTexts(place, 'pd', before);
		await thaw(place, pod);
	};
};

/** TiKV's leaf is renewed in Secret and folder; its status port goes on with what it has until it has refused somebody. */
const servesOld = async (place: Place) => {
	const leaf = await forge(place, 'tikv');
	return together(inSecret('tikv', () => leaf), ...inFolderAs('tikv-server', leaf))(place);
};

/** TiDB is configured to check its clients, and goes on as it was started. */
const unchecked = async (place: Place) => {
	const config = '[security]\ncluster-verify-cn = ["TiDB"]\n';
	await place.kube.patch(resources.tidbClusters, basic(place), {spec: {paused: true, tidb: {config}}});
	return async () => {
		await place.kube.patch(resources.tidbClusters, basic(place), {spec: {paused: false, tidb: {config: ''}}});
	};
};

/** What is wrong with the processes and their ports. */
export const processes: Mutation[] = [
	{
		title: 'processes that were not restarted since the bundle changed',
		plant: addEverywhere,
		codes: ['not-loaded'],
		words: [
			/basic-pd-0: it was made for other certificates/v,
			/basic-tikv-0: it was made for other/v,
			/basic-tidb-0: it was made for other/v,
		],
	},
	{
		title: 'a process that outlives its pod',
		plant: async place => outlive(place, 'basic-tikv-0'),
		codes: ['not-loaded'],
		words: [/basic-tikv-0: its process 1 runs since .*it was not restarted/v],
	},
	{
		title: 'mounted files that stay as they were',
		plant: staleMount,
		codes: ['mounted-differs', 'served-differs'],
		words: [/tls\.crt mounted in basic-pd-0 is not what Secret/v, /basic-pd-0 port 2379 \(client\) serves serial/v],
	},
	{
		title: 'a port that serves another leaf than is mounted',
		plant: servesOld,
		codes: ['served-differs', 'not-loaded'],
		words: [/basic-tikv-0 port 20180 \(status\) serves serial/v],
	},
	{
		title: 'a port that is meant to check its clients and does not',
		plant: unchecked,
		codes: ['stranger-accepted'],
		words: [/basic-tidb-0 port 10080 \(status\) accepts a certificate of a CA that nobody trusts/v],
	},
];
