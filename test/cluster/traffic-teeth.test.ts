import {
	cp,
	mkdtemp,
	readdir,
	rm,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import type {Cluster} from '../../src/cluster/types.ts';
import {observe} from '../../src/observe/cluster.ts';
import {makePlan} from '../../src/plan/make.ts';
import type {Plan} from '../../src/plan/types.ts';
import {execute} from '../../src/run/execute.ts';
import {keepProcess} from '../sandbox/kubelet/restart-process.ts';
import {
	few,
	startSandbox,
	stopSandbox,
	type TestSandbox,
} from './helpers/sandbox.ts';
import {secretsOf} from './helpers/state-of.ts';
import {startTraffic} from './helpers/traffic.ts';

/* The counter that finds no error in a rotation of ours must find them where they are. Each test leaves a broken cluster behind. */
const name = 'test-teeth';

test.after.always(async () => {
	await stopSandbox(name);
});

/** The documents' commands without their order: a new CA and new leaves, into all Secrets at once. */
const naive = `
cfssl gencert -initca ca-csr.json | cfssljson -bare ca -
for component in pd tikv tidb; do
	cfssl gencert -ca=ca.pem -ca-key=ca-key.pem -config=ca-config.json -profile=internal $component-server.json | cfssljson -bare $component-server
done
cfssl gencert -ca=ca.pem -ca-key=ca-key.pem -config=ca-config.json -profile=client client.json | cfssljson -bare client
write() {
	kubectl create secret generic "$1" --namespace="$namespace" --from-file=tls.crt="$2.pem" --from-file=tls.key="$2-key.pem" --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
}
for component in pd tikv tidb; do
	write "$cluster-$component-cluster-secret" $component-server
done
write "$cluster-cluster-client-secret" client
`;

const rotateNaively = async ({folder, env, namespace, cluster}: TestSandbox): Promise<void> => {
	const aside = await mkdtemp(path.join(tmpdir(), 'naive-'));
	try {
		const files = await readdir(folder);
		await Promise.all(files.filter(file => file.endsWith('.json')).map(async file => cp(path.join(folder, file), path.join(aside, file))));
		await execa('bash', ['-euo', 'pipefail', '-c', naive], {cwd: aside, env: {...env, namespace, cluster}, buffer: false});
	} finally {
		await rm(aside, {recursive: true, force: true});
	}
};

test.serial('a naive rotation, new CA and leaves at once, counts errors', async t => {
	t.timeout(300_000);
	const sandbox = await startSandbox(name, few);
	const before = await secretsOf(sandbox);
	const counter = await startTraffic(sandbox, 100);
	await sleep(2000);
	await rotateNaively(sandbox);
	await sleep(5000);
	const {total, examples} = await counter.stop();
	const after = await secretsOf(sandbox);
	t.not(after.pd!.serial, before.pd!.serial);
	t.log(total, examples[0]);
	t.true(total.certificateErrors > 0);
});

/** The plan of a rotation as it is, up to the moment when new leaves are in the Secrets, but for its gates. */
const withoutGates = async ({name: cluster, namespace, folder, env}: {name: string; namespace: string; folder: string; env: Record<string, string>}): Promise<Plan> => {
	const whole: Cluster = {name: cluster, namespace, components: ['pd', 'tikv', 'tidb', 'client']};
	const observation = await observe({env}, whole, folder);
	const plan = makePlan({
		cluster: whole,
		target: {
			route: 'new-ca', retire: false, leaves: whole.components, strict: false,
		},
		observation,
		changed: {},
		cure: false,
	});
	const last = plan.steps.findIndex(step => step.id === 'reissue.apply');
	return {...plan, steps: plan.steps.slice(0, last + 1).map(step => ({...step, needs: []}))};
};

test.serial('a plan without its gates counts errors when a PD process was not really restarted', async t => {
	t.timeout(300_000);
	const sandbox = await startSandbox(name, few);
	Object.assign(process.env, sandbox.env);
	const {namespace, folder, env} = sandbox;
	const before = await secretsOf(sandbox);
	const plan = await withoutGates({
		name: sandbox.cluster, namespace, folder, env,
	});
	await keepProcess(sandbox.state, namespace, `${sandbox.cluster}-pd-0`);
	const counter = await startTraffic(sandbox, 100);
	await sleep(2000);
	await execute({
		plan, access: {env}, folder, timeout: 120_000, goOn: '', say() {}, // eslint-disable-line @typescript-eslint/no-empty-function
	});
	await sleep(5000);
	const {total, examples} = await counter.stop();
	const after = await secretsOf(sandbox);
	t.not(after.pd!.serial, before.pd!.serial, 'the new leaves were written');
	t.log(total, examples[0]);
	t.true(total.certificateErrors > 0);
	t.true(examples.every(({from, to}) => from === `${sandbox.cluster}-pd-0` || to === `${sandbox.cluster}-pd-0`));
});
