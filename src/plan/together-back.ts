import type {CertificateFacts} from '../certificates/types.ts';
import type {BackupFacts, Observation} from '../observe/types.ts';
import {caFiles} from './ca-files.ts';
import {presentCa} from './decide.ts';
import type {Plan, Step} from './types.ts';

/** The parts of a way back that clusters which share a CA go through together: trust the old CA again, old leaves, and then the new CA goes. */
export const backParts = ['trust', 'leaves', 'end'] as const;

type BackPart = typeof backParts[number];

const partOf = ({id}: Step): BackPart => {
	if (/^rollback(?:\.ca$|-trust\.)/v.test(id)) {
		return 'trust';
	}

	return /^rollback(?:\.leaves$|-leaves\.)/v.test(id) ? 'leaves' : 'end';
};

/** The steps of a way back up to the end of a part, with the backup before them; none where nothing of that is left. */
export const upTo = (plan: Plan, part: BackPart): Plan => {
	const last = backParts.indexOf(part);
	const steps = plan.steps.filter(step => step.phase === 'prepare' || backParts.indexOf(partOf(step)) <= last);
	return {...plan, steps: steps.some(({phase}) => phase !== 'prepare') ? steps : []};
};

/** The CA that a way back leads to: the old one of a rotation that is under way, else a backup's. */
export const caBefore = ({folder, ...seen}: Observation, backup: BackupFacts | undefined): CertificateFacts | undefined =>
	(caFiles({folder, ...seen}).is === 'at rest' ? backup?.certificates['ca.pem'] : folder.certificates['ca.old.pem'])?.certificates[0];

/** Whether a cluster has nothing to go back from: it is at rest, and this is its CA. */
export const isBack = (observation: Observation, ca: CertificateFacts): boolean =>
	caFiles(observation).is === 'at rest' && presentCa(observation)?.publicKey === ca.publicKey;
