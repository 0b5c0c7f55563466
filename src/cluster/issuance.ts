import {secretName} from './names.ts';
import type {Cluster, Issuance, Kind} from './types.ts';

/** The names that the documents give to cert-manager's objects. */
export const documentedIssuance = ({name, components, kind = 'tidb'}: Pick<Cluster, 'name' | 'components'> & {kind?: 'tidb' | Kind}): Issuance => ({
	issuer: `${name}-${kind}-issuer`,
	ca: {certificate: `${name}-ca`, secret: `${name}-ca-secret`},
	certificates: Object.fromEntries(components.map(component => [component, secretName(name, component)])),
	others: [],
});

/** What stands beside an object of the present CA while the next one comes: `basic-ca-next`, and for the CA's Secret `basic-ca-next-secret`. */
export const nextOf = (name: string): string => `${name}-next`;

/** Where the next CA is kept: its name ends as that of the present one does. */
export const nextCaSecret = ({ca}: Issuance): string => ca.secret.endsWith('-secret') ? `${ca.secret.slice(0, -'-secret'.length)}-next-secret` : nextOf(ca.secret);

/** The Secrets whose leaves the Issuer signs: the components', then the others. */
export const issuedSecrets = (cluster: Cluster, {others}: Issuance): string[] =>
	[...cluster.components.map(component => secretName(cluster.name, component)), ...others.map(({secret}) => secret)];

/** Every Certificate that a new CA concerns: the components', the others, last that of the CA. */
export const certificatesOf = (cluster: Cluster, {ca, certificates, others}: Issuance): string[] =>
	[...cluster.components.map(component => certificates[component]!), ...others.map(({certificate}) => certificate), ca.certificate];

/** The Certificate and Secret of the rehearsal. */
export const rehearsalName = ({name}: Pick<Cluster, 'name'>): string => `${name}-rotation-rehearsal`;

/** The Secrets beside the components' own that a rotation writes or makes. */
export const besideSecrets = (cluster: Cluster, issuance: Issuance): string[] => {
	const rehearsal = rehearsalName(cluster);
	return [
		...issuance.others.map(({secret}) => secret),
		issuance.ca.secret,
		...issuedSecrets(cluster, issuance).map(name => nextOf(name)),
		nextCaSecret(issuance),
		rehearsal,
		nextOf(rehearsal),
	];
};

/** Every Secret in the cluster's namespace that a rotation writes or makes. */
export const ownSecrets = (cluster: Cluster): string[] => [
	...cluster.components.map(component => secretName(cluster.name, component)),
	...(cluster.issuance ? besideSecrets(cluster, cluster.issuance) : []),
];
