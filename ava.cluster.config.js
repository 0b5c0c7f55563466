import {availableParallelism} from 'node:os';
import {environment} from './test/environment.ts';

/** What takes longest begins first, so that nothing is left to wait for alone. */
const long = [
	'cert-manager-faults', 'cert-manager-disturbed', 'faults', 'components', 'rollback', 'kill-points', 'kill-points-cert-manager', 'rotate', 'conditions', 'differential',
].map(name => `/${name}.test.ts`);

const rank = file => {
	const index = long.findIndex(name => file.endsWith(name));
	return index === -1 ? long.length : index;
};

const config = {
	extensions: ['ts'],
	// That one has the machine for itself (`npm run test:in-turn`): beside others it takes six times as long.
	files: ['test/cluster/**/*.test.ts', 'test/kill/**/*.test.ts', '!test/kill/in-turn.test.ts'],
	sortTestFiles: (one, other) => rank(one) - rank(other),
	// Each file has a sandbox of its own, and a rotation keeps somewhat more than one core busy: more at once take longer altogether.
	concurrency: Math.max(2, Math.floor(availableParallelism() * 0.8)),
	timeout: '5m',
	environmentVariables: environment,
	workerThreads: false,
};

export default config;
