import {readCertificates} from '../../src/certificates/read.ts';
import {materialHash} from '../../src/certificates/verify.ts';
import {components} from '../../src/cluster/components.ts';
import {render} from '../../src/cluster/templates.ts';
import type {ComponentName} from '../../src/cluster/types.ts';
import type {Handshake, Verdict} from '../../src/observe/types.ts';
import type {Evidence} from '../../src/verify/types.ts';
import {
	cluster,
	makeMaterial,
	observationOf,
	type Material,
} from './observation.ts';

const started = '2026-01-01T10:00:00Z';

let made: Material | undefined;

/** One CA and leaves for every test of a file. */
export const material = (): Material => {
	made ??= makeMaterial();
	return made;
};

/** What `verify` sees of a cluster in which nothing is wrong, with what a test changes. */
export const evidenceOf = (change?: (evidence: Evidence) => void): Evidence => {
	const {ca, leaves} = material();
	const observation = observationOf(material());
	const bundle = readCertificates(ca.cert);
	for (const pod of observation.pods) {
		const component = pod.component as ComponentName;
		const leaf = leaves[component]!;
		const {container, ports} = components[component];
		Object.assign(pod, {
			material: materialHash(ca.cert, leaf.cert), started, containers: [{
				name: container, startedAt: started, restartCount: 0, ready: true,
			}],
		});
		observation.inside.push({
			pod: pod.name, bundleDigest: bundle.digest, leafDigest: readCertificates(leaf.cert).digest, processStarted: Date.parse(started) / 1000,
		});
		const answers: Array<['present' | 'control', Verdict]> = [['present', 'accepted'], ['control', component === 'tidb' ? 'accepted' : 'rejected']];
		observation.handshakes.push(...ports.filter(({protocol}) => protocol !== 'mysql').flatMap(({port}) => answers.map(([present, verdict]): Handshake => ({
			pod: pod.name, component, port, present, verdict, detail: 'test', served: readCertificates(leaf.cert).certificates[0]!, attempts: 1,
		}))));
	}

	const evidence: Evidence = {
		cluster,
		observation,
		standard: Object.fromEntries(cluster.components.map(component => [component, (JSON.parse(render(component, cluster)) as {hosts: string[]}).hosts])),
		logs: {
			since: '2026-01-01T00:00:00.000Z', why: 'test', pods: [], tries: [],
		},
		others: [],
	};
	change?.(evidence);
	return evidence;
};
