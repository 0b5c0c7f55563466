import {
	clientComponent,
	componentsOfKind,
	inDocumentOrder,
	isComponent,
	microservices,
	mysqlComponents,
	usualComponents,
} from '../cluster/components.ts';
import {suggest} from '../cluster/nearest.ts';
import {requestTexts} from '../cluster/request-texts.ts';
import {kindOf} from '../cluster/kinds.ts';
import {certificatesWords, domainProblem, optionsFor} from '../cluster/names.ts';
import {clusterFolder} from '../cluster/place.ts';
import type {Cluster} from '../cluster/types.ts';
import {type Access, observe} from '../observe/cluster.ts';
import type {Observation} from '../observe/types.ts';
import {issuanceOf} from '../judge/issuance/detect.ts';
import {firstIssue, outageIssue} from '../plan/issue.ts';
import type {Plan} from '../plan/types.ts';
import {listing} from '../render/listing.ts';
import {expectedOutage} from '../render/outage.ts';
import {outageText} from '../report/outage.ts';
import {columns} from '../report/table.ts';
import {openAccess} from './access.ts';
import {ask} from './ask.ts';
import {belongs} from './belongs.ts';
import {refused, Stopped, usage} from './errors.ts';
import {execute} from './execute.ts';
import {findCluster} from './find.ts';
import {firstLook} from './first-look.ts';
import {inFolder} from './folder-lock.ts';
import {endOnSignals} from './interrupt.ts';
import {checkKind, checkNames} from './names.ts';
import {ProgramError} from './program.ts';
import {showPrograms} from './programs.ts';
import {say} from './say.ts';
import {type SharedOptions, showCommands} from './shared-options.ts';

export type IssueOptions = SharedOptions & {
	acceptOutage?: boolean;
	components?: string[];
	mysql?: boolean;
	/** `spec.clusterDomain` of a TidbCluster that is not there yet. */
	clusterDomain?: string;
};

/** The components that are to get certificates when there is no TidbCluster or DMCluster to tell. */
const asked = ({cluster, namespace, mysql = false, kind, components = usualComponents(kind), clusterDomain: domain}: IssueOptions): Cluster => {
	const names = kindOf({kind});
	if (namespace === undefined) {
		throw usage(`the ${names.object} does not exist yet, so its namespace must be named`, 'add --namespace');
	}

	const known: readonly string[] = [...componentsOfKind(kind), ...(kind === undefined ? microservices : [])];
	const unknown = components.find(name => !known.includes(name));
	if (unknown !== undefined) {
		throw usage(`${unknown} is no component of a ${names.words} that this tool knows`, suggest(unknown, known));
	}

	const wrong = domain === undefined ? undefined : domainProblem(domain);
	if (wrong !== undefined) {
		throw usage(wrong);
	}

	const found = {
		name: cluster, namespace, ...(kind !== undefined && {kind}), ...(domain !== undefined && {domain}),
	};
	const guests = microservices.filter(name => components.includes(name));
	return mysql
		? {...found, components: [...mysqlComponents], side: 'mysql'}
		: {...found, ...(guests.length > 0 && {guests}), components: inDocumentOrder([...components.filter(name => isComponent(name, kind)), clientComponent(found)])};
};

/** The cluster's object is not made yet, or Kubernetes does not even know the kind yet; an API server that cannot be asked is another thing. */
const isNotThere = (error: unknown): boolean => error instanceof Stopped
	|| (error instanceof ProgramError && /have a resource type|could not find the requested resource/v.test(error.stderr));

const whichCluster = async (options: IssueOptions, access: {env: Record<string, string>}): Promise<{cluster: Cluster; exists: boolean}> => {
	checkNames(options.cluster, options.namespace);
	checkKind(options);
	if (options.namespace === undefined || options.acceptOutage) {
		return {cluster: await findCluster(access, options.cluster, options), exists: true};
	}

	try {
		return {cluster: await findCluster(access, options.cluster, options), exists: true};
	} catch (error) {
		if (isNotThere(error)) {
			return {cluster: asked(options), exists: false};
		}

		throw error;
	}
};

/** What this would write, cert-manager would write over. */
const refuseIssued = (cluster: Cluster, {secrets, issuance}: Observation): void => {
	const own = issuanceOf({cluster, secrets, ...(issuance && {issuance})}).secrets.filter(({by}) => by === 'cert-manager');
	if (own.length > 0) {
		throw refused(
			[
				`cert-manager issues the certificates of ${cluster.name}, and would write over what this makes:`,
				...own.map(({secret, why}) => `  Secret ${secret.name} is cert-manager's (${why})`),
				'nothing was changed',
			].join('\n'),
			`they are issued when their Certificates are applied; to replace them: npm run rotate -- ${optionsFor(cluster)}`,
		);
	}
};

const makePlan = (cluster: Cluster, observation: Observation, options: IssueOptions): Plan => {
	const requests = requestTexts(cluster, observation, {onlyMissing: true});
	if (options.acceptOutage) {
		const {certificates, keys, requests: present} = observation.folder;
		const files = [certificates, keys, present].flatMap(entries => Object.keys(entries)).toSorted();
		return outageIssue(cluster, {requests, files});
	}

	const existing = Object.values(observation.secrets).filter(secret => secret.exists);
	if (existing.length > 0) {
		throw refused(
			`these Secrets exist already: ${existing.map(secret => secret.name).join(', ')}`,
			'npm run rotate renews them; npm run issue -- --accept-outage replaces them when their CA has expired or is lost',
		);
	}

	return firstIssue(cluster, {requests, hasCa: 'ca.pem' in observation.folder.certificates && 'ca-key.pem' in observation.folder.keys});
};

const run = async (options: IssueOptions, access: Access, {cluster, exists, folder}: {cluster: Cluster; exists: boolean; folder: string}): Promise<void> => {
	const observation = await observe(access, cluster, folder, {mustExist: exists, issuance: true});
	refuseIssued(cluster, observation);
	await belongs(folder, observation);
	const plan = makePlan(cluster, observation, options);
	say(listing(plan));
	if (options.acceptOutage) {
		say(expectedOutage(plan, observation));
	}

	await ask(`Issue ${certificatesWords(cluster)}?`, options.yes ?? false);
	const goOn = `npm run issue -- ${optionsFor(cluster)} --namespace ${cluster.namespace}${options.acceptOutage ? ' --accept-outage' : ''}`;
	const {after, outage} = await execute({
		plan, access, folder, timeout: options.timeout, say, mustExist: exists, goOn, planned: observation,
	});
	const rows = Object.values(after.secrets).map(secret => {
		const [leaf] = secret.leaf.certificates;
		return [secret.name, leaf?.serial ?? '-', leaf?.notAfter ?? '-'];
	});
	say(columns([['Secret', 'serial', 'expires'], ...rows]));
	if (outage) {
		say(`The outage was ${outageText(outage)}.`);
	}
};

/** `npm run issue`: the first certificates, or with `--accept-outage` new ones in place of an expired or lost CA's. */
export const issue = async (options: IssueOptions): Promise<void> => {
	endOnSignals();
	showCommands(options);
	const access = await openAccess(options);
	try {
		await showPrograms(say);
		const {cluster, exists} = await firstLook(async () => whichCluster(options, access));
		const folder = clusterFolder(options.cluster, options);
		await inFolder(folder, certificatesWords(cluster), async () => run(options, access, {cluster, exists, folder}));
	} finally {
		await access.close();
	}
};
