import type {Condition} from './types.ts';

const kinds = ['ready', 'gone', 'recorded', 'unowned', 'issued', 'alike', 'anew', 'ca-secret', 'other'] as const;

/** A condition about cert-manager's objects, or the Secrets that it issues. */
export type IssuanceCondition = Extract<Condition, {is: typeof kinds[number]}>;

/** Whether a condition is about cert-manager's objects, or the Secrets that it issues. */
export const isAboutIssuance = (condition: Condition): condition is IssuanceCondition => (kinds as readonly string[]).includes(condition.is);
