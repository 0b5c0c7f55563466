/** Where processes may be started, and by what: design rule "one file starts processes". */
const noProcesses = [
	{name: 'execa', message: 'Programs outside the plan are run by src/run/program.ts.'},
	{name: 'zx', message: 'The lines of the plan are run by src/run/line.ts.'},
	{name: 'node:child_process', message: 'Use src/run/program.ts or src/run/line.ts.'},
	{name: 'child_process', message: 'Use src/run/program.ts or src/run/line.ts.'},
];

const without = name => noProcesses.filter(path => path.name !== name);

/** What only tests under test/integration use: a unit test starts nothing, so that all of them take seconds. */
const startsSomething = {
	paths: ['execa', 'zx', ...['child_process', 'http', 'http2', 'https', 'net', 'tls', 'worker_threads'].map(name => `node:${name}`)]
		.map(name => ({name, message: 'A test that starts a program or a server belongs to test/integration.'})),
	patterns: [{
		regex: 'helpers/(alerting-server|api-server|browser|certificates|program-on-path)[.]ts$',
		message: 'It starts a program or a server: the test belongs to test/integration.',
	}],
};

/**
Names are camel case; the keys of objects are not ours to choose: they are Kubernetes', X.509's, cfssl's, Node's and the
environment's (`clusterIP`, `CN`, `ALPNProtocols`, `KUBECONFIG`), and so is what is taken out of such an object by its name.
*/
const namingConvention = [
	'error',
	{
		selector: ['variable', 'function', 'classProperty', 'parameterProperty', 'classMethod', 'objectLiteralMethod', 'typeMethod', 'accessor'],
		format: ['strictCamelCase'],
		leadingUnderscore: 'forbid',
		trailingUnderscore: 'allow',
	},
	{selector: 'variable', modifiers: ['destructured'], format: null},
	{selector: ['classProperty', 'classMethod', 'objectLiteralMethod'], modifiers: ['requiresQuotes'], format: null},
	{selector: ['typeLike', 'typeParameter'], format: ['StrictPascalCase']},
];

const config = [
	{
		ignores: ['.sandbox', 'clusters', 'test/sandbox/modules', 'test/golden/*.{html,md}'],
	},
	{
		// Versions are pinned.
		rules: {'package-json/dependency-version-range': 'off'},
		files: ['package.json'],
	},
	{
		files: ['**/*.{js,ts}'],
		rules: {
			'unicorn/single-line-block-comment-style': 'off',
			// `isX` for every boolean fights the documents' and commander's words (`yes`, `strict`, `retire`).
			'unicorn/consistent-boolean-name': 'off',
			// Docstrings say what is not plain from name and type.
			'jsdoc/require-param': 'off',
			// Here one thing is done after the other on purpose: lines, restarts, looks at the cluster.
			'no-await-in-loop': 'off',
			// An exhaustive switch is one decision.
			complexity: ['error', {max: 20, variant: 'modified'}],
			// The programs of the sandbox live under test/ and are imported there.
			'node-test/no-import-test-files': 'off',
			'no-restricted-imports': ['error', {paths: noProcesses}],
		},
	},
	{
		files: ['**/*.ts'],
		rules: {'@typescript-eslint/naming-convention': namingConvention},
	},
	{
		// These have an ava configuration of their own, which the rule does not read.
		files: ['test/{cluster,integration,kill,world}/**/*.ts'],
		rules: {'ava/no-ignored-test-files': 'off'},
	},
	{
		files: ['src/run/program.ts', 'test/**/*.ts'],
		rules: {'no-restricted-imports': ['error', {paths: without('execa').filter(path => path.name !== 'zx')}]},
	},
	{
		files: ['test/unit/**/*.ts'],
		rules: {'no-restricted-imports': ['error', startsSomething]},
	},
	{
		files: ['src/run/line.ts', 'scripts/**/*.ts'],
		rules: {'no-restricted-imports': ['error', {paths: without('zx')}]},
	},
	{
		// Bash has variables in the form of a template's.
		files: ['src/render/runbook/*.ts'],
		rules: {'no-template-curly-in-string': 'off'},
	},
	{
		// The plan is pure: nothing but its own neighbours.
		files: ['src/plan/**/*.ts'],
		rules: {
			'no-restricted-imports': ['error', {patterns: [{regex: '^[^.]', message: 'src/plan imports relative files only.'}]}],
			'no-restricted-globals': ['error', 'process', 'performance'],
			'no-restricted-properties': ['error', {object: 'Date', property: 'now'}],
		},
	},
];

export default config;
