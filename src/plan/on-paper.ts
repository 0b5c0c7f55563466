import {components} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import {allParts} from './ca-files.ts';
import {changeCa, sign} from './lines.ts';
import type {Line, Plan, Step} from './types.ts';

const newCa = {certificate: 'ca.new.pem', key: 'ca-key.new.pem'};

/** A leaf of the new CA is at hand when its key is not: the canary stands for every component's. */
const likeCanary = ({components: names}: Cluster): Line[] => names.map(component => {
	const {file} = components[component];
	return {
		commands: [{stages: [['cp', 'client.new.pem', `${file}.pem`]]}, {stages: [['cp', 'client-key.new.pem', `${file}-key.pem`]]}], changes: 'files',
	};
});

/**
The same plan for a rehearsal in a throwaway folder. What cert-manager has not made yet cfssl makes as an example, of the same names; steps that
only take what is made on the way are left empty. Pure.
*/
export const onPaper = (plan: Plan): Plan => {
	const {cluster, steps, from} = plan;
	if (!cluster.issuance) {
		return plan;
	}

	const isMade = steps.slice(from).some(({id}) => id === 'trust.ca');
	const examples: Record<string, (step: Step) => Partial<Step>> = {
		'trust.ca': ({done}) => ({lines: changeCa(allParts.filter(part => part !== 'keep the key')), done: done.filter(({is}) => is === 'folder')}),
		'reissue.sign': () => ({lines: isMade ? cluster.components.map(component => sign(component, newCa, undefined)) : likeCanary(cluster)}),
		'reissue.take': () => ({lines: []}),
	};
	// What is made after a Certificate cannot be tried while that is not there.
	const isReturned = steps.slice(from).some(({id}) => id === 'prepare.certificates');
	const untried = new Set(isReturned ? ['trust.next', 'trust.client', 'trust.rehearse.issue', 'trust.rehearse.return', 'trust.record'] : []);
	return {...plan, steps: steps.map(step => ({...step, ...(untried.has(step.id) ? {lines: []} : examples[step.id]?.(step))}))};
};
