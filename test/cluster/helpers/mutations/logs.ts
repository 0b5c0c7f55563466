import {addLine, operatorPod} from '../log-line.ts';
import type {Mutation} from '../mutation.ts';

const failure = 'rejected connection: tls: failed to verify client certificate: x509: certificate signed by unknown authority';

/** What stands in logs. They come first: the other defects leave lines there as well. */
export const logs: Mutation[] = [
	{
		title: 'a pod\'s log with an x509 error',
		plant: async place => addLine(place, 'basic-tidb-0', failure),
		codes: ['log-errors'],
		words: [/the log of basic-tidb-0 has 1 line since .*certificate signed by unknown authority/v],
		since: '1h',
	},
	{
		title: 'the operator\'s log with an x509 error',
		plant: async place => operatorPod(place, `pd status sync failed: ${failure}`),
		codes: ['log-errors'],
		words: [/the log of tidb-controller-manager-0 has 1 line since/v],
		since: '1h',
	},
];
