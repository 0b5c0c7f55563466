/** One element of DER (X.690): its tag's byte, its content, and the whole of it with its head. */
export type Element = {tag: number; content: Uint8Array; whole: Uint8Array};

const longForm = 0x80;

/** Where the content of the element at `start` begins and ends. */
const bounds = (der: Uint8Array, start: number): {begin: number; end: number} => {
	const first = der[start + 1] ?? NaN;
	if (first < longForm) {
		return {begin: start + 2, end: start + 2 + first};
	}

	const begin = start + 2 + first - longForm;
	const length = der.subarray(start + 2, begin).reduce((sum, byte) => (sum * 256) + byte, 0);
	return {begin, end: begin + length};
};

/**
The elements that follow each other in a piece of DER, such as the content of a SEQUENCE.
@throws RangeError when the last one is cut off.
*/
export const elements = (der: Uint8Array): Element[] => {
	const found: Element[] = [];
	let start = 0;
	while (start < der.length) {
		const {begin, end} = bounds(der, start);
		if (!(end <= der.length)) {
			throw new RangeError('an element of the DER is longer than what holds it');
		}

		found.push({tag: der[start]!, content: der.subarray(begin, end), whole: der.subarray(start, end)});
		start = end;
	}

	return found;
};

/** An object identifier's content in dotted form: `2.5.4.3`. */
export const dotted = (content: Uint8Array): string => {
	const numbers: number[] = [];
	let number = 0;
	for (const byte of content) {
		number = (number * 128) + (byte % 128);
		if (byte >= 128) {
			continue;
		}

		numbers.push(number);
		number = 0;
	}

	// The first number holds two: 40 times the first arc, which is 2 at most, and the second.
	const [first = 0, ...rest] = numbers;
	const arc = Math.min(Math.floor(first / 40), 2);
	return [arc, first - (40 * arc), ...rest].join('.');
};

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder();
const utf16 = new TextDecoder('utf-16be');
const decoders: Record<number, TextDecoder> = {0x0C: utf8, 0x1E: utf16};

/** The text of a string of any kind: UTF8String, BMPString, or one of a byte per character. */
export const textOf = ({tag, content}: Element): string => (decoders[tag] ?? latin1).decode(content);
