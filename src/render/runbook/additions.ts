type Addition = {programs: string[]; reason: string};

/**
What a runbook runs besides the documents' commands, each with its reason. It stands in the head of every runbook; a test finds
each program of a runbook either in the documents or here.
*/
export const additions: readonly Addition[] = [
	{programs: ['kubectl get'], reason: 'to see before and after each step what the documents take for granted; it changes nothing'},
	{programs: ['kubectl patch'], reason: 'the restart that the documents leave to kubectl edit'},
	{programs: ['kubectl port-forward', 'openssl s_client'], reason: 'the gates: a handshake at every TLS port of every pod'},
	{programs: ['kubectl exec'], reason: 'the evidence by restart, where a handshake cannot prove trust'},
	{programs: ['cfssl gencert', 'cfssljson'], reason: 'the gates\' throwaway certificates, in a folder that is removed'},
	{programs: ['openssl verify', 'openssl x509', 'openssl pkey'], reason: 'every leaf against its CA and its key before it is applied, and what a port serves'},
	{programs: ['openssl dgst', 'cut'], reason: 'the mark that tells which certificates a pod was made for'},
	{programs: ['mkdir', 'chmod', 'cp', 'mv', 'find'], reason: 'the backup of folder and Secrets, before anything is changed'},
	{programs: ['rm'], reason: 'the throwaway folder; and after retire the old CA, which is in the backup'},
	{programs: ['awk', 'base64', 'cat', 'cmp', 'grep', 'head', 'od', 'sed', 'sort', 'tail', 'tr'], reason: 'to compare and to cut text; sed also keeps keys from the terminal'},
	{programs: ['date'], reason: 'the backup\'s name, and the time of restart that the documents ask for'},
	{programs: ['mktemp'], reason: 'the throwaway folder, which only its owner may read'},
	{programs: ['sleep'], reason: 'between two looks'},
];

/** The same besides, for clusters of cert-manager. */
export const issuanceAdditions: readonly Addition[] = [
	{programs: ['kubectl apply'], reason: 'cert-manager\'s objects: those of the new CA, the Certificates that come back, the request to issue again'},
	{programs: ['kubectl delete'], reason: 'the Certificates that are put aside, and what was made on the way'},
];

/** The same besides, where the CA's certificate is made anew: no command of the documents does that. */
export const renewalAdditions: readonly Addition[] = [
	{programs: ['cfssl gencert -renewca'], reason: 'the CA\'s certificate anew with the key that it has, for which it needs ca-key.pem; the documents make a new key'},
];

/** The same besides, where TiDB reads its files again instead of being restarted. */
export const reloadAdditions: readonly Addition[] = [
	{programs: ['mysql'], reason: 'ALTER INSTANCE RELOAD TLS to each TiDB'},
	{programs: ['kubectl annotate'], reason: 'the mark that tells what a pod has read again'},
];
