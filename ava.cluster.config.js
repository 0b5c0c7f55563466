const config = {
	extensions: ['ts'],
	files: ['test/cluster/**/*.test.ts'],
	concurrency: 1,
	timeout: '5m',
	workerThreads: false,
};

export default config;
