import {heldBy} from '../judge/held.ts';
import type {Inside, SecretFacts} from '../observe/types.ts';
import type {Evidence, Finding} from './types.ts';

/** The mounted files that are not what the Secret holds; undefined where the container did not let them be read. */
export const staleFiles = (secret: SecretFacts, inside: Inside | undefined): string[] | undefined => {
	const {bundleDigest, leafDigest} = inside ?? {};
	return bundleDigest === undefined || leafDigest === undefined
		? undefined
		: [...(bundleDigest === secret.bundle.digest ? [] : ['ca.crt']), ...(leafDigest === secret.leaf.digest ? [] : ['tls.crt'])];
};

/** Pods in which other files are mounted than their Secret holds. */
export const mountedFindings = (evidence: Evidence): Finding[] => heldBy(evidence).flatMap(({component, secret}) =>
	evidence.observation.pods.filter(pod => pod.component === component).flatMap(({name}): Finding[] => {
		const stale = staleFiles(secret, evidence.observation.inside.find(facts => facts.pod === name)) ?? [];
		return stale.length === 0
			? []
			: [{
				code: 'mounted-differs',
				proof: 'mounted',
				component,
				pod: name,
				what: `${stale.join(' and ')} mounted in ${name} ${stale.length === 1 ? 'is' : 'are'} not what Secret ${secret.name} holds`,
				fix: 'kubelet brings it there within two minutes; if it does not, see what the pod says (kubectl describe pod) and whether it mounts the Secret by subPath',
			}];
	}));
