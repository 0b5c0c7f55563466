import {covers, coversForGo} from '../certificates/names.ts';
import {
	components,
	hostOf,
	partOf,
	servername,
} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import {leavesOf} from '../judge/held.ts';
import {commandFor, leafWords} from '../judge/words.ts';
import type {TidbClusterStatus} from '../observe/objects.ts';
import type {Evidence, Finding} from './types.ts';

type Wanted = {name: string; why: string};

const hostIn = (url: string): string => URL.parse(url)?.hostname.replaceAll(/^\[|\]$/gv, '') ?? '';

/** Where a component's members have told the others that they are, as the operator shows it. */
const advertised = (status: TidbClusterStatus, component: ComponentName): Wanted[] => {
	const {members = {}, stores = {}} = partOf(status, component) ?? {};
	const urls = Array.isArray(members) ? members : Object.values(members).map(({clientURL = ''}) => clientURL);
	const hosts = [...urls.map(url => hostIn(url)), ...Object.values(stores).map(({ip = ''}) => ip)];
	return hosts.filter(host => host !== '').map(name => ({name, why: 'a member is known by it to the others'}));
};

/** The names by which the pods are called, and, in a cluster whose certificates hold addresses of pods, all of those. */
const ofPods = ({cluster, observation}: Evidence, component: ComponentName, has: (name: string) => boolean): Wanted[] => {
	const pods = observation.pods.filter(pod => pod.component === component);
	const service = observation.sets.find(set => set.component === component)?.serviceName ?? '';
	const addresses = pods.flatMap(({address}) => address ?? []);
	return [
		...pods.map(({name}) => ({name: servername(cluster, component, name, service), why: 'the pod is called by it'})),
		...(addresses.some(address => has(address)) ? addresses : []).map(name => ({name, why: 'it is the address of a pod, and those of other pods are there'})),
	];
};

/** Who serves a component's certificate to the other components: itself, and guests that have ports. */
const servedBy = ({cluster: {side, guests = []}}: Evidence, component: ComponentName): ComponentName[] =>
	[component, ...(side === undefined ? guests : []).filter(guest => hostOf(guest) === component && components[guest].ports.length > 0)];

/** Names that a component's certificate lacks, of those that the documents want and those that its pods really have. */
export const nameFindings = (evidence: Evidence): Finding[] => leavesOf(evidence).flatMap(({component, secret, leaf}): Finding[] => {
	// The masters of a DM cluster call each other by names of two labels, and all of its programs are Go's.
	const has = (name: string): boolean => (evidence.cluster.kind === 'dm' ? coversForGo : covers)(leaf, name);
	const wanted = [
		...(evidence.standard[component] ?? []).map(name => ({name, why: 'the documents have it'})),
		...servedBy(evidence, component).flatMap(one => [...ofPods(evidence, one, has), ...advertised(evidence.observation.cluster.status, one)]),
	];
	const missing = wanted.filter(({name}, index) => !has(name) && wanted.findIndex(other => other.name === name) === index);
	return missing.length === 0
		? []
		: [{
			code: 'missing-name',
			proof: 'names',
			component,
			what: `${leafWords(secret)} lacks ${missing.map(({name, why}) => `${name} (${why})`).join(', ')}`,
			fix: `add them to "hosts" of the request in the cluster folder, then ${commandFor(evidence.cluster, 'rotate', '--keep-ca')}`,
		}];
});
