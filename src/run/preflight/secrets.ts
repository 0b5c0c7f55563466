import type {Problem} from '../../cluster/problem.ts';
import {componentSecrets} from '../../judge/held.ts';
import {secretProblems} from '../../judge/secrets.ts';
import type {Facts} from './facts.ts';

/** Whether each component's Secret is there, whole, can be changed, and holds a key that fits its certificate. */
export const allSecretProblems = ({cluster, observation}: Facts): Problem[] =>
	componentSecrets(cluster, observation.secrets).flatMap(secret => secretProblems(secret));
