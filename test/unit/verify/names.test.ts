import test from 'ava';
import {render} from '../../../src/cluster/templates.ts';
import type {Cluster} from '../../../src/cluster/types.ts';
import {nameFindings} from '../../../src/verify/names.ts';
import {givesLeaf} from '../../helpers/evidence-changes.ts';
import {evidenceOf, material} from '../../helpers/evidence.ts';
import {cluster, observationOf} from '../../helpers/observation.ts';

const ms: Cluster = {...cluster, guests: ['tso']};
const {hosts} = JSON.parse(render('pd', ms)) as {hosts: string[]};

/** What is found where PD has a microservice, and PD's certificate these names. */
const found = (sans: string[], members: string[] = []): string[] => {
	const evidence = evidenceOf();
	givesLeaf(evidence, 'pd', {sans});
	const {observation} = evidence;
	const {pods, sets} = observationOf(material(), ms);
	observation.cluster.status.tso = {phase: 'Normal', members};
	return nameFindings({
		...evidence, cluster: ms, observation: {...observation, pods, sets}, standard: {pd: hosts},
	}).map(({what}) => what);
};

test('PD\'s certificate must have the names of its microservices, too', t => {
	t.deepEqual(found(hosts, ['https://basic-tso-0.basic-tso-peer.tidb.svc:2379']), []);
	const [what] = found(hosts.filter(name => !name.includes('tso')));
	t.regex(what!, /lacks basic-tso \(the documents have it\).*basic-tso-0\.basic-tso-peer\.tidb\.svc \(the pod is called by it\)/v);
});

test('and those that they told PD', t => {
	t.regex(found(hosts, ['https://tso.example:2379'])[0]!, /lacks tso\.example \(a member is known by it to the others\)/v);
});
