import type {Problem} from '../../cluster/problem.ts';
import {issuanceOf, mixedWords, type SecretIssuance} from '../../judge/issuance/detect.ts';
import {commandFor} from '../../judge/words.ts';
import type {Facts} from './facts.ts';
import {isIssued, issuedProblems} from './issued.ts';

const fix = 'leave this to cert-manager, by the documents\' procedure for it, or take its Certificates away for good: they are not rotated by this tool yet';

const ownedWords = ({secret, certificate, isAside}: SecretIssuance): string => isAside
	? `Secret ${secret.name} was issued by cert-manager, and its Certificate ${certificate!} is not there now: once it comes back, the rotation is undone`
	: `Secret ${secret.name} is issued by cert-manager (Certificate ${certificate!}), which would issue it again and undo the rotation`;

/** Secrets that cert-manager issues, each with its Certificate: what cfssl makes would not stay there. */
export const certManagerProblems = (facts: Facts): Problem[] => {
	if (isIssued(facts)) {
		return issuedProblems(facts);
	}

	const {cluster, observation: {secrets, issuance}, suspended} = facts;
	const found = issuanceOf({cluster, secrets, issuance});
	return suspended.includes('cert-manager')
		? []
		: [
			...found.secrets.filter(({by}) => by === 'cert-manager').map(one => ({code: 'owned', what: ownedWords(one), fix})),
			...(found.by === 'mixed'
				? [{
					code: 'mixed-issuance',
					what: mixedWords(cluster, found),
					fix: `make all of them by one first; how they stand: ${commandFor(cluster, 'status')}`,
				}]
				: []),
		];
};
