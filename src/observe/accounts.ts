import type {Account} from '../cluster/types.ts';
import {bySql, type SqlPlace} from './sql.ts';

/** TiDB keeps REQUIRE in JSON; a type of 0 is NONE, of 1 SSL, which a password alone satisfies. */
type Privileges = {ssl_type?: number; x509_issuer?: string; x509_subject?: string; san?: string};

const x509 = 2;
const specified = 3;

const requiresOf = ({ssl_type: type, x509_issuer: issuer, x509_subject: subject, san}: Privileges): string | undefined => {
	if (type === x509) {
		return 'X509';
	}

	const parts = Object.entries({ISSUER: issuer, SUBJECT: subject, SAN: san}).filter(([, value]) => value !== undefined && value !== '');
	return type === specified ? parts.map(([word, value]) => `${word} '${value!}'`).join(' ') : undefined;
};

/** What one row of mysql.global_priv requires; undefined when it is no certificate. */
export const accountOf = ({User: user, Host: host, Priv: text}: Record<string, unknown>): Account | undefined => {
	const requires = requiresOf(JSON.parse(typeof text === 'string' && text !== '' ? text : '{}') as Privileges);
	return requires === undefined ? undefined : {name: `${String(user)}@${String(host)}`, requires};
};

/**
The MySQL accounts that TiDB lets in with a certificate only (`REQUIRE X509`, `ISSUER`, `SUBJECT`, `SAN`), by name. TiDB has that in
mysql.global_priv.
@throws SqlError when it cannot be read.
*/
export const observeAccounts = async (place: SqlPlace): Promise<Account[]> => {
	const rows = await bySql(place, async query => query('SELECT User, Host, Priv FROM mysql.global_priv ORDER BY User, Host'));
	return rows.map(row => accountOf(row)).filter(account => account !== undefined);
};
