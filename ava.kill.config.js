const config = {
	extensions: ['ts'],
	files: ['test/kill/**/*.test.ts'],
	concurrency: 1,
	timeout: '5m',
	workerThreads: false,
};

export default config;
