import type {Kube, KubeObject, Resource} from '../kube.ts';
import {keyOf} from './types.ts';

/**
Keep a copy of all objects of a resource, by `namespace/name`, until `signal` says stop. `changed` is told of each object that
is there, came, changed or went (then it is undefined).

@returns the copy, and a promise that it is complete for the first time.
*/
export const keepCache = <T extends KubeObject>(
	kube: Kube,
	resource: Resource,
	{signal, log, changed}: {signal: AbortSignal; log: (text: string) => void; changed?: (key: string, object: T | undefined) => void},
) => {
	const objects = new Map<string, T>();
	const {promise: listed, resolve} = Promise.withResolvers<void>();
	const put = (key: string, object: T | undefined): void => {
		if (object) {
			objects.set(key, object);
		} else {
			objects.delete(key);
		}

		changed?.(key, object);
	};

	const watching = kube.watch<T>(resource, {
		listed(all) {
			const present = new Map(all.map(object => [keyOf(object), object]));
			for (const key of objects.keys()) {
				if (!present.has(key)) {
					put(key, undefined);
				}
			}

			for (const [key, object] of present) {
				put(key, object);
			}

			resolve();
		},
		changed(type, object) {
			put(keyOf(object), type === 'DELETED' ? undefined : object);
		},
	}, {
		signal,
		failed(error) {
			log(`watch of ${resource.plural}: ${String(error)}`);
		},
	});

	return {objects, listed, watching};
};
