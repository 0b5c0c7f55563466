import {environment} from './test/environment.ts';

/** What takes longest begins first, so that nothing is left to wait for alone. */
const long = [
	'kill/in-turn', 'cert-manager-disturbed', 'cert-manager-faults', 'faults', 'components', 'rollback', 'kill-points', 'kill-points-cert-manager', 'rotate', 'conditions', 'differential',
].map(name => `/${name}.test.ts`);

const rank = file => {
	const index = long.findIndex(name => file.endsWith(name));
	return index === -1 ? long.length : index;
};

const config = {
	extensions: ['ts'],
	files: ['test/cluster/**/*.test.ts', 'test/kill/**/*.test.ts'],
	sortTestFiles: (one, other) => rank(one) - rank(other),
	// The tests mostly wait for pods, less than half a core each; each file has a sandbox of its own.
	concurrency: 3,
	timeout: '5m',
	environmentVariables: environment,
	workerThreads: false,
};

export default config;
