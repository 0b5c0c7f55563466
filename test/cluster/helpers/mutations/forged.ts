import {makeCa, type Made} from '../../../helpers/certificates.ts';

/** The first second of the year that is so many years away, as openssl writes it. */
export const years = (count: number): string => `${new Date().getUTCFullYear() + count}0101000000Z`;

/** A CA that nobody trusts. */
export const stranger = (): Made => makeCa({subject: '/C=US/O=Somebody/CN=Somebody'});
