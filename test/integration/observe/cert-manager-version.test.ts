import test from 'ava';
import {readVersion} from '../../../src/observe/cert-manager-version.ts';
import {apiServer, type Served} from '../../helpers/api-server.ts';

const deployment = (version: string | undefined, ...images: string[]) => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: {name: 'cert-manager', namespace: 'somewhere', labels: version === undefined ? {app: 'cert-manager'} : {'app.kubernetes.io/version': version}},
	spec: {template: {spec: {containers: images.map(image => ({image}))}}},
});

const served = (items: Served['items']): Served[] => [{
	group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', isNamespaced: true, items,
}];

const image = 'quay.io/jetstack/cert-manager-controller';

const cases: Array<[title: string, items: Served['items'], version: string | undefined]> = [
	['the label of its Deployment', [deployment('v1.11.5', `${image}:latest`)], 'v1.11.5'],
	['the tag of its image', [deployment(undefined, `${image}:v1.18.2@sha256:abc`)], 'v1.18.2'],
	['the label, where an image beside it has a tag of its own', [deployment('v1.17.0', 'proxy:1.2.3')], 'v1.17.0'],
	['nothing, where the image has no version', [deployment(undefined, 'localhost:5000/controller')], undefined],
	['nothing, where there are two of different versions', [deployment('v1.11.5'), deployment('v1.18.0')], undefined],
	['nothing, where there is none', [], undefined],
	['nothing, where it may not be read', 'forbidden', undefined],
];

for (const [title, items, version] of cases) {
	test(`the version of cert-manager is told by ${title}`, async t => {
		const access = await apiServer(t, served(items));
		t.is(await readVersion(access), version);
	});
}
