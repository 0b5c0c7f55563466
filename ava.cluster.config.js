const config = {
	extensions: ['ts'],
	files: ['test/cluster/**/*.test.ts'],
	// The tests mostly wait for pods; each file has a sandbox of its own.
	concurrency: 2,
	timeout: '5m',
	workerThreads: false,
};

export default config;
