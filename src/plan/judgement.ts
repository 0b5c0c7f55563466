import type {Judgement} from './types.ts';

/** A condition that holds, with what proved it. */
const yes = (proofs: Judgement['proofs'] = []): Judgement => ({holds: true, reasons: [], proofs});

/** A condition that does not hold, and why. */
export const no = (...reasons: string[]): Judgement => ({holds: false, reasons, proofs: []});

/** Holds when there is no reason against it. */
export const unless = (reasons: string[], proofs: Judgement['proofs'] = []): Judgement => reasons.length === 0 ? yes(proofs) : no(...reasons);
