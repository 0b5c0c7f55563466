/**
Secrets into which TiDB Operator itself copies the cluster's client certificate, and which it writes anew at its next look (tidb-facts
1.5): of a TidbMonitor, of a TidbDashboard (two), of a TidbNGMonitoring.
*/
const copies = [/^tidbmonitor-.+-tls-assets$/v, /.-tc-cluster-client-tls$/v, /.-tc-mysql-client-tls$/v, /.-tc-client-tls$/v];

/** Whether a Secret has the name of a copy that the operator keeps. */
export const isOperatorCopy = (name: string): boolean => copies.some(pattern => pattern.test(name));
