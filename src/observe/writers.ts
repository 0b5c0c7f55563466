import type {KubernetesObject} from './objects.ts';
import type {Writer} from './types.ts';

/** Who wrote an object, from its managedFields. */
export const writersOf = ({managedFields = []}: KubernetesObject['metadata']): Writer[] => managedFields.map(({manager, operation = '', time = '', fieldsV1 = {}}) => ({
	manager, operation, time, parts: Object.keys(fieldsV1).map(field => field.replace(/^f:/v, '')),
}));
