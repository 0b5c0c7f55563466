import fc from 'fast-check';

const surrogates = {first: 0xD8_00, count: 0x8_00};

/** Any character of Unicode. fast-check's own unit `binary` makes a table of all of them first, which takes longer than the tests. */
const anyCharacter = fc.integer({min: 0, max: 0x10_FF_FF - surrogates.count})
	.map(number => String.fromCodePoint(number < surrogates.first ? number : number + surrogates.count));

/** Texts of any characters, NUL among them. */
export const anyText = fc.string({unit: anyCharacter});
