import {clientComponent} from '../../cluster/components.ts';
import {nextOf, rehearsalName} from '../../cluster/issuance.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import {
	type Copy,
	copyObject,
	copySecret,
	remove,
} from '../object-lines.ts';
import {headings, step as usualStep} from '../steps.ts';
import type {Step} from '../types.ts';

const step = (parts: Omit<Parameters<typeof usualStep>[0], 'phase'>): Step => usualStep({phase: 'trust', docs: headings.trust, ...parts});

/**
The whole way rests on this: a Certificate that comes back to a Secret with another leaf is not issued again. Whether this cert-manager
leaves it so is tried on a throwaway Certificate like the client's, by the same writes.
*/
export const rehearseSteps = (cluster: Cluster, {issuer, certificates}: Issuance): Step[] => {
	const name = rehearsalName(cluster);
	const next = nextOf(name);
	const copy = (to: string, signer: string): Copy => ({
		kind: 'Certificate', from: certificates[clientComponent(cluster)]!, to, spec: {secretName: to, issuerRef: {name: signer}},
	});
	const isReady = (which: string) => ({is: 'ready', kind: 'Certificate', name: which} as const);
	return [
		step({
			id: 'trust.rehearse.issue',
			title: 'Rehearse on a throwaway Certificate: have it issued by the present and by the new CA',
			lines: [[name, issuer], [next, nextOf(issuer)]].map(([to, signer]) => copyObject(cluster, copy(to!, signer!))),
			done: [isReady(name), isReady(next)],
			limit: 'while it progresses',
		}),
		step({
			id: 'trust.rehearse.exchange',
			title: 'Rehearse: put it aside, and write the other leaf and two CAs to its Secret',
			lines: [remove(cluster, 'Certificate', [name]), copySecret(cluster, {from: next, to: name, bundle: ['ca.pem', 'ca.pem']})],
			done: [{is: 'gone', kind: 'Certificate', names: [name]}, {is: 'alike', secret: name, as: next}],
		}),
		step({
			id: 'trust.rehearse.return',
			title: 'Rehearse: make it again',
			lines: [copyObject(cluster, copy(name, issuer))],
			done: [isReady(name)],
			limit: 'while it progresses',
		}),
		step({
			id: 'trust.rehearse.verify',
			title: 'Rehearse: see that cert-manager did not issue it again',
			lines: [],
			done: [isReady(name), {is: 'alike', secret: name, as: next}],
		}),
		step({
			id: 'trust.rehearse.remove',
			title: 'Rehearse: remove the throwaway Certificates and their Secrets',
			lines: [remove(cluster, 'Certificate', [name, next]), remove(cluster, 'Secret', [name, next])],
			done: [{is: 'gone', kind: 'Certificate', names: [name, next]}, {is: 'gone', kind: 'Secret', names: [name, next]}],
			limit: 'while it progresses',
		}),
	];
};
