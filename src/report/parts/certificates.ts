import type {SecretChange, ShownCertificate} from '../../render/dry-run-schema.ts';
import {changesBetween} from '../../render/secret-changes.ts';
import type {Block, Cell, Section} from '../page.ts';
import type {RunRecord} from '../record.ts';
import {moment} from '../time.ts';

const hex = (text: ShownCertificate['keyId']): Cell => text === null ? '-' : {code: text};

/** What is told of a certificate, in the words that stand before it. */
const fields: Array<[name: string, of: (certificate: ShownCertificate) => Cell]> = [
	['subject', ({subject}) => subject],
	['serial', ({serial}) => hex(serial)],
	['key id', ({keyId}) => hex(keyId)],
	['issuer', ({issuer}) => issuer],
	['issuer\'s key id', ({issuerKeyId}) => hex(issuerKeyId)],
	['valid from', ({notBefore}) => moment(notBefore)],
	['valid until', ({notAfter}) => moment(notAfter)],
	['SHA-256', ({fingerprint}) => hex(fingerprint)],
];

const keyWords = (key: SecretChange['tls.key']['old']): Cell => typeof key?.algo === 'string' ? `${key.algo} ${key.size}` : '-';

const casWords = (certificates: ShownCertificate[]): Cell => certificates.length === 0 ? '-' : {code: certificates.map(({keyId, fingerprint}) => keyId ?? fingerprint.slice(0, 40)).join('\n')};

const sansWords = ({sansGained, sansLost, new: renewed}: SecretChange['tls.crt']): string => sansGained.length + sansLost.length === 0
	? `the same ${renewed[0]?.sans.length ?? 0}`
	: [...sansGained.map(san => `+ ${san}`), ...sansLost.map(san => `- ${san}`)].join('\n');

const leafTable = (change: SecretChange): Block => {
	const [[old], [renewed]] = [change['tls.crt'].old, change['tls.crt'].new];
	const changed = [
		change['tls.crt'].changed ? 'a new leaf' : 'the same leaf',
		change['tls.key'].changed ? 'a new key' : 'the same key',
		change['ca.crt'].changed ? 'another bundle' : 'the same bundle',
	];
	return {
		is: 'table',
		caption: `Secret ${change.name}: ${changed.join(', ')}`,
		head: ['leaf', 'before', 'after'],
		rows: [
			...fields.map(([name, of]): Cell[] => [name, old ? of(old) : '-', renewed ? of(renewed) : '-']),
			['kind of key', keyWords(change['tls.key'].old), keyWords(change['tls.key'].new)],
			['SANs', `${old?.sans.length ?? 0}`, sansWords(change['tls.crt'])],
			['key ids of the bundle\'s CAs', casWords(change['ca.crt'].old), casWords(change['ca.crt'].new)],
		],
	};
};

/** Every CA that a bundle had or has, once, and in how many Secrets it was and is. */
const caTable = (changes: SecretChange[]): Block => {
	const bundles = changes.map(change => change['ca.crt']);
	const all = new Map(bundles.flatMap(bundle => [...bundle.old, ...bundle.new]).map(ca => [ca.fingerprint, ca]));
	const count = (ca: ShownCertificate, of: 'old' | 'new'): number => bundles.filter(bundle => bundle[of].some(({fingerprint}) => fingerprint === ca.fingerprint)).length;
	const verdict = (before: number, after: number): string => before === 0 ? '+ new' : (after === 0 ? '- gone' : '= stays');
	return {
		is: 'table',
		caption: `CAs that the ${changes.length} Secrets trust`,
		head: ['', 'subject', 'serial', 'key id', 'valid from', 'valid until', 'Secrets before', 'after'],
		rows: all.values().map((ca): Cell[] => {
			const [before, after] = [count(ca, 'old'), count(ca, 'new')];
			return [verdict(before, after), ca.subject, hex(ca.serial), hex(ca.keyId), moment(ca.notBefore), moment(ca.notAfter), String(before), String(after)];
		}).toArray(),
	};
};

/** The certificates in the Secrets before and after. Of keys only their kind. */
export const certificates = ({cluster, before, after}: RunRecord): Section => {
	const changes = changesBetween(cluster, before, after);
	return {id: 'certificates', title: 'Certificates before and after', blocks: [caTable(changes), ...changes.map(change => leafTable(change))]};
};
