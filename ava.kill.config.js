import {environment} from './test/environment.ts';

const config = {
	extensions: ['ts'],
	files: ['test/kill/in-turn.test.ts'],
	concurrency: 1,
	timeout: '5m',
	environmentVariables: environment,
	workerThreads: false,
};

export default config;
