import type {Manner} from '../../src/prove/types.ts';
import {manners} from '../../src/prove/manners.ts';
import {launchPd} from '../sandbox/kubelet/launch-pd.ts';
import {launchStandin} from '../sandbox/kubelet/launch-standin.ts';
import {launchTidb} from '../sandbox/kubelet/launch-tidb.ts';
import type {Launch, LaunchInput} from '../sandbox/kubelet/launch.ts';

export type Kind = 'pd' | 'tidb' | 'tidb with cluster-verify-cn' | 'stand-in for tikv';

export type MixedPort = {port: number; protocol: 'http' | 'h2'; checksClients: boolean; manner: Omit<Manner, 'secrets'>};

type Server = {
	component: 'pd' | 'tidb' | 'tikv';
	launch: (input: LaunchInput) => Promise<Launch>;
	config: string;
	/** What it has loaded depends on all that happened to it: each case needs a process of its own. */
	isLazy?: boolean;
	ports: MixedPort[];
};

const port = (number: number, protocol: 'http' | 'h2', component: Server['component'], row: Partial<Manner> & {checksClients?: boolean} = {}): MixedPort => {
	const {checksClients = true, ...changed} = row;
	return {
		port: number, protocol, checksClients, manner: {...manners[component], ...changed},
	};
};

/** TiDB checks its clients only so. */
const verifyCn = '[security]\ncluster-verify-cn = ["TiDB"]\n';

/**
The servers, with what is known of their ports. The stand-in is written in Go: OpenSSL's rule is tried by the
client, which is Node. What a changed file does to its first port is certain here, where no kubelet takes its time.
*/
export const kinds: Record<Kind, Server> = {
	pd: {
		component: 'pd', launch: launchPd, config: '', ports: [port(2379, 'http', 'pd'), port(2380, 'http', 'pd')],
	},
	tidb: {
		component: 'tidb', launch: launchTidb, config: '', ports: [port(10_080, 'http', 'tidb', {checksClients: false})],
	},
	'tidb with cluster-verify-cn': {
		component: 'tidb', launch: launchTidb, config: verifyCn, ports: [port(10_080, 'http', 'tidb')],
	},
	'stand-in for tikv': {
		component: 'tikv',
		launch: launchStandin,
		config: '',
		isLazy: true,
		ports: [port(20_160, 'h2', 'tikv', {library: 'go', leaf: 'mounted', clientsCa: 'mounted'}), port(20_180, 'http', 'tikv', {library: 'go'})],
	},
};
