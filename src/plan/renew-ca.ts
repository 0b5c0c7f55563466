import type {Cluster} from '../cluster/types.ts';
import {apply, renewCaCertificate} from './lines.ts';
import {
	each,
	everySecret,
	headings,
	restartSteps,
	step,
} from './steps.ts';
import type {Condition, Step} from './types.ts';

/**
Phase renew: the CA's certificate alone, made anew with the key and subject that it has. Each of the two certificates verifies every leaf that
is there, whichever a process has loaded, so that nothing has to be trusted first and one restart is enough.
*/
export const renewCa = (cluster: Cluster): Step[] => {
	const verified = cluster.components.map((component): Condition => ({is: 'verifies', component, by: 'ca.pem'}));
	return [
		step({
			id: 'renew.ca',
			phase: 'renew',
			title: 'Make the CA\'s certificate anew, with the key and subject that it has',
			docs: headings.renew,
			needs: [{is: 'absent', files: ['ca.new.pem', 'ca.old.pem']}],
			lines: [renewCaCertificate()],
			done: [{is: 'successor', file: 'ca.pem', components: cluster.components}, ...verified],
		}),
		step({
			id: 'renew.apply',
			phase: 'renew',
			title: 'Write the new CA certificate to the Secrets, with the leaves they have',
			docs: headings.renew,
			// A Secret whose own bundle does not verify its leaf is never written (design.md 8).
			needs: [...verified, ...cluster.components.map((component): Condition => ({is: 'kept', component}))],
			lines: cluster.components.map(component => apply(cluster, component, 'ca.pem', undefined)),
			independent: true,
			done: everySecret(cluster, 'ca.pem', true),
		}),
		...restartSteps(cluster, {phase: 'renew', bundle: 'ca.pem'}),
		step({
			id: 'renew.verify',
			phase: 'renew',
			title: 'See that every pod was started with the new CA certificate, and that it verifies what the pods serve',
			docs: headings.renew,
			lines: [],
			done: each(cluster, component => ({is: 'loads', component})),
			limit: 'while it progresses',
		}),
	];
};
