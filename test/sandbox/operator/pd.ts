import {ask, isRefused, type ClientSecret} from './ask.ts';
import type {PdFacts} from './facts.ts';
import type {Pod, TidbCluster} from './types.ts';
import {podView} from './views.ts';

/** Asks PD's API on behalf of one TidbCluster. */
export class PdClient {
	readonly #cluster: TidbCluster;
	readonly #pods: Pod[];
	readonly #secret: ClientSecret;

	/** Of PD's pods the ready ones are asked, as the Service <cluster>-pd would choose among them; with the cluster client Secret as it is now. */
	constructor(cluster: TidbCluster, pods: Pod[], secret: ClientSecret) {
		this.#cluster = cluster;
		this.#pods = pods.filter(pod => podView(pod).ready && pod.status?.podIP !== undefined);
		this.#secret = secret;
	}

	/** Chooses a pod at random, as a Service does; only where nobody listens is another one tried. */
	async #ask(path: string, method: 'GET' | 'POST' | 'DELETE' = 'GET'): Promise<string> {
		const {name, namespace} = this.#cluster.metadata;
		let failure: unknown = new Error(`the Service ${name}-pd.${namespace} has no ready pod`);
		for (const {address} of this.#pods.map(pod => ({address: pod.status?.podIP ?? '', order: Math.random()})).toSorted((a, b) => a.order - b.order)) {
			try {
				return await ask({
					address, port: 2379, servername: `${name}-pd.${namespace}`, path, method, secret: this.#secret,
				});
			} catch (error) {
				failure = error;
				if (!isRefused(error)) {
					break;
				}
			}
		}

		throw failure;
	}

	/**
	Members, their health, the leader and the cluster's id.

	@throws {Error} PD could not be asked.
	*/
	async look(): Promise<PdFacts> {
		const health = parse(await this.#ask('/pd/api/v1/health')) as HealthAnswer;
		const leader = parse(await this.#ask('/pd/api/v1/leader')) as {name?: string};
		const cluster = parse(await this.#ask('/pd/api/v1/cluster')) as {id?: string | number};
		return {
			clusterId: String(cluster.id ?? ''),
			members: health.map(member => ({
				name: member.name,
				id: String(member.member_id),
				clientURL: member.client_urls?.[0] ?? '',
				health: member.health === true,
			})),
			leader: leader.name,
		};
	}

	/** Asks PD to make this member the leader. */
	async transferLeader(member: string): Promise<void> {
		await this.#ask(`/pd/api/v1/leader/transfer/${member}`, 'POST');
	}

	/** Takes a member out, before its pod goes in a scale-in. */
	async deleteMember(member: string): Promise<void> {
		await this.#ask(`/pd/api/v1/members/name/${member}`, 'DELETE');
	}
}

type HealthAnswer = Array<{name: string; member_id: string | number; client_urls?: string[]; health?: boolean}>;

/** JSON whose large numbers (PD's ids have 64 bits) stay as they are written, as strings. */
function parse(text: string): unknown {
	return JSON.parse(text.replaceAll(/(?<=[\s,:\[])\d{16,}(?=[\s,\]\}])/gv, '"$&"'));
}
