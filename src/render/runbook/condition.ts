import {quote} from 'shlex';
import {components} from '../../cluster/components.ts';
import {isAboutIssuance, type IssuanceCondition} from '../../plan/issuance-condition.ts';
import {isGate} from '../../plan/judge.ts';
import type {Condition} from '../../plan/types.ts';

const flag = (isSet: boolean, word: string): string[] => isSet ? [word] : [];

const wordsOfOthers = ({whose, ca, old, leaves, handled}: Extract<Condition, {is: 'consumers'}>): string[] =>
	['consumers', whose, ca, old, leaves ? 'leaves' : 'bundles', ...handled];

const wordsOfCertManager = (condition: IssuanceCondition): string[] => {
	switch (condition.is) {
		case 'ready': {
			return ['ready', condition.kind, condition.name];
		}

		case 'gone': {
			return ['gone', condition.kind, ...condition.names];
		}

		case 'recorded': {
			return ['recorded', ...condition.certificates];
		}

		case 'unowned': {
			return ['unowned', ...condition.secrets];
		}

		case 'issued': {
			return ['issued', condition.secret, condition.by];
		}

		case 'alike': {
			return ['alike', condition.secret, condition.as];
		}

		case 'anew': {
			return ['anew', condition.component, condition.signer];
		}

		case 'ca-secret': {
			return ['ca_secret', condition.secret, condition.file, condition.another ? 'another' : 'same'];
		}

		case 'other': {
			return ['other', condition.secret, condition.bundle, condition.by];
		}
	}
};

const words = (condition: Condition): string[] => {
	if (isAboutIssuance(condition)) {
		return wordsOfCertManager(condition);
	}

	if (isGate(condition) && components[condition.component].ports.length === 0) {
		return ['unasked', condition.component, ...flag('strict' in condition && condition.strict, 'strict')];
	}

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

		case 'successor': {
			return ['successor', condition.file, ...condition.components];
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
			return ['stamped', condition.component, condition.bundle, ...flag(condition.fresh, 'fresh')];
		}

		case 'rolled':
		case 'reloaded': {
			return [condition.is, condition.component, condition.bundle];
		}

		case 'deployed': {
			return ['deployed', condition.bundle];
		}

		case 'kept':
		case 'recreated':
		case 'loads': {
			return [condition.is, condition.component];
		}

		case 'serves': {
			return ['serves', condition.component, ...flag(condition.wakes ?? false, 'wake')];
		}

		case 'trusts': {
			return ['trusts', condition.component, ...flag(condition.strict, 'strict')];
		}

		case 'rejects-old':
		case 'trusts-old':
		case 'rejects-new': {
			return [condition.is.replace('-', '_'), condition.component, ...flag(condition.strict, 'strict')];
		}

		case 'consumers': {
			return wordsOfOthers(condition);
		}

		case 'answered': {
			return ['answered_for', condition.who, condition.needs, ...condition.handled];
		}

		case 'restored': {
			return ['restored', condition.backup, ...condition.files];
		}
	}
};

/** A condition as the call of its function in functions.sh: `signed pd ca.new.pem`. */
export const call = (condition: Condition): string => words(condition).map(word => quote(word)).join(' ');
