/** What a port speaks; `both` is HTTP/1.1 and gRPC on one port, `mysql` is not TLS from its first byte. */
export type Protocol = 'grpc' | 'http' | 'both' | 'mysql';

export type Port = {
	port: number;
	protocol: Protocol;
	/** What a change of the mounted files does: see the stand-in's `Port.Reload`. */
	reload?: 'leaf' | 'all' | 'failure';
	/** `named`: only when the component's configuration lists the common names that it accepts. */
	clientCertificate?: 'always' | 'named' | 'never';
};

export type Component = {
	ports: Port[];
	/** Where the pod mounts the Secret with `tls.crt`, `tls.key` and `ca.crt`. */
	mountPath: string;
	/** The configuration setting with the accepted common names, where TLS itself checks them. */
	commonNames?: string;
	/** The components that it opens connections to, and the port it uses. */
	dials: Array<{component: string; port: number; protocol: Protocol}>;
};

const dialPd = {component: 'pd', port: 2379, protocol: 'grpc'} as const;
const dialMicroservices = (['tso', 'scheduling'] as const).map(component => ({component, port: 2379, protocol: 'grpc'} as const));
const dialTikv = {component: 'tikv', port: 20_160, protocol: 'grpc'} as const;
const leaf = {reload: 'leaf', clientCertificate: 'always'} as const;
const openPort = {
	port: 2379, protocol: 'both', reload: 'leaf', clientCertificate: 'never',
} as const;
const all = {reload: 'all', clientCertificate: 'always'} as const;
const failure = {reload: 'failure', clientCertificate: 'always'} as const;

/**
TLS ports and reload behaviour by component label. TiKV checks a client's common name per request, not in TLS; TiFlash's
20170 and 20292 belong to the TiKV code inside it.
*/
export const components: Record<string, Component> = {
	pd: {
		ports: [{port: 2379, protocol: 'both', ...leaf}, {port: 2380, protocol: 'http', ...leaf}],
		mountPath: '/var/lib/pd-tls',
		commonNames: 'cert-allowed-cn',
		dials: [{component: 'pd', port: 2380, protocol: 'http'}, ...dialMicroservices],
	},
	// Seen of the real ones: the leaf at every handshake, and nobody is asked for a certificate.
	tso: {ports: [openPort], mountPath: '/var/lib/pd-tls', dials: [dialPd, ...dialMicroservices]},
	scheduling: {ports: [openPort], mountPath: '/var/lib/pd-tls', dials: [dialPd, dialTikv, ...dialMicroservices]},
	tikv: {
		ports: [{port: 20_160, protocol: 'grpc', ...all}, {port: 20_180, protocol: 'http', ...failure}],
		mountPath: '/var/lib/tikv-tls',
		dials: [dialPd, dialTikv],
	},
	tidb: {
		ports: [{
			port: 10_080, protocol: 'http', reload: 'leaf', clientCertificate: 'named',
		}, {port: 4000, protocol: 'mysql'}],
		mountPath: '/var/lib/tidb-tls',
		commonNames: 'cluster-verify-cn',
		dials: [dialPd, dialTikv],
	},
	tiflash: {
		ports: [{port: 3930, protocol: 'grpc', ...leaf}, {port: 20_170, protocol: 'grpc', ...all}, {port: 20_292, protocol: 'http', ...failure}],
		mountPath: '/var/lib/tiflash-tls',
		dials: [dialPd, dialTikv],
	},
	ticdc: {ports: [{port: 8301, protocol: 'both', ...leaf}], mountPath: '/var/lib/ticdc-tls', dials: [dialPd, dialTikv]},
	pump: {ports: [{port: 8250, protocol: 'both', ...leaf}], mountPath: '/var/lib/pump-tls', dials: [dialPd]},
	tiproxy: {
		ports: [{port: 3080, protocol: 'http', ...all}, {port: 6000, protocol: 'mysql'}],
		mountPath: '/var/lib/tiproxy-tls',
		dials: [dialPd],
	},
	// Of a DM cluster. Whether its processes read a leaf again is not known (tidb-facts 1.1); these do, and their CA never.
	'dm-master': {
		ports: [{port: 8261, protocol: 'both', ...leaf}, {port: 8291, protocol: 'http', ...leaf}],
		mountPath: '/var/lib/dm-master-tls',
		dials: [{component: 'dm-master', port: 8291, protocol: 'http'}, {component: 'dm-worker', port: 8262, protocol: 'grpc'}],
	},
	'dm-worker': {
		ports: [{port: 8262, protocol: 'both', ...leaf}],
		mountPath: '/var/lib/dm-worker-tls',
		dials: [{component: 'dm-master', port: 8261, protocol: 'grpc'}],
	},
};
