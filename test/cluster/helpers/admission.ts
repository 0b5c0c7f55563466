import {KubeError, resources} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';
import {until} from './until.ts';

const base = '/apis/admissionregistration.k8s.io/v1';
const policies = {base, plural: 'validatingadmissionpolicies'};
const bindings = {base, plural: 'validatingadmissionpolicybindings'};
const name = 'no-new-certificates';

type Rule = {apiGroups: string[]; apiVersions: string[]; operations: string[]; resources: string[]; resourceNames?: string[]};

const core = {apiGroups: [''], apiVersions: ['v1']};

/** The Secret by which it is seen that a policy is in force. */
const scratchRule: Rule = {
	...core, operations: ['UPDATE'], resources: ['secrets'], resourceNames: ['scratch'],
};

type Frozen = 'secrets' | 'pods' | 'approvals';

const rules: Record<Frozen, Rule[]> = {
	secrets: [{...core, operations: ['UPDATE'], resources: ['secrets']}],
	pods: [{...core, operations: ['CREATE'], resources: ['pods']}, scratchRule],
	approvals: [{
		apiGroups: ['cert-manager.io'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['certificaterequests/status'],
	}, scratchRule],
};

/** What is let pass all the same: every answer to a CertificateRequest but that it is approved. */
const allowed: Record<Frozen, string> = {
	secrets: 'false',
	pods: 'false',
	approvals: 'object.kind == "CertificateRequest" && !(has(object.status.conditions) && object.status.conditions.exists(one, one.type == "Approved"))',
};

/**
Refuses what these rules name. A dry run is not judged, so that the refusal comes when the tool is under way. The reason decides
what kubectl makes of it: with Forbidden, as most webhooks answer, it prints the whole patch.
*/
const policyFor = (what: Frozen) => ({
	metadata: {name},
	spec: {
		failurePolicy: 'Fail',
		matchConstraints: {resourceRules: rules[what]},
		matchConditions: [{name: 'not-a-dry-run', expression: '!has(request.dryRun) || !request.dryRun'}],
		validations: [{expression: allowed[what], message: 'frozen for today', reason: 'Forbidden'}],
	},
});

const binding = {metadata: {name}, spec: {policyName: name, validationActions: ['Deny']}};

/**
Makes the API server's admission refuse every change of a Secret, every new pod, or the approval of every CertificateRequest.

@returns a function that ends it.
*/
export const freeze = async ({kube, namespace}: Place, what: Frozen): Promise<() => Promise<void>> => {
	const scratch = {namespace, name: 'scratch'};
	await kube.create(resources.secrets, {metadata: scratch});
	await kube.create(policies, policyFor(what));
	await kube.create(bindings, binding);
	const isRefused = async (): Promise<boolean> => {
		try {
			await kube.patch(resources.secrets, scratch, {metadata: {annotations: {at: String(Date.now())}}});
			return false;
		} catch (error) {
			return error instanceof KubeError && error.message.includes('frozen');
		}
	};

	// The API server sees its own policies after a moment.
	await until('the policy in force', isRefused);
	return async () => {
		await kube.remove(bindings, {name});
		await kube.remove(policies, {name});
		await until('the policy gone', async () => !await isRefused());
		await kube.remove(resources.secrets, scratch);
	};
};
