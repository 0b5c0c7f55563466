import {Buffer} from 'node:buffer';
import {resources} from '../../../sandbox/kube.ts';
import {inFolder, type SecretData} from '../forge.ts';
import type {Mutation} from '../mutation.ts';
import type {Place} from '../place.ts';

const missing = async ({kube, namespace}: Place) => {
	const where = {namespace, name: 'basic-tidb-cluster-secret'};
	const {metadata: {labels, annotations}, ...rest} = (await kube.get(resources.secrets, where))!;
	await kube.remove(resources.secrets, where);
	return async () => {
		await kube.create(resources.secrets, {...rest, metadata: {...where, ...(labels && {labels}), ...(annotations && {annotations})}});
	};
};

const annotated = (name: string, value: string) => async ({kube, namespace}: Place) => {
	const where = {namespace, name: 'basic-tikv-cluster-secret'};
	await kube.patch(resources.secrets, where, {metadata: {annotations: {[name]: value}}});
	return async () => {
		await kube.patch(resources.secrets, where, {metadata: {annotations: {[name]: null}}});
	};
};

/** Somebody in another namespace has a copy of the CA, from before the rotation. */
const consumer = async (place: Place) => {
	const {kube} = place;
	const [namespace, name] = ['app', 'tidb-ca'];
	const data = {'ca.crt': Buffer.from(await inFolder(place, 'ca.old.pem')).toString('base64')};
	await kube.create(resources.namespaces, {metadata: {name: namespace}});
	await kube.create<SecretData>(resources.secrets, {metadata: {namespace, name}, data});
	return async () => {
		await kube.remove(resources.secrets, {namespace, name});
		await kube.remove(resources.namespaces, {name: namespace});
	};
};

/** What is wrong with a Secret as an object. */
export const objects: Mutation[] = [
	{
		title: 'a missing Secret',
		plant: missing,
		codes: ['no-secret'],
		words: [/Secret basic-tidb-cluster-secret does not exist/v],
	},
	{
		title: 'a Secret of which cert-manager says that it is its own',
		plant: annotated('cert-manager.io/certificate-name', 'basic-tikv-cluster-secret'),
		codes: ['mixed-issuance'],
		words: [/Secret basic-tikv-cluster-secret is cert-manager's \(it says that Certificate basic-tikv-cluster-secret has issued it\)/v],
	},
	{
		title: 'a consumer in another namespace with the old CA',
		plant: consumer,
		codes: ['consumer-ca'],
		words: [/app.*tidb-ca .*ca\.crt.*trusts no CA that signed the certificates in/v],
	},
];
