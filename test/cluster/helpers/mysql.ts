import {rotate, type Ran} from './product.ts';
import type {TestSandbox} from './sandbox.ts';
import type {SecretState} from './state-of.ts';
import {startTraffic} from './traffic.ts';

/** Answers for MySQL clients of whom nobody in Kubernetes tells. */
export const handled = ['--i-have-handled', 'clients-ca', '--i-have-handled', 'client-certificates'];

/** How often the pods of each component were restarted, those of one component alike. */
const perComponent = (restarts: Record<string, number>): Record<string, number[]> => {
	const byComponent = Map.groupBy(Object.entries(restarts), ([pod]) => /^basic-(?<component>[a-z]+)-/v.exec(pod)!.groups!.component!);
	return Object.fromEntries(byComponent.entries().map(([component, pods]) => [component, [...new Set(pods.map(([, count]) => count))]]));
};

/** Runs something while MySQL clients connect, with a certificate and without. */
export const underTraffic = async <Of>(sandbox: TestSandbox, work: () => Promise<Of>, rate = 20) => {
	const counter = await startTraffic(sandbox, rate);
	const ran = await work();
	const {restarts, directions, total, examples} = await counter.stop();
	const ways = Object.keys(directions).filter(direction => direction.startsWith('mysql'));
	return {
		ran, restarts: perComponent(restarts), accepted: ways.map(way => directions[way]!.accepted), total, examples,
	};
};

/** The bytes of each Secret. */
export const textsOf = (secrets: Record<string, SecretState>): Record<string, Record<string, string>> =>
	Object.fromEntries(Object.entries(secrets).map(([component, {texts}]) => [component, texts]));

/** `rotate --mysql --yes`. */
export const rotateMysql = async (sandbox: TestSandbox, args: string[]): Promise<Ran> => rotate(sandbox, ['--mysql', '--yes', ...args]);
