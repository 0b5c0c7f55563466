import {plainName} from '../../certificates/names.ts';
import type {CertificateFacts} from '../../certificates/types.ts';
import {issuerAnnotations} from '../../cluster/cert-manager.ts';
import {secretName} from '../../cluster/components.ts';
import type {CertificateObjectFacts, IssuerReference} from '../../observe/issuance-types.ts';
import {leafOf} from '../held.ts';
import {concerned, type Looked} from './detect.ts';
import type {IssuanceProblem} from './types.ts';

const filled = (text: string | undefined, otherwise: string): string => text === undefined || text === '' ? otherwise : text;

/** The Issuer that a Secret says it is of. */
const issuerIn = (annotations: Record<string, string>): IssuerReference => ({
	kind: filled(annotations[issuerAnnotations.kind], 'Issuer'),
	name: filled(annotations[issuerAnnotations.name], 'nobody'),
	group: filled(annotations[issuerAnnotations.group], 'cert-manager.io'),
});

const issuerDifference = (asked: IssuerReference, signed: IssuerReference): string[] => {
	const isOfGroups = asked.group !== signed.group;
	const words = ({kind, name, group}: IssuerReference): string => `${kind} ${name}${isOfGroups ? ` of ${group}` : ''}`;
	return words(asked) === words(signed) ? [] : [`it is of ${words(signed)}, not ${words(asked)}`];
};

/** The usages that a certificate's extension has words for. */
const extended = (usages: string[]): string[] => usages.filter(usage => usage === 'server auth' || usage === 'client auth').toSorted();

const usageWords = (usages: string[]): string => usages.length === 0 ? 'nothing by name' : usages.join(', ');

const missing = (wanted: string[], there: string[]): string[] => wanted.filter(one => there.every(other => plainName(other) !== plainName(one)));

/** In what a leaf is not what its Certificate asks for. */
const differences = ({commonName, dnsNames, ipAddresses, usages, issuer}: CertificateObjectFacts, leaf: CertificateFacts, annotations: Record<string, string>): string[] => {
	const names = [...dnsNames, ...ipAddresses];
	const [lacks, more] = [missing(names, leaf.sans), missing(leaf.sans, names)];
	const [asked, has] = [extended(usages), extended(leaf.extendedKeyUsages)];
	return [
		...(commonName === '' || commonName === leaf.commonName ? [] : [`its CN is ${JSON.stringify(leaf.commonName)}, not ${JSON.stringify(commonName)}`]),
		...(lacks.length === 0 ? [] : [`it lacks ${lacks.join(', ')}`]),
		...(more.length === 0 ? [] : [`it has ${more.join(', ')}, which the Certificate does not ask for`]),
		...(asked.join(', ') === has.join(', ') ? [] : [`it is for ${usageWords(has)}, not ${usageWords(asked)}`]),
		...issuerDifference(issuer, issuerIn(annotations)),
	];
};

/** Certificates that ask for something else than their Secrets hold: cert-manager issues these again as soon as it looks. */
export const agreementProblems = (looked: Looked): IssuanceProblem[] => concerned(looked).flatMap(({certificate, component}): IssuanceProblem[] => {
	const secret = component === undefined ? undefined : looked.secrets[secretName(looked.cluster.name, component)];
	const leaf = secret && leafOf(secret);
	const found = leaf && !certificate.issuing ? differences(certificate, leaf, secret.annotations) : [];
	return found.length === 0
		? []
		: [{
			code: 'certificate-differs',
			component: component!,
			secret: certificate.secretName,
			what: `the certificate in Secret ${certificate.secretName} is not what Certificate ${certificate.name} asks for: ${found.join('; ')}`,
			fix: [
				'cert-manager issues it again as soon as it looks, with one CA in ca.crt: put the Certificate right first,',
				`and see kubectl describe certificate ${certificate.name} -n ${looked.cluster.namespace}`,
			].join(' '),
		}];
});
