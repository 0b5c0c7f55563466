import {components} from '../../cluster/components.ts';
import type {Cluster} from '../../cluster/types.ts';
import type {Phase, Plan} from '../../plan/types.ts';

/** The folder's files that must not be there at the beginning, and those that must be, by what the first phase starts from. */
const shape = (first: Phase | undefined, route: Plan['target']['route']): {absent: string[]; ca: string; key: string} =>
	route !== 'new-ca' || first === 'trust'
		? {absent: ['ca.new.pem', 'ca.old.pem'], ca: 'ca.pem', key: 'ca-key.pem'}
		: {absent: ['ca-key.pem'], ca: 'ca.new.pem', key: 'ca-key.new.pem'};

const programs = ({takesUp}: Cluster): string[] => [
	`for program in cfssl cfssljson kubectl openssl${takesUp === undefined ? '' : ' mysql'}; do`,
	'\tcommand -v "$program" >/dev/null || stop "$program is not on PATH"',
	'done',
];

const checksOfSigned = ({cluster, target}: Plan, phases: Phase[]): string => {
	const {absent, ca, key} = shape(phases[0], target.route);
	const leaves = cluster.components.map(component => `${components[component].file}.pem`);
	return [
		...programs(cluster),
		`must absent ${absent.join(' ')}`,
		'must no_live_lease',
		'must at_rest',
		`ca=${ca}`,
		`must folder_of_this_cluster ${cluster.components.join(' ')}`,
		`must fits ${ca} ${key}`,
		// Whoever retires has renewed the leaves, maybe a moment ago.
		...(phases[0] === 'retire' ? [] : [`must old_enough ${target.route === 'renew-ca' ? ca : leaves.join(' ')}`]),
		...(target.route === 'renew-ca' ? [`must ca_ends_first ${ca} ${leaves.join(' ')}`] : []),
		'',
	].join('\n');
};

/** The folder is made from the Secrets, so they are asked. */
const checksOfIssued = ({cluster, target}: Plan): string => [
	...programs(cluster),
	'must absent ca.new.pem ca.old.pem',
	'must no_live_lease',
	'must at_rest',
	'must folder_of_this_cluster',
	`must issued_by_certificates ${cluster.components.join(' ')}`,
	`must old_enough ${(target.route === 'keep-ca' ? target.leaves : cluster.components).join(' ')}`,
	'',
].join('\n');

/**
What must hold before the first line, as bash text: the programs, the cluster at rest, nobody else at it, the folder this
cluster's and in the shape from which the first phase starts (a second run would move the combined CA over the old one:
tidb-facts 5.A.20).
*/
export const checks = (plan: Plan, phases: Phase[]): string => plan.cluster.issuance ? checksOfIssued(plan) : checksOfSigned(plan, phases);
