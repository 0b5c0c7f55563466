import {availableParallelism} from 'node:os';
import {environment} from './test/environment.ts';

/** What takes longest begins first, so that nothing is left to wait for alone. */
const long = ['together', 'mysql', 'runbook', 'kill-points', 'rollback', 'rotate', 'conditions', 'cert-manager-routes', 'lock'].map(name => `/${name}.test.ts`);

const rank = file => {
	const index = long.findIndex(name => file.endsWith(name));
	return index === -1 ? long.length : index;
};

const config = {
	extensions: ['ts'],
	// Those that take longest have a target of their own (`npm run test:long`). One has the machine for itself (`npm run test:in-turn`): beside
	// others it takes six times as long.
	files: ['test/cluster/**/*.test.ts', 'test/kill/**/*.test.ts', '!test/cluster/long/**', '!test/kill/in-turn.test.ts'],
	sortTestFiles: (one, other) => rank(one) - rank(other),
	// Each file has a sandbox of its own, and a rotation keeps somewhat more than one core busy.
	concurrency: Math.max(2, availableParallelism()),
	timeout: '5m',
	environmentVariables: environment,
	workerThreads: false,
};

export default config;
