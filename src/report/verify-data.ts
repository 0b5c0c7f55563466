import type {Evidence, Verified} from '../verify/types.ts';
import type {VerifiedData} from './verify-schema.ts';

/** What was proved and found, in the format of `--output json`. Pure. */
export const verifiedData = ({cluster, observation, logs}: Evidence, {rows, findings, notes}: Verified): VerifiedData => ({
	format: 1,
	cluster: cluster.name,
	namespace: cluster.namespace,
	folder: observation.folder.path,
	time: new Date(observation.now).toISOString(),
	logsSince: logs.since,
	ports: rows.map(({component, secret, pod, port, use, proofs}) => ({
		component, secret, pod: pod ?? null, port: port ?? null, use: use ?? null, proofs,
	})),
	findings: findings.map(({code, proof, component, pod, port, what, fix}) => ({
		code, proof: proof ?? null, component: component ?? null, pod: pod ?? null, port: port ?? null, what, fix,
	})),
	notes,
});
