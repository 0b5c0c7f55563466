import {quote} from 'shlex';
import type {Condition} from '../../plan/types.ts';

const strictly = (strict: boolean): string[] => strict ? ['strict'] : [];

const words = (condition: Condition): string[] => {
	switch (condition.is) {
		case 'backup': {
			return ['backup'];
		}

		case 'folder': {
			return ['folder', condition.file, ...condition.of];
		}

		case 'absent': {
			return ['absent', ...condition.files];
		}

		case 'signed':
		case 'verifies': {
			return [condition.is, condition.component, condition.by];
		}

		case 'renewed': {
			return ['renewed', ...condition.components];
		}

		case 'secret': {
			return ['secret', condition.component, condition.bundle, condition.leaf ? 'leaf' : 'bundle'];
		}

		case 'stamped': {
			return ['stamped', condition.component, condition.bundle, ...(condition.fresh ? ['fresh'] : [])];
		}

		case 'rolled': {
			return [condition.is, condition.component, condition.bundle];
		}

		case 'kept':
		case 'recreated':
		case 'serves': {
			return [condition.is, condition.component];
		}

		case 'trusts': {
			return ['trusts', condition.component, ...strictly(condition.strict)];
		}

		case 'rejects-old':
		case 'trusts-old':
		case 'rejects-new': {
			return [condition.is.replace('-', '_'), condition.component, ...strictly(condition.strict)];
		}

		case 'consumers': {
			return ['consumers', condition.whose, condition.ca, condition.old, condition.leaves ? 'leaves' : 'bundles', ...condition.handled];
		}

		case 'restored': {
			return ['restored', condition.backup, ...condition.files];
		}
	}
};

/** A condition as the call of its function in functions.sh: `signed pd ca.new.pem`. */
export const call = (condition: Condition): string => words(condition).map(word => quote(word)).join(' ');
