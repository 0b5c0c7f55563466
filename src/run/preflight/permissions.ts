import {kindOf} from '../../cluster/kinds.ts';
import {discoveryName, leaseName, secretName} from '../../cluster/names.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {Cluster} from '../../cluster/types.ts';
import type {Access} from '../../observe/cluster.ts';
import type {Target} from '../../plan/types.ts';
import {runProgram} from '../program.ts';

/** One thing that the tool does at the API server. */
type Permission = {verb: string; group: string; resource: string; subresource?: string; name?: string};

/** How a cluster's certificates are replaced, as far as it tells what is to be allowed. */
type Way = Pick<Target, 'route' | 'asDocumented'>;

const ofCertManager = (resource: string, verbs: string[]): Permission[] => verbs.map(verb => ({verb, group: 'cert-manager.io', resource}));

const onSecrets = (verbs: string[]): Permission[] => verbs.map(verb => ({verb, group: '', resource: 'secrets'}));

/** What is done besides where cert-manager issues. Objects that are made beside the cluster's own have other names than those. */
const issuancePermissions = ({route, asDocumented}: Way): Permission[] => [
	...ofCertManager('certificates', ['list']),
	...ofCertManager('issuers', ['list']),
	...(route === 'keep-ca' && !asDocumented
		? [{
			verb: 'patch', group: 'cert-manager.io', resource: 'certificates', subresource: 'status',
		}]
		: []),
	...(asDocumented ? onSecrets(['delete']) : []),
	...(route === 'new-ca' && asDocumented ? [{verb: 'delete', group: '', resource: 'pods'}] : []),
	...(route === 'new-ca' && !asDocumented
		? [
			...ofCertManager('certificates', ['get', 'create', 'patch', 'delete']),
			...ofCertManager('issuers', ['get', 'create', 'patch', 'delete']),
			...onSecrets(['get', 'patch', 'delete']),
		]
		: []),
];

/** Everything that rotates a cluster, each Secret by its name, as a role may be limited to names. */
const permissions = (cluster: Cluster, way: Way): Permission[] => [
	...(cluster.issuance ? issuancePermissions(way) : []),
	...cluster.components.flatMap(component => ['get', 'patch'].map(verb => ({
		verb, group: '', resource: 'secrets', name: secretName(cluster.name, component),
	}))),
	...['get', 'list', 'patch'].map(verb => ({
		verb, group: 'pingcap.com', resource: kindOf(cluster).plural, ...(verb !== 'list' && {name: cluster.name}),
	})),
	{verb: 'list', group: 'apps', resource: 'statefulsets'},
	...(cluster.discovery
		? [{verb: 'list', group: 'apps', resource: 'deployments'}, {
			verb: 'patch', group: 'apps', resource: 'deployments', name: discoveryName(cluster.name),
		}]
		: []),
	{verb: 'get', group: '', resource: 'pods'},
	{verb: 'list', group: '', resource: 'pods'},
	{
		verb: 'create', group: '', resource: 'pods', subresource: 'portforward',
	},
	...(cluster.takesUp === 'by reload'
		? [{verb: 'patch', group: '', resource: 'pods'}, {
			verb: 'create', group: '', resource: 'pods', subresource: 'exec',
		}]
		: []),
	// What is to be created has no name yet, for a role.
	{verb: 'create', group: 'coordination.k8s.io', resource: 'leases'},
	...['get', 'update'].map(verb => ({
		verb, group: 'coordination.k8s.io', resource: 'leases', name: leaseName(cluster.name),
	})),
];

const review = (namespace: string, permission: Permission): Record<string, unknown> => ({
	apiVersion: 'authorization.k8s.io/v1',
	kind: 'SelfSubjectAccessReview',
	spec: {resourceAttributes: {namespace, ...permission}},
});

/** The words that `kubectl auth can-i` takes, so that a person can ask the same. */
const canI = ({verb, group, resource, subresource, name}: Permission): string => [
	verb,
	`${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : `/${name}`}`,
	...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
].join(' ');

/**
Asks the API server whether we may do each thing that a rotation does: the question of `kubectl auth can-i`
(SelfSubjectAccessReview), for all of them by one kubectl.
@throws ProgramError when the API server cannot be asked.
*/
export const permissionProblems = async (access: Access, cluster: Cluster, {route, asDocumented = false}: Way): Promise<Problem[]> => {
	const asked = permissions(cluster, {route, asDocumented});
	const list = {apiVersion: 'v1', kind: 'List', items: asked.map(permission => review(cluster.namespace, permission))};
	// One line for each answer, in the order of the questions.
	const {stdout} = await runProgram('kubectl', ['create', '--validate=false', '-o', String.raw`jsonpath={.status.allowed}{"\n"}`, '-f', '-'], {
		what: 'asking the API server what we may do', env: access.env, input: JSON.stringify(list),
	});
	const answers = stdout.split('\n');
	return asked.filter((_, index) => answers[index] !== 'true').map(permission => ({
		code: 'forbidden',
		what: `not allowed in namespace ${cluster.namespace}: ${canI(permission)}`,
		fix: `ask whoever may give it; to see it: kubectl auth can-i ${canI(permission)} -n ${cluster.namespace}`,
	}));
};
