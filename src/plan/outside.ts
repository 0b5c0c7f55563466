import type {Account, Cluster} from '../cluster/types.ts';
import type {Condition} from './types.ts';

/** Somebody who is not to be seen from Kubernetes, and for whom only a person can answer before a phase. */
export type Outside = {
	/** As a consumer is printed: `MySQL/tidb/clients-ca`. */
	name: string;
	before: 'reissue' | 'retire';
	who: string;
	needs: string;
};

const accountOf = (namespace: string, {name, requires}: Account): Outside => ({
	name: `MySQL/${namespace}/${name}`,
	before: 'retire',
	who: `clients that log in as ${name} (REQUIRE ${requires})`,
	needs: `a certificate of the new CA${requires.includes('ISSUER') ? ', whose subject REQUIRE ISSUER must then name' : ''}, before phase retire`,
});

/**
Who connects from elsewhere: MySQL clients. Those that verify the server refuse it once its certificate is of a CA that they do not trust;
those that present a certificate are refused once TiDB no longer trusts its CA (tidb-facts 1.3, 5.A.14). Accounts that must present one are
named each, where TiDB could be asked. Nobody where the side has none.
*/
export const outsideOf = ({side, namespace, accounts = []}: Cluster): Outside[] => side === 'mysql'
	? [{
		name: `MySQL/${namespace}/clients-ca`,
		before: 'reissue',
		who: 'MySQL clients that verify the server (ssl-mode VERIFY_CA or VERIFY_IDENTITY)',
		needs: 'the new CA beside the old one (mysql/ca.pem), before phase reissue',
	}, {
		name: `MySQL/${namespace}/client-certificates`,
		before: 'retire',
		who: 'MySQL clients that present a certificate (users with REQUIRE X509, ISSUER or SUBJECT)',
		needs: 'a certificate of the new CA, before phase retire',
	}, ...accounts.map(account => accountOf(namespace, account))]
	: [];

/** That a person answers for those who must be ready before a phase. */
export const answered = (cluster: Cluster, phase: 'reissue' | 'retire', handled: string[]): Condition[] => outsideOf(cluster)
	.filter(({before}) => before === phase)
	.map(({name, who, needs}) => ({
		is: 'answered', who: name, needs: `${who} need ${needs}`, handled,
	}));
