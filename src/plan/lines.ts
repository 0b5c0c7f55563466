import {certificatesOf} from '../cluster/issuance.ts';
import type {
	Cluster,
	ComponentName,
	Issuance,
	Microservice,
} from '../cluster/types.ts';
import {
	components,
	isMicroservice,
	partName,
	secretName,
} from '../cluster/components.ts';
import {kindOf} from '../cluster/kinds.ts';
import {discoveryName} from '../cluster/names.ts';
import {discoveryCa, materialOf, restartedAt} from './annotations.ts';
import type {CaPart} from './ca-files.ts';
import type {Command, Line} from './types.ts';

type Item = Line['item'];

const one = (...stages: Command['stages']): Command => ({stages});

const initCa: Command = one(['cfssl', 'gencert', '-initca', 'ca-csr.json'], ['cfssljson', '-bare', 'ca', '-']);

/** The documents' line that makes a CA by ca-csr.json. */
export const makeCa = (item: Item): Line => ({commands: [initCa], changes: 'files', item});

/** Makes the CA's certificate anew, with its key and subject, for as long a life as it had; what cfssljson writes is `ca.pem` alone. */
export const renewCaCertificate = (): Line => ({
	commands: [one(['cfssl', 'gencert', '-renewca', '-ca', 'ca.pem', '-ca-key', 'ca-key.pem'], ['cfssljson', '-bare', 'ca'])],
	changes: 'files',
});

const caCommands: Record<CaPart, Command> = {
	'keep the certificate': one(['mv', 'ca.pem', 'ca.old.pem']),
	'keep the key': one(['mv', 'ca-key.pem', 'ca-key.old.pem']),
	make: initCa,
	'name the certificate': one(['mv', 'ca.pem', 'ca.new.pem']),
	'name the key': one(['mv', 'ca-key.pem', 'ca-key.new.pem']),
	combine: {stages: [['cat', 'ca.new.pem', 'ca.old.pem']], stdout: 'ca.pem'},
};

const caItems: Array<{item: NonNullable<Item>; of: CaPart[]}> = [
	{item: {number: 1, title: 'Back up the original CA certificate and key'}, of: ['keep the certificate', 'keep the key']},
	{item: {number: 2, title: 'Make a new CA by the original configuration and request'}, of: ['make']},
	{item: {number: 3, title: 'Back up the new CA and make the combined CA certificate'}, of: ['name the certificate', 'name the key', 'combine']},
];

/** The documents' items 1 to 3, a line each, with the parts that are asked for; an item of which none is, is left out. */
export const changeCa = (parts: CaPart[]): Line[] => caItems.flatMap(({item, of}) => {
	const commands = of.filter(part => parts.includes(part)).map(part => caCommands[part]);
	return commands.length > 0 ? [{commands, changes: 'files', item}] : [];
});

/**
The same where another cluster that shares the CA has made the new one: it is taken from that one's folder, under the names that it has there.
`from` is an absolute path.
*/
export const takeCa = (parts: CaPart[], from: string): Line[] => {
	const [keep, , combine] = caItems;
	const kept = keep!.of.filter(part => parts.includes(part)).map(part => caCommands[part]);
	return [
		...(kept.length > 0 ? [{commands: kept, changes: 'files' as const, item: keep!.item}] : []),
		{commands: [one(['cp', '-p', `${from}/ca.new.pem`, `${from}/ca-key.new.pem`, '.'])], changes: 'files'},
		{commands: [caCommands.combine], changes: 'files', item: combine!.item},
	];
};

/** The documents' line that signs one component's leaf. `ca` and `caKey` name files of the cluster folder. */
export const sign = (component: ComponentName, ca: {certificate: string; key: string}, item: Item): Line => {
	const {file, profile} = components[component];
	return {
		commands: [one(
			['cfssl', 'gencert', `-ca=${ca.certificate}`, `-ca-key=${ca.key}`, '-config=ca-config.json', `-profile=${profile}`, `${file}.json`],
			['cfssljson', '-bare', file],
		)],
		changes: 'files',
		item,
	};
};

const createSecret = (cluster: Cluster, component: ComponentName, bundle: string): string[] => {
	const {file} = components[component];
	return [
		'kubectl',
		'create',
		'secret',
		'generic',
		secretName(cluster.name, component),
		`--namespace=${cluster.namespace}`,
		`--from-file=tls.crt=${file}.pem`,
		`--from-file=tls.key=${file}-key.pem`,
		`--from-file=ca.crt=${bundle}`,
	];
};

/** The enable page's line that makes one component's Secret; it fails when there is one. */
export const create = (cluster: Cluster, component: ComponentName, bundle: string, item: Item): Line => ({
	commands: [one(createSecret(cluster, component, bundle))],
	changes: 'cluster',
	item,
});

/** The documents' line that writes one component's Secret. */
export const apply = (cluster: Cluster, component: ComponentName, bundle: string, item: Item): Line => ({
	commands: [one(
		[...createSecret(cluster, component, bundle), '--dry-run=client', '-o', 'yaml'],
		['kubectl', 'apply', '-f', '-'],
	)],
	changes: 'cluster',
	item,
});

const now = 'date -u +%Y-%m-%dT%H:%M:%SZ';

/** The annotation that asks for a restart, and that with a hash, which the shell makes, as the inside of a JSON object in single quotes. */
const annotated = (name: string, hash: string): string =>
	`"${restartedAt}":"'"$(${now})"'","${name}":"'"$(${hash} | cut -c1-16)"'"`;

/** What pods of a component must start with, as a command that prints its hash. */
const materialHashed = (component: ComponentName, bundle: string): string => `cat ${bundle} ${components[component].file}.pem | openssl dgst -sha256 -r`;

/**
The same restart of one of PD's microservices. The spec has them in a list, and a merge patch would replace all of it: the place of this one
is looked up, and written to only if it still is its own; where it has no annotations yet, only if nobody has given it some meanwhile.
*/
const restartMicroservice = (cluster: Cluster, component: Microservice, bundle: string): Line => {
	const at = '"path":"/spec/pdms/{{$place}}';
	const set = (name: string, value: string): string => `{"op":"add",${at}/annotations/${name.replace('/', '~1')}","value":"'"$(${value})"'"}`;
	const patch = [
		`{"op":"test",${at}/name","value":"${component}"}`,
		`{{if not (exists $one "annotations")}}{"op":"test",${at}/annotations","value":null},{"op":"add",${at}/annotations","value":{}},{{end}}${set(restartedAt, now)}`,
		set(materialOf(component), `${materialHashed(component, bundle)} | cut -c1-16`),
	].join(',');
	const named = [kindOf(cluster).resource, cluster.name, `--namespace=${cluster.namespace}`];
	return {
		commands: [one(
			['kubectl', 'get', ...named, '-o', {shell: `go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "${component}"}}[${patch}]{{end}}{{end}}'`}],
			['kubectl', 'patch', ...named, '--type=json', '--patch-file=/dev/stdin'],
		)],
		changes: 'cluster',
	};
};

/**
The restart that the documents leave to `kubectl edit`: the time they ask for, and the hash of the material that the new pods
must start with.
*/
export const restart = (cluster: Cluster, component: ComponentName, bundle: string): Line => {
	if (isMicroservice(component)) {
		return restartMicroservice(cluster, component, bundle);
	}

	const patch = `'{"spec":{"${partName(component)!}":{"annotations":{${annotated(materialOf(component), materialHashed(component, bundle))}}}}}'`;
	return {
		commands: [one(['kubectl', 'patch', kindOf(cluster).resource, cluster.name, `--namespace=${cluster.namespace}`, '--type=merge', '-p', {shell: patch}])],
		changes: 'cluster',
	};
};

/** The same of discovery, as `kubectl rollout restart` does it: the operator leaves annotations of its template that it did not write. */
export const restartDiscovery = ({name, namespace}: Cluster, bundle: string): Line => ({
	commands: [one([
		'kubectl',
		'patch',
		'deployment',
		discoveryName(name),
		`--namespace=${namespace}`,
		'--type=merge',
		'-p',
		{shell: `'{"spec":{"template":{"metadata":{"annotations":{${annotated(discoveryCa, `openssl dgst -sha256 -r ${bundle}`)}}}}}}'`},
	])],
	changes: 'cluster',
});

/** Deletes a component's pods: the StatefulSet makes them again. Kubectl does not wait, which before 1.36 may have no end (kubernetes/kubernetes#135562). */
export const deletePods = (cluster: Cluster, component: ComponentName): Line => ({
	commands: [one([
		'kubectl',
		'delete',
		'pod',
		`--namespace=${cluster.namespace}`,
		'--wait=false',
		`--selector=app.kubernetes.io/instance=${cluster.name},app.kubernetes.io/component=${components[component].workload!}`,
	])],
	changes: 'cluster',
});

/** Cert-manager's objects, and the CA's Secret, whose key is nowhere else. */
const issuanceCopies = (cluster: Cluster, issuance: Issuance): Command[] => {
	const copy = (resource: string, names: string[], file: string): Command => ({
		stages: [['kubectl', 'get', resource, ...names, `--namespace=${cluster.namespace}`, '--ignore-not-found', '-o', 'yaml']], stdout: `backups/$stamp.part/${file}`,
	});
	return [
		copy('certificates.cert-manager.io', certificatesOf(cluster, issuance), 'certificates.yaml'),
		copy('issuers.cert-manager.io', [issuance.issuer], 'issuer.yaml'),
		copy('secret', [issuance.ca.secret], caBackup),
		...(issuance.others.length > 0 ? [copy('secret', issuance.others.map(({secret}) => secret), 'other-secrets.yaml')] : []),
	];
};

/** The file of a backup that has the Secret of cert-manager's CA. */
export const caBackup = 'ca-secret.yaml';

/**
Copies the folder's files and the Secrets aside. The name of the backup is a shell variable: the plan knows no time. `renamed`:
files that go into the backup by another name, by that name.
*/
export const backUp = (cluster: Cluster, files: string[], renamed: Record<string, string>): Line[] => {
	const part = {shell: '"backups/$stamp.part"'};
	return [
		{
			commands: [
				one(['mkdir', '-p', 'backups']),
				one(['chmod', '700', 'backups']),
				one(['mkdir', '-m', '700', part]),
				...(files.length > 0 ? [one(['cp', '-p', ...files, {shell: '"backups/$stamp.part/"'}])] : []),
				...Object.entries(renamed).map(([name, file]) => one(['cp', '-p', file, {shell: `"backups/$stamp.part/${name}"`}])),
				{
					stages: [[
						'kubectl',
						'get',
						'secret',
						...cluster.components.map(component => secretName(cluster.name, component)),
						`--namespace=${cluster.namespace}`,
						'--ignore-not-found',
						'-o',
						'yaml',
					]],
					stdout: 'backups/$stamp.part/secrets.yaml',
				},
				...(cluster.issuance ? issuanceCopies(cluster, cluster.issuance) : []),
				one(['mv', part, {shell: '"backups/$stamp"'}]),
			],
			changes: 'files',
		},
	];
};

/** Removes a backup. What has begun to go is none any more, by its name. */
export const removeBackup = (name: string): Line => ({
	commands: [
		one(['mv', `backups/${name}`, `backups/${name}.part`]),
		one(['rm', '-r', `backups/${name}.part`]),
	],
	changes: 'files',
});

/** Writes a file of the cluster folder from text that the plan holds (requests and configuration: nothing secret). */
export const writeFile = (file: string, text: string, item?: Item): Line => ({
	commands: [{stages: [['cat']], stdin: text, stdout: file}],
	changes: 'files',
	item,
});

/** Takes one component's leaf and key back from its Secret, for a folder that was lost. */
export const takeFromSecret = (cluster: Cluster, component: ComponentName): Line => {
	const {file} = components[component];
	const get = (key: string, target: string): Command => ({
		stages: [
			['kubectl', 'get', 'secret', secretName(cluster.name, component), `--namespace=${cluster.namespace}`, '-o', `jsonpath={.data.${key.replace('.', String.raw`\.`)}}`],
			['base64', '--decode'],
		],
		stdout: target,
	});
	return {commands: [get('tls.crt', `${file}.pem`), get('tls.key', `${file}-key.pem`)], changes: 'files'};
};

/** Takes the bundle back from a Secret. */
export const takeBundle = (cluster: Cluster, component: ComponentName): Line => ({
	commands: [{
		stages: [
			['kubectl', 'get', 'secret', secretName(cluster.name, component), `--namespace=${cluster.namespace}`, '-o', String.raw`jsonpath={.data.ca\.crt}`],
			['base64', '--decode'],
		],
		stdout: 'ca.pem',
	}],
	changes: 'files',
});

/** Puts the folder back into the documents' starting shape: the present CA as ca.pem; the old one stays in the backups. */
export const tidy = (): Line => ({
	commands: [
		one(['mv', 'ca.new.pem', 'ca.pem']),
		one(['mv', 'ca-key.new.pem', 'ca-key.pem']),
		one(['rm', '-f', 'ca.old.pem', 'ca-key.old.pem']),
	],
	changes: 'files',
});

const fromBackup = (backup: string, files: string[]): string[] => files.map(file => `backups/${backup}/${file}`);

/** Takes files back from a backup. */
export const takeBack = (backup: string, files: string[]): Line => ({
	commands: [one(['cp', '-p', ...fromBackup(backup, files), '.'])],
	changes: 'files',
});

/** Puts the present CA aside as the new one and the backup's beside it as the old one, as they stood between trust and retire. */
export const combineAgain = (backup: string, {hasOldKey, hasNewKey}: {hasOldKey: boolean; hasNewKey: boolean}): Line => ({
	commands: [
		one(['mv', 'ca.pem', 'ca.new.pem']),
		...(hasNewKey ? [one(['mv', 'ca-key.pem', 'ca-key.new.pem'])] : []),
		one(['cp', '-p', `backups/${backup}/ca.pem`, 'ca.old.pem']),
		...(hasOldKey ? [one(['cp', '-p', `backups/${backup}/ca-key.pem`, 'ca-key.old.pem'])] : []),
		{stages: [['cat', 'ca.new.pem', 'ca.old.pem']], stdout: 'ca.pem'},
	],
	changes: 'files',
});

/** Makes the folder what it was at the time of a backup. */
export const restoreAll = (backup: string, {files, surplus}: {files: string[]; surplus: string[]}): Line => ({
	commands: [
		...(surplus.length > 0 ? [one(['rm', '-f', ...surplus])] : []),
		one(['cp', '-p', ...fromBackup(backup, files), '.']),
	],
	changes: 'files',
});
