/** A program that the tool starts, and how a person gets it. */
export type Needed = {
	name: 'bash' | 'openssl' | 'kubectl' | 'cfssl' | 'cfssljson';
	/** The arguments that make it say its version. */
	asks: string[];
	/** Finds the version in what it says. */
	version: RegExp;
	get: string[];
};

const cfssl = (name: 'cfssl' | 'cfssljson', asks: string[]): Needed => ({
	name,
	asks,
	version: /^Version: *(?<version>\S+)/mv,
	get: [
		`go install github.com/cloudflare/cfssl/cmd/${name}@v1.6.5`,
		'brew install cfssl',
		'apt install golang-cfssl (Debian has 1.2, which hides some errors)',
	],
});

/** Every program that the plan's lines and the checks need, besides Node. */
export const needed: Needed[] = [
	{
		name: 'bash', asks: ['--version'], version: /version (?<version>\d[\d.]*)/v, get: ['apt install bash', 'brew install bash'],
	},
	{
		name: 'openssl', asks: ['version'], version: /^(?<version>\S+ \d\S*)/v, get: ['apt install openssl', 'brew install openssl'],
	},
	{
		name: 'kubectl',
		asks: ['version', '--client', '-o', 'json'],
		version: /"gitVersion": *"v?(?<version>[^"]+)"/v,
		get: ['https://kubernetes.io/docs/tasks/tools/', 'apt install kubernetes-client', 'brew install kubernetes-cli'],
	},
	cfssl('cfssl', ['version']),
	cfssl('cfssljson', ['-version']),
];
