import {podAddress} from '../address.ts';
import {microservicesOf} from '../pod-addresses.ts';
import {dataOf} from './launch-files.ts';
import type {Launch, LaunchInput} from './launch.ts';

/** Its HTTP routes make it panic under the patterns of Go 1.22 and later. */
const env = {GODEBUG: 'httpmuxgo121=1'};

const urlOf = ({tls}: LaunchInput, host: string, port: number): string => `${tls ? 'https' : 'http'}://${host}:${port}`;

/** What PD and its microservices are told of files. */
const filesOf = ({tls, config}: LaunchInput): string[] => [`--config=${config}`, ...(tls ? [`--cacert=${tls.ca}`, `--cert=${tls.cert}`, `--key=${tls.key}`] : [])];

/** The real PD, one member of a cluster of all the StatefulSet's pods. With microservices it leaves work to them. */
export const launchPd = async (input: LaunchInput): Promise<Launch> => {
	const {sandbox, pod, address, members} = input;
	return {
		file: sandbox.programs['pd-server'],
		args: [
			...(microservicesOf(sandbox).length > 0 ? ['services', 'api'] : []),
			`--name=${pod.metadata.name}`,
			`--data-dir=${await dataOf(input)}`,
			`--client-urls=${urlOf(input, address, 2379)}`,
			`--peer-urls=${urlOf(input, address, 2380)}`,
			// The members of a new cluster; later starts find them in the data. One that is added afterwards would have to join.
			`--initial-cluster=${members.map(member => `${member.name}=${urlOf(input, member.address, 2380)}`).join(',')}`,
			...filesOf(input),
		],
		env,
	};
};

/** The addresses of the PDs of a pod's cluster, as many as `up` was asked for. */
const pdAddresses = ({sandbox, pod}: LaunchInput): string[] => {
	const {labels = {}, namespace = ''} = pod.metadata;
	return Array.from({length: sandbox.pd}, (_, ordinal) => podAddress({
		network: sandbox.network, namespace, set: `${labels['app.kubernetes.io/instance']}-pd`, ordinal,
	}));
};

/** One of the real PD's microservices, which keeps its state in PD. The operator names it besides, which PD 8.3 and later know. */
export const launchMicroservice = (input: LaunchInput, service: 'tso' | 'scheduling'): Launch => {
	const {sandbox, address} = input;
	const own = urlOf(input, address, 2379);
	return {
		file: sandbox.programs['pd-server'],
		args: [
			'services',
			service,
			`--listen-addr=${own}`,
			`--advertise-listen-addr=${own}`,
			`--backend-endpoints=${pdAddresses(input).map(one => urlOf(input, one, 2379)).join(',')}`,
			...filesOf(input),
		],
		env,
	};
};
