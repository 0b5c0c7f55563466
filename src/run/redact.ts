import {keyGrams} from './key-grams.ts';
import {stableBase64} from './base64.ts';

/** Takes private keys out of a text. */
export type Redactor = (text: string) => string;

const mark = '[redacted]';

/** Runs of the base64 alphabet, that of URLs included, that are long enough to say something of a key. */
const run = /[\w+\-\/=]{16,}/gv;

const block = /-----BEGIN [ A-Z]*PRIVATE KEY-----.*?(?:-----END [ A-Z]*PRIVATE KEY-----|$)/gsv;

/** The value of a `tls.key` in YAML, JSON, JSON that is escaped inside JSON, or Go's `map[…]`. */
const keyField = /(?<field>tls\.key(?:\\*")?\s*:\s*(?:\\*["'])?)[\w+\-\/=]+/gv;

/** What the base64 of every PEM private key has in it, whoever made it and whatever its field is called. */
const keyHeader = stableBase64('PRIVATE KEY-----');

type Index = ReturnType<typeof keyGrams>;

let known = new Map<string, Index>();

/** An index of each of these keys. Those of the last call are kept: of a folder's keys a few change in a run of many lines. */
const indexesOf = (keys: string[]): Index[] => {
	known = new Map(keys.map(key => [key, known.get(key) ?? keyGrams([key])]));
	return known.values().toArray();
};

/**
A redactor that knows the keys of these PEM texts in every form in which a program of ours could print them, and of all others
the usual shapes: PEM blocks, their base64, and `tls.key` values, such as a failing `kubectl apply` prints with the whole patch
(design.md 8). A certificate may be redacted too, where its public key is encoded as in its private key.
*/
export const redactor = (keys: string[]): Redactor => {
	const isSecret = (word: string): boolean => {
		const plain = word.replaceAll('-', '+').replaceAll('_', '/');
		// Most texts have nothing to look at, so the index waits for the first that has.
		return keyHeader.some(header => plain.includes(header)) || indexesOf(keys).some(index => index.has(plain));
	};

	return text => text
		.replaceAll(block, () => mark)
		.replaceAll(keyField, (_match, field: string) => field + mark)
		.replaceAll(run, word => isSecret(word) ? mark : word);
};
