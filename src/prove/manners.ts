import {hostOf} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {Manner} from './types.ts';

type Row = Partial<Omit<Manner, 'secrets'>> & {also?: ComponentName};

/** What is known of no component's is taken as possible either way. */
const manner = (component: ComponentName, {also, ...row}: Row): Manner => ({
	library: 'go',
	leaf: 'mounted',
	clientsCa: 'start',
	serversCa: 'start',
	secrets: [hostOf(component), ...(also === undefined ? [] : [also])],
	...row,
});

/**
How each component takes up changed files: tidb-facts 1.1 and 1.6, sandbox-facts "Seen with the real PD and the real TiDB". The MySQL
ports have Secrets of their own, and are proved apart.
*/
export const manners: Record<ComponentName, Manner> = {
	// Seen: the leaf at every handshake, the CA never.
	pd: manner('pd', {}),
	// The gRPC server takes all three when the leaf's file has changed. The status port does so only after a failed handshake: until then it
	// serves the leaf that it had. A new channel reads all three, an open one keeps its CA.
	tikv: manner('tikv', {
		library: 'openssl', leaf: 'either', clientsCa: 'either', serversCa: 'either',
	}),
	// Seen of the status port. Its clients of PD and TiKV read the leaf for each connection and keep the CA.
	tidb: manner('tidb', {}),
	// Reloads its leaf since 6.5 only; the TiKV code in it reloads as TiKV does.
	tiflash: manner('tiflash', {
		library: 'openssl', leaf: 'either', clientsCa: 'either', serversCa: 'either',
	}),
	// Said to reload its leaf, by issues; the code that it used before did not.
	ticdc: manner('ticdc', {leaf: 'either', also: 'client'}),
	// All three, by a timer and by a watch. With the legacy layout it presents the cluster client's leaf (tidb-facts 1.4).
	tiproxy: manner('tiproxy', {clientsCa: 'either', serversCa: 'either', also: 'client'}),
	pump: manner('pump', {leaf: 'either', clientsCa: 'either', serversCa: 'either'}),
	// The same process by the legacy layout, where its own Secret is used for nothing (tidb-facts 1.4).
	'tiproxy-client': manner('tiproxy-client', {clientsCa: 'either', serversCa: 'either'}),
	// The operator reads the Secret for every call (tidb-facts 1.2): whatever it holds counts at once.
	client: manner('client', {clientsCa: 'mounted', serversCa: 'mounted'}),
	// Seen: the leaf at every handshake. Their port asks nobody for a certificate.
	tso: manner('tso', {clientsCa: 'either', serversCa: 'either'}),
	scheduling: manner('scheduling', {clientsCa: 'either', serversCa: 'either'}),
	// Nothing is said of them: whether a leaf is read again was not seen (tidb-facts 1.1).
	'dm-master': manner('dm-master', {leaf: 'either', clientsCa: 'either', serversCa: 'either'}),
	'dm-worker': manner('dm-worker', {leaf: 'either', clientsCa: 'either', serversCa: 'either'}),
	'dm-client': manner('dm-client', {clientsCa: 'mounted', serversCa: 'mounted'}),
	// All three at the start (tidb-facts 1.3).
	'tidb-server': manner('tidb-server', {leaf: 'start'}),
	// It shows MySQL clients TiDB's certificate, and checks TiDB by the CA of the one Secret or the other (tidb-facts 1.4).
	'tiproxy-server': manner('tiproxy-server', {clientsCa: 'either', serversCa: 'either', also: 'tidb-client'}),
	// Whoever takes it from its Secret. What others made of it is not to be seen.
	'tidb-client': manner('tidb-client', {clientsCa: 'mounted', serversCa: 'mounted'}),
};
