import {issuerAnnotations} from '../../cluster/cert-manager.ts';
import {secretName} from '../../cluster/components.ts';
import {nextOf, rehearsalName} from '../../cluster/issuance.ts';
import type {Cluster, ComponentName, Issuance} from '../../cluster/types.ts';
import type {Observation} from '../../observe/types.ts';
import {issuanceOf} from './detect.ts';

/** A Certificate as far as it tells who issues what; also one that is put aside. */
type Named = {name: string; secretName: string; issuer: string};

type Json = {kind?: string; metadata?: {name?: string}; spec?: {secretName?: string; issuerRef?: {name?: string}}};

/** The Certificates that are there, and those that are written down in the folder. */
const namedIn = ({issuance, folder}: Observation): Named[] => {
	const there = (issuance?.certificates ?? []).map(({name, secretName: secret, issuer}) => ({name, secretName: secret, issuer: issuer.name}));
	const recorded = Object.entries(folder.requests).filter(([file]) => file.startsWith('certificate-')).flatMap(([, {value}]) => {
		const {metadata, spec} = (value ?? {}) as Json;
		return metadata?.name === undefined ? [] : [{name: metadata.name, secretName: spec?.secretName ?? '', issuer: spec?.issuerRef?.name ?? ''}];
	});
	return [...there, ...recorded.filter(({name}) => there.every(one => one.name !== name))];
};

/**
The objects by which cert-manager issues a cluster's certificates: by the Certificates that name its Secrets, and by what the Secrets say.
@returns them; why there is no way with them, in words; or undefined where not every Secret is cert-manager's.
*/
export const issuanceNames = (cluster: Cluster, observation: Observation): {issuance: Issuance} | {problem: string} | undefined => {
	const {secrets, issuance} = observation;
	const found = issuanceOf({cluster, secrets, ...(issuance && {issuance})});
	if (!issuance || found.by !== 'cert-manager') {
		return undefined;
	}

	const all = namedIn(observation);
	const signers = new Set(found.secrets.map(({secret}) => secret.annotations[issuerAnnotations.name] ?? all.find(one => one.secretName === secret.name)?.issuer ?? ''));
	const [signer = ''] = signers;
	const own = issuance.issuers.find(({kind, name}) => kind === 'Issuer' && name === signer);
	if (signers.size > 1 || own?.type !== 'ca') {
		return {problem: signers.size > 1 ? `the Secrets are issued by ${[...signers].join(' and ')}` : `${signer} is no Issuer of this namespace that signs by a CA's Secret`};
	}

	const ca = all.find(({secretName: secret}) => secret === own.caSecret);
	if (!ca) {
		return {problem: `no Certificate makes the CA in Secret ${own.caSecret}`};
	}

	// One that a rehearsal left is thrown away, and none of the cluster's.
	const rehearsal = rehearsalName(cluster);
	const names = new Set(cluster.components.map(component => secretName(cluster.name, component)));
	const isOther = ({name, issuer, secretName: secret}: typeof all[number]): boolean =>
		issuer === signer && ![ca.name, rehearsal, nextOf(rehearsal)].includes(name) && !names.has(secret);
	return {
		issuance: {
			issuer: signer,
			ca: {certificate: ca.name, secret: own.caSecret},
			certificates: Object.fromEntries(found.secrets.map(({component, certificate}): [ComponentName, string] => [component, certificate!])),
			others: all.filter(one => isOther(one)).map(({name, secretName: secret}) => ({certificate: name, secret})),
		},
	};
};
