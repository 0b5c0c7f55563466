import {commandText, ProgramError, runProgram} from '../run/program.ts';
import type {Access} from './cluster.ts';
import {addObject, type CertManagerObject} from './issuance-objects.ts';
import type {IssuanceFacts, Unread} from './issuance-types.ts';

const kinds: Array<[kind: Unread['kind'], resource: string]> = [
	['Certificate', 'certificates'],
	['Issuer', 'issuers'],
	['ClusterIssuer', 'clusterissuers'],
	['CertificateRequest', 'certificaterequests'],
];

/** Whole parts as JSON, which holds neither tab nor newline; of requests and Issuers no more than is used: the rest is long, or not ours. */
const rows: Array<[kind: Unread['kind'], parts: string[]]> = [
	['Certificate', ['{.metadata}', '{.spec}', '{.status}']],
	['Issuer', ['{.metadata}', '{.spec.ca}', '{.spec.selfSigned}', '{.status.conditions}']],
	['ClusterIssuer', ['{.metadata}', '{.spec.ca}', '{.spec.selfSigned}', '{.status.conditions}']],
	['CertificateRequest', ['{.metadata}', '{.status.conditions}', '{.status.failureTime}']],
];

const rowOf = (kind: string, parts: string[]): string => ['{range .items[?(@.kind=="', kind, '")]}', [kind, ...parts].join(String.raw`{"\t"}`), String.raw`{"\n"}`, '{end}'].join('');

const template = rows.map(([kind, parts]) => rowOf(kind, parts)).join('');

const parsed = <Part>(text: string | undefined): Part | undefined => text === undefined || text === '' ? undefined : JSON.parse(text) as Part;

const objectOf = (line: string): CertManagerObject => {
	const [kind = '', metadata = '', ...rest] = line.split('\t');
	const of = (spec: CertManagerObject['spec'] = {}, status: CertManagerObject['status'] = {}): CertManagerObject => ({
		kind, metadata: JSON.parse(metadata) as CertManagerObject['metadata'], spec, status,
	});
	switch (kind) {
		case 'Certificate': {
			return of(parsed(rest[0]), parsed(rest[1]));
		}

		case 'CertificateRequest': {
			const conditions = parsed<NonNullable<CertManagerObject['status']['conditions']>>(rest[0]);
			return of({}, {...(conditions && {conditions}), failureTime: rest[1] ?? ''});
		}

		default: {
			const [ca, selfSigned] = [parsed<{secretName?: string}>(rest[0]), parsed<Record<string, unknown>>(rest[1])];
			const conditions = parsed<NonNullable<CertManagerObject['status']['conditions']>>(rest[2]);
			return of({...(ca && {ca}), ...(selfSigned && {selfSigned})}, {...(conditions && {conditions})});
		}
	}
};

const unknownKind = /doesn't have a resource type|could not find the requested resource/v;

/** What may not be read, by kubectl's words; the rest was printed nevertheless. */
const forbidden = (stderr: string): Unread[] => kinds
	.filter(([, resource]) => stderr.split('\n').some(line => /forbidden/iv.test(line) && line.includes(`"${resource}"`)))
	.map(([kind]) => ({kind, why: 'forbidden'}));

const nothing = (): Pick<IssuanceFacts, 'certificates' | 'issuers' | 'requests'> => ({certificates: [], issuers: [], requests: []});

/** A list of thousands takes the API server its time. */
const limit = 600_000;

/**
Cert-manager's objects, by one call of kubectl: of one namespace, or of all of which `isWanted` is true. No key and no certificate is
among them.
@returns them by namespace, each with the ClusterIssuers; and what of it could not be read.
@throws ProgramError when kubectl fails for another reason: what could not be asked is not the same as nothing.
*/
const read = async (access: Access, namespace: string | undefined, isWanted: (namespace: string) => boolean) => {
	const found = new Map<string, ReturnType<typeof nothing>>();
	const what = 'looking for Certificates and Issuers of cert-manager';
	const arguments_ = [
		'get',
		kinds.map(([, resource]) => `${resource}.cert-manager.io`).join(','),
		...(namespace === undefined ? ['--all-namespaces'] : ['-n', namespace]),
		'-o',
		`jsonpath=${template}`,
	];
	const {exitCode, stderr} = await runProgram('kubectl', arguments_, {
		what, env: access.env, timeout: limit, allowFailure: true, async onLine(line) {
			const object = objectOf(line);
			const place = object.metadata.namespace ?? '';
			if (place !== '' && !isWanted(place)) {
				return;
			}

			const facts = found.get(place) ?? nothing();
			addObject(facts, object);
			found.set(place, facts);
		},
	});
	const unread: Unread[] = unknownKind.test(stderr) ? kinds.map(([kind]) => ({kind, why: 'not installed'})) : forbidden(stderr);
	if (exitCode !== 0 && unread.length === 0) {
		throw new ProgramError({
			what, command: commandText('kubectl', arguments_), stderr, exitCode, ended: `status ${exitCode}`,
		});
	}

	return {found, unread};
};

/** What is known of one of the namespaces. */
const factsOf = ({found, unread}: Awaited<ReturnType<typeof read>>, namespace: string): IssuanceFacts => {
	const {certificates, issuers, requests} = found.get(namespace) ?? nothing();
	return {
		certificates, issuers: [...issuers, ...(found.get('')?.issuers ?? [])], requests, unread,
	};
};

/**
The same of one namespace.
@throws ProgramError as above.
*/
export const observeIssuance = async (access: Access, namespace: string): Promise<IssuanceFacts> => factsOf(await read(access, namespace, () => true), namespace);

/**
The same of many namespaces: of one, or of all that are wanted, still by one call.
@returns what is known of a namespace.
@throws ProgramError as above.
*/
export const listIssuance = async (access: Access, namespace: string | undefined, wanted: Set<string>): Promise<(namespace: string) => IssuanceFacts> => {
	const all = await read(access, namespace, place => wanted.has(place));
	return place => factsOf(all, place);
};
