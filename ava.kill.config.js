import path from 'node:path';

const config = {
	extensions: ['ts'],
	files: ['test/kill/**/*.test.ts'],
	concurrency: 1,
	timeout: '5m',
	environmentVariables: {
		// Every command and every part of a sandbox is a process, and each would take the types out of the same sources again.
		NODE_COMPILE_CACHE: path.join(import.meta.dirname, 'node_modules/.cache/node'),
		// Most of the work is done by Go programs: fewer collections of their garbage save a fifth of it.
		GOGC: '300',
	},
	workerThreads: false,
};

export default config;
