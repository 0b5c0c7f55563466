import {randomUUID} from 'node:crypto';
import path from 'node:path';
import {ProgramError, startProgram} from '../run/program.ts';
import type {Access} from './cluster.ts';

/** What may hold certificates: its kind, kubectl's name for it, and the fields of its data with how each value is made text. */
export type Holder = {kind: 'Secret' | 'ConfigMap'; resource: 'secrets' | 'configmaps'; fields: Array<[field: string, value: string]>};

export const holders: Holder[] = [
	{kind: 'Secret', resource: 'secrets', fields: [['data', 'base64decode $value']]},
	{kind: 'ConfigMap', resource: 'configmaps', fields: [['data', '$value'], ['binaryData', 'base64decode $value']]},
];

/** The texts of all values, each behind a line that names its place. Helm's releases are large, and hold no files of a cluster. */
const template = ({kind, fields}: Holder, mark: string): string => [
	'{{range .items}}{{if ne (printf "%v" .type) "helm.sh/release.v1"}}{{$at := .metadata}}',
	...fields.map(([field, value]) => String.raw`{{range $key, $value := .${field}}}{{"\n"}}${mark} ${kind}/{{$at.namespace}}/{{$at.name}} {{$key}}{{"\n"}}{{${value}}}{{end}}`),
	'{{end}}{{end}}',
].join('');

const filter = path.join(import.meta.dirname, 'one-line.awk');

/** Kubectl has read everything before it prints; a large cluster takes its time. */
const script = 'set -o pipefail; LC_ALL=C; export LC_ALL; kubectl get "$1" "$2" --request-timeout=60s --output="go-template=$3" | awk -v mark="$4" -f "$5"';

/** Where it is looked: everywhere, or where that is not allowed in one namespace. */
const places = (namespace: string): string[] => ['--all-namespaces', `--namespace=${namespace}`];

/**
Every certificate in the Secrets or ConfigMaps that may be read, one after the other: `take` is given its place (`Secret/tidb/basic
ca.crt`) and its base64. kubectl's output goes through awk before it comes here, so that no private key passes through this process.
@returns what may not be read, in words; nothing when all was.
@throws ProgramError when kubectl fails for another reason: what could not be asked is not the same as nothing.
*/
export const scanCertificates = async ({env}: Access, holder: Holder, namespace: string, take: (place: string, base64: string) => void): Promise<string[]> => {
	const {resource} = holder;
	// Nobody who writes into a Secret can make a place up.
	const mark = randomUUID();
	const unread: string[] = [];
	for (const where of places(namespace)) {
		const scan = startProgram('bash', ['-c', script, 'scan', resource, where, template(holder, mark), mark, filter], {
			env,
			onLine(line) {
				const end = line.lastIndexOf(' ');
				take(line.slice(0, end), line.slice(end + 1));
			},
		});
		const {stderr, exitCode} = await scan.ended;
		if (exitCode === 0) {
			return unread;
		}

		if (!/forbidden/iv.test(stderr)) {
			throw new ProgramError({
				what: `looking for certificates in ${resource}`, command: `kubectl get ${resource} ${where}`, stderr, exitCode: exitCode ?? 127, ended: `status ${exitCode ?? 'unknown'}`,
			});
		}

		unread.push(where === '--all-namespaces' ? `the ${resource} of namespaces other than ${namespace}` : `the ${resource} of namespace ${namespace}`);
	}

	return unread;
};
