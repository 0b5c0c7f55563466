import {Buffer} from 'node:buffer';
import {stableBase64} from './base64.ts';

/** So many consecutive characters of a key, in any of its encodings, are a leak. */
const window = 16;
/** A window at any place covers one whole gram of this length that begins at a multiple of it. */
const gram = window / 2;

const block = /(?<head>-----BEGIN [ A-Z]*PRIVATE KEY-----\s)(?<body>.*?)-----END /gsv;

/** The forms of one PEM file's private keys: the body as it is, the DER inside other DER, the base64 of the PEM, and of the PEM as a JSON string. */
const encodings = (pem: string): string[] => Array.from(pem.matchAll(block), ({groups}) => {
	const {head = '', body = ''} = groups!;
	const plain = body.split(/\s+/v).filter(line => !line.includes(':')).join('');
	const text = head + body;
	return [plain, ...stableBase64(Buffer.from(plain, 'base64')), ...stableBase64(text), ...stableBase64(text.replaceAll('\n', String.raw`\n`))];
}).flat();

/** Length of the piece that two texts have in common around two places. */
const common = (one: string, at: number, other: string, there: number): number => {
	let [before, after] = [0, 0];
	while (at > before && there > before && one[at - before - 1] === other[there - before - 1]) {
		before++;
	}

	while (at + after < one.length && there + after < other.length && one[at + after] === other[there + after]) {
		after++;
	}

	return before + after;
};

/**
An index of private keys, given as PEM texts.
@returns `has`, which tells whether a run of base64 has a piece of 16 characters in common with any encoding of any key.
*/
export const keyGrams = (keys: string[]): {has: (text: string) => boolean} => {
	const places = new Map<string, Array<{encoding: string; at: number}>>();
	for (const encoding of new Set(keys.flatMap(key => encodings(key)))) {
		for (let at = 0; at + gram <= encoding.length; at += gram) {
			const piece = encoding.slice(at, at + gram);
			const known = places.get(piece);
			if (known) {
				known.push({encoding, at});
			} else {
				places.set(piece, [{encoding, at}]);
			}
		}
	}

	return {
		has(text) {
			for (let at = 0; at + gram <= text.length; at++) {
				const found = places.get(text.slice(at, at + gram)) ?? [];
				if (found.some(place => common(text, at, place.encoding, place.at) >= window)) {
					return true;
				}
			}

			return false;
		},
	};
};
