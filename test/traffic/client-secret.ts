import {Buffer} from 'node:buffer';
import {type Kube, type KubeObject, resources} from '../sandbox/kube.ts';
import type {Material} from './identity.ts';

type Secret = KubeObject & {data?: Record<string, string>};

const decode = (text = ''): string => Buffer.from(text, 'base64').toString('utf8');

/**
Follows a Secret by a watch, and gives its leaf and bundle as they are now: so the operator (v1) reads the cluster client Secret at each call.

@returns once the Secret was seen: `now()` gives its material.
@throws Error if it does not show within ten seconds.
*/
export const followSecret = async (kube: Kube, reference: {namespace: string; name: string}, signal: AbortSignal): Promise<{now: () => Material}> => {
	let material: Material | undefined;
	const take = (secret: Secret): void => {
		const {metadata: {name, namespace}, data} = secret;
		if (name === reference.name && namespace === reference.namespace) {
			material = {cert: decode(data?.['tls.crt']), key: decode(data?.['tls.key']), ca: decode(data?.['ca.crt'])};
		}
	};

	const {promise: first, resolve: seen, reject} = Promise.withResolvers<void>();
	const timer = setTimeout(() => {
		reject(new Error(`Secret ${reference.namespace}/${reference.name} was not there`));
	}, 10_000);
	void kube.watch<Secret>(resources.secrets, {
		listed(secrets) {
			for (const secret of secrets) {
				take(secret);
			}

			if (material) {
				seen();
			}
		},
		changed(type, secret) {
			if (type !== 'DELETED') {
				take(secret);
			}
		},
	}, {signal});
	try {
		await first;
	} finally {
		clearTimeout(timer);
	}

	return {now: () => material!};
};
