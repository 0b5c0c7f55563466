import {type Dated, datedOf} from '../expiry.ts';
import {heldBy} from '../held.ts';
import {
	firstRenewal,
	keepsKey,
	leftBehind,
	signingCas,
} from './cas.ts';
import {issuanceOf, type Looked} from './detect.ts';
import {renewsItself} from './tries.ts';

/** Something that must be forestalled, at a time in milliseconds since the epoch. */
export type Deadline = {
	at: number;
	why: 'expires' | 'ca-renews' | 'ca-renewed';
	/** What it is of, as messages name it. */
	what: string;
};

const ending = ({what, certificate: {notAfter}}: Dated): Deadline => ({at: Date.parse(notAfter), why: 'expires', what});

/** Renewals of cert-manager's after which components refuse each other. */
const renewals = ({cluster, secrets, issuance}: Looked): Deadline[] => signingCas({cluster, issuance}).flatMap((ca): Deadline[] => {
	const {certificate} = ca;
	if (keepsKey(certificate, issuance!).keeps) {
		return [];
	}

	const behind = leftBehind(ca, {cluster, secrets});
	const what = `the CA (Certificate ${certificate.name})`;
	const at = behind.length > 0 ? firstRenewal(behind) : Date.parse(certificate.renewalTime);
	return at === undefined || Number.isNaN(at) ? [] : [{at, why: behind.length > 0 ? 'ca-renewed' : 'ca-renews', what}];
});

/**
By when a person has to act, and why. A leaf that cert-manager renews by itself is nobody's task; its CA's end is, as cert-manager puts
no CA beside another, and its renewal, where that gives it another key.
*/
export const deadlinesOf = (looked: Looked, now: number): Deadline[] => {
	const {cluster, secrets, issuance} = looked;
	const self = new Set(issuanceOf(looked).secrets
		.filter(({certificate, isAside}) => !isAside && issuance?.certificates.some(one => one.name === certificate && renewsItself(one, now)))
		.map(({secret}) => secret.name));
	const dated = datedOf(heldBy({cluster, observation: {secrets}}));
	return [...dated.filter(({is, held}) => is === 'ca' || !self.has(held.secret.name)).map(one => ending(one)), ...renewals(looked)];
};
