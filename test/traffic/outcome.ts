/**
How one connection ended. `accepted`: application bytes came back. `certificate`: TLS itself failed, by the peer's alert or by our own
check of the peer's certificate. `refused`: no TCP connection. `cut`: the connection ended without a byte and without an alert.
*/
export type Outcome = 'accepted' | 'certificate' | 'refused' | 'cut' | 'timeout';

const refusals = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const cuts = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENDED']);

/**
Sorts the error of a connection by its code. Whatever is not plainly the network's doing counts as an error of certificates:
OpenSSL's words for a certificate problem are many (`ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`,
`ERR_TLS_CERT_ALTNAME_INVALID`, even `bad record MAC`: sandbox-facts), the network's are few.

@param code - The error's `code`; our own `ENDED` for a clean end before the first byte, `TIMEOUT` for silence.
*/
export const outcomeOf = (code: string): Exclude<Outcome, 'accepted'> => {
	if (refusals.has(code)) {
		return 'refused';
	}

	if (cuts.has(code)) {
		return 'cut';
	}

	return code === 'TIMEOUT' || code === 'ETIMEDOUT' ? 'timeout' : 'certificate';
};
