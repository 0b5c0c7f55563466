import {isDeepStrictEqual} from 'node:util';

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
Whether everything that is wanted is there: the API server adds defaults of its own, so more may be there. Lists must be of equal length.

@param present - Plain JSON.
@param wanted - Plain JSON; a field that is undefined is not wanted.
*/
export function hasAll(present: unknown, wanted: unknown): boolean {
	if (Array.isArray(wanted)) {
		return Array.isArray(present) && present.length === wanted.length && wanted.every((value, index) => hasAll(present[index], value));
	}

	return isMap(wanted) ? Object.entries(wanted).every(([key, value]) => value === undefined || (isMap(present) && hasAll(present[key], value))) : present === wanted;
}

/**
The JSON merge patch (RFC 7386) that turns one value into the other.

@returns undefined where they are equal, so that nothing is written.
*/
export function mergePatch(from: Json, to: Json): Json | undefined {
	const patch: Json = {};
	for (const [key, value] of Object.entries(from)) {
		if (value !== undefined && to[key] === undefined) {
			patch[key] = null;
		}
	}

	for (const [key, value] of Object.entries(to)) {
		const old = from[key];
		if (value === undefined || isDeepStrictEqual(old, value)) {
			continue;
		}

		const inner = isMap(old) && isMap(value) ? mergePatch(old, value) : value;
		if (inner !== undefined) {
			patch[key] = inner;
		}
	}

	return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The value as it is once it has been sent as JSON: what is undefined is not there. */
export function withoutUndefined<T>(value: T): T {
	return JSON.parse(JSON.stringify(value)) as T; // eslint-disable-line unicorn/prefer-structured-clone -- that one keeps undefined
}
