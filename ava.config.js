import path from 'node:path';

const config = {
	extensions: ['ts'],
	files: ['test/unit/**/*.test.ts'],
	// Twice as many as cores on a usual CI machine: those of test/integration, which have the same, wait for a process.
	concurrency: 4,
	timeout: '60s',
	environmentVariables: {
		// A test file is a process, and each would take the types out of the same sources again.
		NODE_COMPILE_CACHE: path.join(import.meta.dirname, 'node_modules/.cache/node'),
	},
	workerThreads: false,
};

export default config;
