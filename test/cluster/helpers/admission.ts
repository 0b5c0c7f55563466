import {KubeError, resources} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';
import {until} from './until.ts';

const base = '/apis/admissionregistration.k8s.io/v1';
const policies = {base, plural: 'validatingadmissionpolicies'};
const bindings = {base, plural: 'validatingadmissionpolicybindings'};
const name = 'no-new-certificates';

/**
Lets no Secret be changed any more. A dry run is not judged, so that the refusal comes when the tool is under way. The reason decides
what kubectl makes of it: with Forbidden, as most webhooks answer, it prints the whole patch.
*/
const policy = {
	metadata: {name},
	spec: {
		failurePolicy: 'Fail',
		matchConstraints: {
			resourceRules: [{
				apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['secrets'],
			}],
		},
		matchConditions: [{name: 'not-a-dry-run', expression: '!has(request.dryRun) || !request.dryRun'}],
		validations: [{expression: 'false', message: 'Secrets are frozen today', reason: 'Forbidden'}],
	},
};

const binding = {metadata: {name}, spec: {policyName: name, validationActions: ['Deny']}};

/**
Makes the API server's admission refuse every change of a Secret.

@returns a function that ends it.
*/
export const freezeSecrets = async ({kube, namespace}: Place): Promise<() => Promise<void>> => {
	const scratch = {namespace, name: 'scratch'};
	await kube.create(resources.secrets, {metadata: scratch});
	await kube.create(policies, policy);
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
