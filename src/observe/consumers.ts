import {X509Certificate} from 'node:crypto';
import {readCertificates} from '../certificates/read.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {ownSecrets} from '../cluster/issuance.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Access} from './cluster.ts';
import {holders, scanCertificates} from './scan.ts';
import type {Consumer, Consumers, Observation} from './types.ts';

const base64Of = ({pem}: CertificateFacts): string => pem.replaceAll(/-----[^\-]+-----|\s/gv, '');

const pemOf = (base64: string): string => `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/gv)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;

const withoutDoubles = (certificates: CertificateFacts[]): CertificateFacts[] => new Map(certificates.map(certificate => [certificate.fingerprint, certificate])).values().toArray();

/** Every CA that the cluster has or had, as Secrets, folder and backups tell. */
export const knownCas = ({folder, secrets}: Observation): CertificateFacts[] => {
	const files = [folder, ...folder.backups].flatMap(({certificates}) => ['ca.pem', 'ca.new.pem', 'ca.old.pem'].flatMap(file => certificates[file]?.certificates ?? []));
	const live = Object.values(secrets).flatMap(({bundle}) => bundle.certificates);
	return withoutDoubles([...files, ...live].filter(({isCa}) => isCa));
};

const byPlace = (one: Consumer, other: Consumer): number => `${one.namespace}/${one.name}`.localeCompare(`${other.namespace}/${other.name}`, 'en');

/** Takes certificates one after the other and keeps those that are one of `cas` or signed by one: of a large cluster's thousands a few. */
export const openCollection = (cas: CertificateFacts[]) => {
	const signers = cas.map(ca => new X509Certificate(ca.pem));
	const own = new Map(cas.map(ca => [base64Of(ca), ca]));
	const found = new Map<string, Consumer>();

	/** Looks at names and signature only: to read a certificate whole takes milliseconds. */
	const signedIn = (base64: string): CertificateFacts | undefined => {
		const pem = pemOf(base64);
		try {
			const certificate = new X509Certificate(pem);
			const isOurs = signers.some(ca => certificate.issuer === ca.subject && certificate.verify(ca.publicKey));
			return isOurs ? readCertificates(pem).certificates[0] : undefined;
		} catch {
			// No certificate, whatever its label says.
			return undefined;
		}
	};

	const isOurCa = ({isCa, publicKey}: CertificateFacts): boolean => isCa && cas.some(ca => ca.publicKey === publicKey);

	return {
		/** Takes one, found at a place like `Secret/tidb/basic ca.crt`. */
		take(place: string, base64: string): void {
			const certificate = own.get(base64) ?? signedIn(base64);
			if (!certificate) {
				return;
			}

			const [id = '', key = ''] = place.split(' ', 2);
			const [kind, namespace = '', name = ''] = id.split('/') as [Consumer['kind'], string?, string?];
			const before = found.get(id) ?? {
				kind, namespace, name, keys: [], cas: [], leaves: [],
			};
			// A CA that was made anew signs itself with the key that it had: no backup need know each of its certificates.
			const list = isOurCa(certificate) ? 'cas' : 'leaves';
			found.set(id, {
				...before,
				keys: [...new Set([...before.keys, key])],
				[list]: withoutDoubles([...before[list], certificate]),
			});
		},
		/** Those that hold something, Secrets first. */
		found(): Consumer[] {
			const all = found.values().toArray().toSorted(byPlace);
			return [...all.filter(({kind}) => kind === 'Secret'), ...all.filter(({kind}) => kind !== 'Secret')];
		},
	};
};

/** Whether it is one of the Secrets that this tool itself writes. */
const isOwn = ({kind, namespace, name}: Consumer, cluster: Cluster): boolean =>
	kind === 'Secret' && namespace === cluster.namespace && ownSecrets(cluster).includes(name);

/**
Every Secret and ConfigMap, in all namespaces that may be read, that holds a CA of the cluster, one from before included, or a leaf of
one; without those that this tool writes. The observation tells which CAs those are.
@throws ProgramError when the API server cannot be asked.
*/
export const observeConsumers = async (access: Access, cluster: Cluster, observation: Observation): Promise<Consumers> => {
	const {take, found} = openCollection(knownCas(observation));
	const unread = await Promise.all(holders.map(async holder => scanCertificates(access, holder, cluster.namespace, take)));
	return {found: found().filter(consumer => !isOwn(consumer, cluster)), unread: unread.flat(), users: []};
};
