import {runProgram} from '../run/program.ts';
import type {Access} from './cluster.ts';

const labels = 'app.kubernetes.io/name=cert-manager,app.kubernetes.io/component=controller';

/** Of each Deployment in a line: its label, then the images of its containers. */
const parts = String.raw`jsonpath={range .items[*]}{.metadata.labels.app\.kubernetes\.io/version}{"\t"}{range .spec.template.spec.containers[*]}{.image}{"\t"}{end}{"\n"}{end}`;

const release = /^v?\d+\.\d+(?:\.\d+)?(?:[+\-].*)?$/v;

/** `quay.io/jetstack/cert-manager-controller:v1.11.5@sha256:…`. */
const tagOf = (image: string): string => image.split('@', 1)[0]!.split(':').at(-1)!;

const versionOf = ([label = '', ...images]: string[]): string | undefined => [label, ...images.map(image => tagOf(image))].find(word => release.test(word));

/** Where Deployments do not agree, undefined. */
const agreed = (versions: Array<string | undefined>): string | undefined => new Set(versions).size === 1 ? versions[0] : undefined;

/**
The version of the cert-manager that runs here, by the Deployment of its controller, wherever that is.
@returns undefined where it cannot be told: it may not be read, is installed otherwise, or there are two.
*/
export const readVersion = async (access: Access): Promise<string | undefined> => {
	for (const where of ['--all-namespaces', '--namespace=cert-manager']) {
		const {exitCode, stdout} = await runProgram('kubectl', ['get', 'deployments.apps', where, '-l', labels, '-o', parts], {
			what: 'reading the version of cert-manager', env: access.env, allowFailure: true,
		});
		if (exitCode === 0) {
			return agreed(stdout.split('\n').filter(Boolean).map(line => versionOf(line.split('\t'))));
		}
	}

	return undefined;
};
