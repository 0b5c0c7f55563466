import {withGuests} from '../cluster/components.ts';
import type {PemFacts} from '../certificates/types.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {holdingOf} from './holding.ts';
import {links} from './links.ts';
import {manners} from './manners.ts';
import type {
	Group,
	Library,
	Meeting,
	Party,
	Unsafe,
} from './types.ts';

/** Why a leaf is refused by a bundle; undefined when it is not. */
export type Judge = (leaf: PemFacts, bundle: PemFacts, library: Library) => string | undefined;

/** A leaf that a party may present to another, who may refuse it. */
export type Refused = {verifier: Party; presenter: Party; as: Unsafe['as']; leaf: PemFacts; reason: string};

/** What a group may hold. */
export const partyOf = (group: Group): Party => {
	const manner = manners[group.component];
	return {group, holding: holdingOf(manner, manner.secrets.flatMap(secret => group.mounts[secret] ?? [])), library: manner.library};
};

/** How many states a party's processes may be in: a leaf with a bundle each. */
export const statesOf = ({holding: {leaves, clientsCas, serversCas}}: Party): number =>
	leaves.length * new Set([...clientsCas, ...serversCas].map(({digest}) => digest)).size;

const refusedIn = (presenter: Party, verifier: Party, as: Unsafe['as'], judge: Judge): Refused[] => {
	const bundles = as === 'client' ? verifier.holding.clientsCas : verifier.holding.serversCas;
	return presenter.holding.leaves.flatMap(leaf => {
		const reason = bundles.map(bundle => judge(leaf, bundle, verifier.library)).find(one => one !== undefined);
		return reason === undefined
			? []
			: [{
				verifier, presenter, as, leaf, reason,
			}];
	});
};

/** Both ways: the server checks the client's leaf, and the client the server's. */
export const refusedBetween = (client: Party, server: Party, judge: Judge): Refused[] => [
	...refusedIn(client, server, 'client', judge),
	...refusedIn(server, client, 'server', judge),
];

/** Every two parties of which one calls the other, with what would be refused between them. Nobody calls himself. */
export const meetingsOf = (parties: Party[], cluster: Cluster, judge: Judge): Array<Meeting & {refused: Refused[]}> => {
	const of = (component: ComponentName): Party[] => parties.filter(({group}) => group.component === component);
	const present = withGuests(cluster);
	return links.filter(({client, server}) => present.includes(client) && present.includes(server))
		.flatMap(link => of(link.client).flatMap(client => of(link.server).map(server => ({client, server}))))
		.filter(({client, server}) => client !== server || client.group.pods.length > 1)
		.map(({client, server}) => {
			const refused = refusedBetween(client, server, judge);
			return {
				client, server, pairs: statesOf(client) * statesOf(server), isSafe: refused.length === 0, refused,
			};
		});
};
