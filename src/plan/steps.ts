import {
	components,
	hostOf,
	inOrder,
	limitedTo,
	runningComponents,
	withGuests,
} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {restart, restartDiscovery} from './lines.ts';
import type {Condition, Phase, Step} from './types.ts';

const docs = 'renew-tls-certificate.md';

/** The documents' headings that the phases carry out. */
export const headings: Record<'trust' | 'reissue' | 'retire' | 'renew' | 'rollback' | 'leaves' | 'outage', string> = {
	trust: `${docs}#renew-and-replace-the-ca-certificate`,
	reissue: `${docs}#renew-and-replace-certificates-between-components`,
	retire: `${docs}#optional-remove-the-original-ca-certificate-from-the-combined-ca-certificate`,
	// The documents replace the key as well; this is the section about the CA.
	renew: `${docs}#renew-and-replace-the-ca-certificate`,
	rollback: `${docs}#renew-and-replace-certificates-issued-by-the-cfssl-system`,
	// Of cert-manager.
	leaves: `${docs}#only-renew-and-replace-certificates-between-components`,
	outage: `${docs}#renew-and-replace-the-ca-certificate-and-certificates-between-components`,
};

/** A step with what most steps have. */
export const step = (parts: Pick<Step, 'id' | 'phase' | 'title' | 'lines' | 'done'> & Partial<Step>): Step => ({
	docs: headings.trust, needs: [], independent: false, skip: [], limit: 'at once', ...parts,
});

/** The components that run in pods, in the order in which the operator restarts them. */
export const running = (cluster: Cluster): ComponentName[] => inOrder(runningComponents(cluster));

/** The same condition for each component that runs. */
export const each = (cluster: Cluster, condition: (component: ComponentName) => Condition): Condition[] => running(cluster).map(component => condition(component));

/** Every Secret holds this bundle, and with `leaf` the folder's leaf. */
export const everySecret = (cluster: Cluster, bundle: string, leaf: boolean): Condition[] =>
	cluster.components.map(component => ({
		is: 'secret', component, bundle, leaf,
	}));

export type Restarting = {
	phase: Exclude<Phase, 'issue' | 'prepare'>;
	/** The file whose CAs the pods must start with. */
	bundle: string;
	/** The leaves alone are others: whoever shows none has nothing new to read. */
	isOfLeaves?: true;
	/** The number of the documents' item; what the documents do not know has none. */
	item?: number;
	/** Names the steps where a phase has more than one restart; the phase's name without it. */
	name?: string;
	/** What the phase after this one writes to the Secrets, one after the other, while this one's restarts stay done. */
	later?: string;
	/** Tells the phase's restart from an earlier one with the same files' names. It has no place before this holds of every component: a way back may have begun with any. */
	also?: (component: ComponentName) => Condition[];
};

/** Components whose pods take up a new CA and leaf without a restart when they are told to, by this statement (tidb-facts 1.3). */
const reloadable: ReadonlySet<ComponentName> = new Set(['tidb-server']);

/** TiDB's: certificate, key and CA, of the one TiDB that is asked, for new connections; when it fails, those that it had stay. */
const reloadTls = 'ALTER INSTANCE RELOAD TLS';

/** Whose pods they are: a guest goes by the name of what it is. */
const podWords = (component: ComponentName): string => components[component].host === undefined ? component : components[component].workload!;

/** What the steps of one component's uptake have in common. */
type Uptake = {
	component: ComponentName;
	title: (words: string) => string;
	/** What must hold of the Secrets for the steps to count as done. */
	written: Condition[];
};

const restarted = (cluster: Cluster, {phase, bundle, name = phase, also = () => []}: Restarting, {component, title, written}: Uptake): Step[] => [
	step({
		id: `${name}.restart.${component}`,
		phase,
		title: title(`ask the operator to restart ${podWords(component)}`),
		docs: headings[phase],
		lines: [restart(cluster, component, bundle)],
		done: [{
			is: 'stamped', component, bundle, fresh: false,
		}, ...also(component)],
		skip: [...written, {
			is: 'stamped', component, bundle, fresh: true,
		}],
	}),
	step({
		id: `${name}.rolled.${component}`,
		phase,
		title: title(`wait until every ${podWords(component)} pod has been restarted`),
		docs: headings[phase],
		lines: [],
		done: [{is: 'rolled', component, bundle}, ...also(component)],
		skip: written,
		limit: 'while it progresses',
	}),
];

const reloaded = ({phase, bundle, name = phase, also = () => []}: Restarting, {component, title, written}: Uptake): Step => step({
	id: `${name}.reload.${component}`,
	phase,
	title: title('have every TiDB read its files again, without a restart'),
	docs: headings[phase],
	lines: [],
	sql: {text: reloadTls, component, bundle},
	done: [{is: 'reloaded', component, bundle}, ...also(component)],
	skip: written,
	limit: 'while it progresses',
});

/** Discovery before the PDs that ask it (tidb-facts 5.A.19), wherever the CA is another. It is the operator's Deployment, and has no phase of its own. */
const discoverySteps = (cluster: Cluster, {phase, bundle, name = phase}: Restarting, {title, written}: Omit<Uptake, 'component'>): Step[] => cluster.discovery
	? [step({
		id: `${name}.restart.discovery`,
		phase,
		title: title('restart discovery, which PDs ask when they start'),
		docs: headings[phase],
		lines: [restartDiscovery(cluster, bundle)],
		done: [{is: 'deployed', bundle}],
		skip: written,
		limit: 'while it progresses',
	})]
	: [];

/**
The rolling restart of a phase: component after component, each asked for once and waited for (tidb-facts 3.3). Where the cluster takes up by
reload, those that can are told to instead.
*/
export const restartSteps = (cluster: Cluster, restarting: Restarting): Step[] => {
	const {bundle, later, item, also = () => []} = restarting;
	const title = (words: string): string => item === undefined ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : `Item ${item}: ${words}`;
	// A pod loads what its Secret holds when it starts, whatever was asked for.
	const hosts = [...new Set(withGuests(cluster).map(component => hostOf(component)))];
	const written = [
		...everySecret(limitedTo(cluster, hosts), bundle, true).map(condition => ({...condition, ...(later !== undefined && {later})})),
		...cluster.components.flatMap(component => also(component)),
	];
	const before = restarting.isOfLeaves ? [] : discoverySteps(cluster, restarting, {title, written});
	return [...before, ...running(cluster).flatMap(component => {
		const uptake = {component, title, written};
		return cluster.takesUp === 'by reload' && reloadable.has(component) ? reloaded(restarting, uptake) : restarted(cluster, restarting, uptake);
	})];
};
