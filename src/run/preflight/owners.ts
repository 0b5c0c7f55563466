import {secretName} from '../../cluster/components.ts';
import {objectWords} from '../../cluster/kinds.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {ComponentName} from '../../cluster/types.ts';
import type {SecretFacts, TidbClusterFacts} from '../../observe/types.ts';
import type {Facts} from './facts.ts';

type Marked = Pick<SecretFacts | TidbClusterFacts, 'labels' | 'annotations' | 'owners' | 'managers'>;

/** A controller that holds objects to a state of its own, and the marks that it leaves. */
type Controller = {
	/** As a person writes it under `suspended` in cluster.yaml. */
	name: string;
	title: string;
	marks: (object: Marked) => boolean;
	/** What would happen, and how to prevent it. */
	fix: string;
};

const hasPrefix = (values: Record<string, string>, ...prefixes: string[]): boolean =>
	Object.keys(values).some(key => prefixes.some(prefix => key.startsWith(prefix)));

const isOwned = ({owners}: Marked, ...kinds: string[]): boolean => owners.some(({kind}) => kinds.includes(kind));

const controllers: Controller[] = [
	{
		// The label app.kubernetes.io/instance, which Argo CD may track by, is TiDB's and Helm's as well: it says nothing by itself.
		name: 'argo-cd',
		title: 'Argo CD',
		marks: ({labels, annotations, managers}) =>
			hasPrefix(labels, 'argocd.argoproj.io/') || 'argocd.argoproj.io/tracking-id' in annotations || managers.some(manager => manager.startsWith('argocd')),
		fix: 'suspend the automatic sync of its Application',
	},
	{
		name: 'flux',
		title: 'Flux',
		marks: ({labels, annotations}) =>
			(hasPrefix(labels, 'kustomize.toolkit.fluxcd.io/') && annotations['kustomize.toolkit.fluxcd.io/reconcile'] !== 'disabled')
			|| hasPrefix(labels, 'helm.toolkit.fluxcd.io/'),
		fix: 'suspend its Kustomization or HelmRelease (flux suspend …)',
	},
	{
		name: 'external-secrets',
		title: 'External Secrets',
		marks: object => isOwned(object, 'ExternalSecret', 'ClusterExternalSecret')
			|| hasPrefix({...object.labels, ...object.annotations}, 'reconcile.external-secrets.io/'),
		fix: 'renew the certificates where the ExternalSecret takes them from',
	},
	{
		name: 'sealed-secrets',
		title: 'Sealed Secrets',
		marks: object => isOwned(object, 'SealedSecret') || hasPrefix(object.annotations, 'sealedsecrets.bitnami.com/'),
		fix: 'seal the new certificates instead, or remove the SealedSecret first and keep the Secret',
	},
];

/** Owners whose part is judged otherwise: the cluster's own operator, and cert-manager. */
const knownOwners = new Set(['TidbCluster', 'DMCluster', 'Certificate']);

/** Owners that no controller of the list explains: something will make the object again as it wants it. */
const otherOwners = (what: string, {owners}: Marked, found: Controller[]): Problem[] => found.length > 0
	? []
	: owners.filter(({kind}) => !knownOwners.has(kind)).map(({kind, name}) => ({
		code: 'owned',
		what: `${what} is owned by ${kind} ${name}, which may write it again`,
		fix: `see what ${kind} ${name} does with it; if it may stay, add "${kind}" to the list "suspended" in cluster.yaml`,
	}));

/** Controllers and owners that hold an object to a state of their own. */
export const markProblems = (what: string, object: Marked, suspended: string[]): Problem[] => {
	const found = controllers.filter(({marks}) => marks(object));
	return [
		...found.filter(({name}) => !suspended.includes(name)).map(({name, title, fix}) => ({
			code: 'owned',
			what: `${what} is managed by ${title}, which may undo the rotation at any moment`,
			fix: `${fix}; once that is done, add "${name}" to the list "suspended" in cluster.yaml`,
		})),
		...otherOwners(what, {...object, owners: object.owners.filter(({kind}) => !suspended.includes(kind))}, found),
	];
};

/** Controllers that hold a component's Secret to a state of their own. */
export const secretOwnerProblems = ({cluster, observation, suspended}: Pick<Facts, 'cluster' | 'observation' | 'suspended'>, component: ComponentName): Problem[] => {
	const secret = observation.secrets[secretName(cluster.name, component)];
	return secret ? markProblems(`Secret ${secret.name}`, secret, suspended) : [];
};

/** Who would undo what the rotation writes: controllers that hold the TidbCluster or its Secrets to a state of their own. */
export const ownerProblems = (facts: Facts): Problem[] => [
	...markProblems(objectWords(facts.cluster), facts.observation.cluster, facts.suspended),
	...facts.cluster.components.flatMap(component => secretOwnerProblems(facts, component)),
];
