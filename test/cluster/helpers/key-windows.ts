import {Buffer} from 'node:buffer';
import {createPrivateKey} from 'node:crypto';

/** So many characters of a private key, in any of its encodings, may stand nowhere. */
const size = 16;

/** Runs of the alphabets of base64 and base64url that could hold a window. */
const run = /[\w+\-\/]{16,}/gv;

type Range = {from: number; to: number};

const bodyOf = (pem: string): string => pem.split('\n').filter(line => !line.startsWith('-----')).join('');

/** Where the private numbers stand in a key's DER: what is before and between them (algorithm, public key) is in the certificate, too. */
const privateRanges = (pem: string): Range[] => {
	const der = Buffer.from(bodyOf(pem), 'base64');
	const jwk = createPrivateKey(pem).export({format: 'jwk'});
	return [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].flatMap(number => {
		const bytes = Buffer.from(number ?? '', 'base64url');
		const from = bytes.length > 0 ? der.indexOf(bytes) : -1;
		return from === -1 ? [] : [{from, to: from + bytes.length}];
	});
};

/** The part of a base64 text that stands for these bytes and no others. */
const encodedPart = (text: string, {from, to}: Range): string => text.slice(Math.ceil(from / 3) * 4, Math.floor(to / 3) * 4);

/** The base64 of a part of a text, as it appears within the base64 of something longer, at each of the three offsets. */
const shifted = (part: Uint8Array): string[] => [0, 1, 2].map(offset => {
	const encoded = Buffer.concat([Buffer.alloc(offset), part]).toString('base64').replaceAll('=', '');
	// The characters at the ends also depend on the neighbours.
	return encoded.slice(offset === 0 ? 0 : 4, -4);
});

/** Everything of one key that could stand somewhere: its body, the base64 of its PEM and of its DER at three offsets. */
const encodings = (pem: string): string[] => {
	const body = bodyOf(pem);
	const der = Buffer.from(body, 'base64');
	return privateRanges(pem).flatMap(range => {
		const part = encodedPart(body, range);
		// The same part with PEM's line breaks: a line has 64 characters.
		const lined = pem.slice(pem.indexOf('\n') + 1);
		const begin = body.indexOf(part);
		const at = (index: number): number => index + Math.floor(index / 64);
		const text = lined.slice(at(begin), at(begin + part.length));
		return [part, ...shifted(Buffer.from(text)), ...shifted(Buffer.from(text.replaceAll('\n', String.raw`\n`))), ...shifted(der.subarray(range.from, range.to))];
	});
};

const windowsOf = (text: string): string[] => Array.from({length: Math.max(0, text.length - size + 1)}, (_, at) => text.slice(at, at + size));

/** Every window of every key, in base64's alphabet. Keys are PEM texts, one key each. */
export const keyWindows = (keys: Iterable<string>): Set<string> => new Set([...keys].flatMap(key => encodings(key)).flatMap(encoded => windowsOf(encoded)));

/**
Looks for parts of keys in a text.

@param text - where to look.
@param windows - what keyWindows gave.
@returns the place of the first one, as an index; undefined when there is none.
*/
export const findKey = (text: string, windows: Set<string>): number | undefined => {
	for (const {0: word, index} of text.matchAll(run)) {
		const standard = word.replaceAll('-', '+').replaceAll('_', '/');
		for (let at = 0; at + size <= word.length; at++) {
			if (windows.has(standard.slice(at, at + size))) {
				return index + at;
			}
		}
	}

	return undefined;
};
