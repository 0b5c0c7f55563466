import path from 'node:path';
import process from 'node:process';
import {connect} from '../kube.ts';
import {readState, statePaths} from '../state.ts';
import {Controller} from './controller.ts';
import {Log} from './log.ts';
import {World} from './world.ts';

/*
Stands in for tidb-operator v1.6.3: `node main.ts <state folder>`. It runs until SIGTERM.
*/

const [folder] = process.argv.slice(2);
if (folder === undefined) {
	throw new Error('usage: main.ts <state folder>');
}

const log = new Log();
log.say('operator: a stand-in for tidb-operator v1.6.3, which cannot be built here; measured against test/sandbox/operator/recorded');
const stop = new AbortController();
const {kubeconfig} = statePaths(path.resolve(folder));
const {dm} = await readState(path.resolve(folder));
const world = new World(await connect(kubeconfig), {withDm: dm > 0});
const controller = new Controller(world, log);
await world.start({
	signal: stop.signal,
	changed() {
		controller.changed();
	},
	failed(error) {
		log.repeated('watch', `watch: ${error instanceof Error ? error.message : String(error)}`);
	},
});
const timer = setInterval(() => {
	controller.tick();
}, 50);

for (const name of ['SIGTERM', 'SIGINT'] as const) {
	process.once(name, () => {
		clearInterval(timer);
		stop.abort();
		world.kube.close();
	});
}
