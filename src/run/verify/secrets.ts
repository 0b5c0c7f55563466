import {secretName} from '../../cluster/components.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {Cluster, ComponentName} from '../../cluster/types.ts';
import {heldBy, leavesOf} from '../../judge/held.ts';
import {secretProblems} from '../../judge/secrets.ts';
import {leafWords} from '../../judge/words.ts';
import type {Observation} from '../../observe/types.ts';
import type {Finding} from '../../verify/types.ts';
import {secretOwnerProblems} from '../preflight/owners.ts';
import {sameSubjectProblems} from '../preflight/same-subject.ts';

const findingOf = (component: ComponentName) => ({code, what, fix = ''}: Problem): Finding => ({
	code: code as Finding['code'], ...(code === 'key-misfit' && {proof: 'key'}), component, what, fix,
});

/** What rotate's own checks say of each Secret: whether it is there and whole, and whether somebody else writes it. */
export const secretFindings = (cluster: Cluster, observation: Observation, suspended: string[]): Finding[] => cluster.components.flatMap(component => [
	...secretProblems(observation.secrets[secretName(cluster.name, component)]!),
	...secretOwnerProblems({cluster, observation, suspended}, component),
].map(problem => findingOf(component)(problem)));

/** Leaves that OpenSSL refuses beside all CAs of the bundles, as TiKV and TiFlash would, though one of the CAs signed them. */
export const opensslFindings = async (cluster: Cluster, observation: Observation): Promise<Finding[]> => {
	const seen = {cluster, observation};
	const cas = [...new Set(heldBy(seen).flatMap(({secret}) => secret.bundle.certificates.map(({pem}) => pem)))];
	const leaves = leavesOf(seen).map(({component, secret, leaf: {pem}}) => ({component, what: leafWords(secret), pem}));
	const problems = cas.length < 2 ? [] : await sameSubjectProblems(cas, leaves);
	return problems.map(({what}) => ({
		code: 'same-subject',
		proof: 'chain',
		component: leaves.find(leaf => what.startsWith(leaf.what))!.component,
		what,
		fix: 'sign it again with a CA that has a subject of its own: npm run rotate -- --ca-ou "TiDB 2"',
	}));
};
