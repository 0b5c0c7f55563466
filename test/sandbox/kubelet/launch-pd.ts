import {dataOf} from './launch-files.ts';
import type {Launch, LaunchInput} from './launch.ts';

/** The real PD, one member of a cluster of all the StatefulSet's pods. */
export const launchPd = async (input: LaunchInput): Promise<Launch> => {
	const {sandbox, pod, address, members, tls, config} = input;
	const url = (host: string, port: number) => `${tls ? 'https' : 'http'}://${host}:${port}`;
	return {
		file: sandbox.programs['pd-server'],
		args: [
			`--name=${pod.metadata.name}`,
			`--data-dir=${await dataOf(input)}`,
			`--client-urls=${url(address, 2379)}`,
			`--peer-urls=${url(address, 2380)}`,
			// The members of a new cluster; later starts find them in the data. One that is added afterwards would have to join.
			`--initial-cluster=${members.map(member => `${member.name}=${url(member.address, 2380)}`).join(',')}`,
			`--config=${config}`,
			...(tls ? [`--cacert=${tls.ca}`, `--cert=${tls.cert}`, `--key=${tls.key}`] : []),
		],
		// Its HTTP routes make it panic under the patterns of Go 1.22 and later.

		env: {GODEBUG: 'httpmuxgo121=1'},
	};
};
