import {environment} from './test/environment.ts';

const config = {
	extensions: ['ts'],
	files: ['test/cluster/**/*.test.ts'],
	// The tests mostly wait for pods, less than half a core each; each file has a sandbox of its own.
	concurrency: 3,
	timeout: '5m',
	environmentVariables: environment,
	workerThreads: false,
};

export default config;
