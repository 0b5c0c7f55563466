import {commandFor, secretsNamed} from '../words.ts';
import {leafOf} from '../held.ts';
import {concerned, issuanceOf, mixedWords} from './detect.ts';
import type {IssuanceProblem, IssuanceQuestion} from './types.ts';

/** Secrets of which some are cert-manager's and some are not. */
export const mixedProblems = (question: IssuanceQuestion): IssuanceProblem[] => {
	const issuance = issuanceOf(question);
	return issuance.by === 'mixed'
		? [{
			code: 'mixed-issuance',
			what: mixedWords(question.cluster, issuance),
			fix: 'make all of them by one: apply the Certificates that are missing, or delete those that are there and the annotations cert-manager.io/* of their Secrets',
		}]
		: [];
};

/** When the first of the leaves ends that nobody renews, in milliseconds since the epoch; undefined where there is none. */
const asideUntil = (question: Pick<IssuanceQuestion, 'cluster' | 'secrets' | 'issuance'>): number | undefined => {
	const ends = issuanceOf(question).secrets.filter(({isAside}) => isAside).flatMap(({secret}) => {
		const leaf = leafOf(secret);
		return leaf ? [Date.parse(leaf.notAfter)] : [];
	});
	return ends.length === 0 ? undefined : Math.min(...ends);
};

/** Secrets whose Certificates are not there: put aside by a rotation that was left, or by somebody. */
export const asideProblems = (question: IssuanceQuestion): IssuanceProblem[] => {
	const aside = issuanceOf(question).secrets.filter(({isAside}) => isAside);
	if (aside.length === 0) {
		return [];
	}

	const until = asideUntil(question);
	return [{
		code: 'certificate-aside',
		what: [
			`nobody renews ${secretsNamed(aside.map(({secret}) => secret.name))}:`,
			`of the Certificates that issued them, ${aside.map(({certificate}) => certificate!).join(', ')}, none is there that names them`,
			...(until === undefined ? [] : [`; the first of these certificates ends at ${new Date(until).toISOString()}`]),
		].join(' ').replace(' ;', ';'),
		fix: `a rotation puts them aside and brings them back at its end: ${commandFor(question.cluster, 'rotate', '--retire-old-ca')} goes on; where none was begun, apply them again`,
	}];
};

/** Certificates that write one Secret in turn. */
export const twiceProblems = (question: IssuanceQuestion): IssuanceProblem[] => {
	const components = concerned(question).filter(({role}) => role === 'component');
	return question.cluster.components.flatMap((component): IssuanceProblem[] => {
		const own = components.filter(one => one.component === component).map(({certificate}) => certificate);
		return own.length < 2
			? []
			: [{
				code: 'certificate-twice',
				component,
				secret: own[0]!.secretName,
				what: `Certificates ${own.map(({name}) => name).join(' and ')} both name Secret ${own[0]!.secretName}, and each makes the other's void`,
				fix: 'keep the one of the documents, which has the Secret\'s name, and delete the other',
			}];
	});
};
