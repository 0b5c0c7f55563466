import {
	proofs,
	type Cell,
	type Evidence,
	type ProofName,
	type Row,
	type Verified,
} from '../verify/types.ts';
import {columns} from './table.ts';

type Column = {heading: string; proved: string; how: string};

/** The table's columns; `proved` is what stands there when the proof holds. */
const shown: Record<ProofName, Column> = {
	folder: {heading: 'folder', proved: 'same', how: 'the cluster folder holds the Secret\'s certificate, key and bundle: by fingerprint'},
	key: {heading: 'key', proved: 'fits', how: 'the Secret\'s key fits its certificate: by public key'},
	mounted: {heading: 'mounted', proved: 'same', how: 'the container has the Secret\'s ca.crt and tls.crt mounted: by kubectl exec'},
	served: {heading: 'served', proved: 'same', how: 'the port serves the Secret\'s certificate: by handshake through kubectl port-forward'},
	chain: {heading: 'chain', proved: 'trusted', how: 'every Secret\'s ca.crt vouches for it, and it is valid now'},
	names: {heading: 'names', proved: 'all', how: 'it has the documents\' names and those that the pods really have'},
	commonName: {heading: 'CN', proved: 'right', how: 'it has the CN of the others, which cert-allowed-cn and cluster-verify-cn take'},
	usages: {heading: 'usages', proved: 'right', how: 'it may be used as server and client'},
	clients: {heading: 'strangers', proved: 'rejected', how: 'the port accepts the client certificate and rejects one of a CA that nobody trusts: by handshake'},
	loaded: {heading: 'bundle loaded', proved: '', how: 'the process has the Secret\'s ca.crt: by handshake with leaves of its CAs, or by restart since it was written'},
};

const word = (proof: ProofName, {result, how}: Cell): string => {
	const words = {
		yes: shown[proof].proved === '' ? how : shown[proof].proved,
		no: 'NO',
		unknown: '?',
		none: how === '' ? '-' : 'not asked',
	};
	return words[result];
};

const line = ({component, pod, port, use, proofs: cells}: Row): string[] => [
	pod ?? component, port === undefined ? '-' : `${port} ${use}`, ...proofs.map(proof => word(proof, cells[proof])),
];

const legend = (): string => columns(proofs.map(proof => [shown[proof].heading, shown[proof].how])).replaceAll(/^/gmv, '  ').trimEnd();

const numbered = (findings: Verified['findings']): string[] => findings.map(({what, fix}, index) => `${String(index + 1).padStart(3)}. ${what}\n     → ${fix}`);

/** What was proved and found, for a person. Pure. */
export const verifiedText = ({cluster, observation}: Evidence, {rows, findings, notes}: Verified): string => [
	`Certificates of ${cluster.name} in namespace ${cluster.namespace} at ${new Date(observation.now).toISOString()}`,
	'',
	columns([['pod', 'port', ...proofs.map(proof => shown[proof].heading)], ...rows.map(row => line(row))]).trimEnd(),
	'',
	'What the columns say where they do not say NO or ? (not seen):',
	legend(),
	...(notes.length === 0 ? [] : ['', 'To know:', ...notes.map(note => `  ${note}`)]),
	'',
	...(findings.length === 0 ? ['No findings.'] : [`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}:`, ...numbered(findings)]),
	'',
].join('\n');
