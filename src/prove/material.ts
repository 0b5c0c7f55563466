import type {PemFacts} from '../certificates/types.ts';
import type {Material} from './types.ts';

/** Tells one material from another. */
export const keyOf = ({leaf, bundle}: Material): string => `${leaf.digest} ${bundle.digest}`;

/** Every material once. */
export const distinct = (materials: Material[]): Material[] => new Map(materials.map(material => [keyOf(material), material])).values().toArray();

/** Every text once. */
export const distinctText = (texts: PemFacts[]): PemFacts[] => new Map(texts.map(text => [text.digest, text])).values().toArray();
