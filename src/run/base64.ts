import {Buffer} from 'node:buffer';

/**
The base64 of some bytes as it appears inside the base64 of something longer: at each of the three offsets that it can have
there, only the characters that do not depend on the neighbours.
*/
export const stableBase64 = (data: string | Uint8Array): string[] => [0, 1, 2].map(offset => {
	const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(data as string)]);
	return bytes.toString('base64').slice(Math.ceil(offset * 8 / 6), Math.floor(bytes.length * 8 / 6));
});
