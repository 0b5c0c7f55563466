import type {Proof} from '../../plan/types.ts';
import {groupedWords} from '../../render/words.ts';
import type {Block, Cell, Section} from '../page.ts';
import type {RunRecord} from '../record.ts';
import {type Asked, askedIn} from '../steps.ts';
import {clock} from '../time.ts';

const rows = (proofs: Proof[]): Cell[][] => proofs.map(({pod, port, claim, how, detail}) => [pod, String(port), claim, how, detail]);

const heading = ({step, when, holds, time}: Asked): string => `${holds ? '✓' : '✗'} ${when === 'before' ? `Before “${step.title}”` : step.title} (${clock(time)})`;

const evidence = (asked: Asked): Block[] => {
	const {proofs, holds, reasons} = asked;
	if (!holds) {
		return [{is: 'text', text: 'It does not hold:'}, {is: 'list', items: reasons}];
	}

	if (proofs.length === 0) {
		return [{is: 'text', text: 'It holds. No port was asked: folder and API server tell, or the same processes had shown it just before.'}];
	}

	return [{
		is: 'table', caption: `Evidence per port: ${asked.step.title}`, head: ['pod', 'port', 'what was shown', 'by', 'detail'], rows: rows(proofs),
	}];
};

const gate = (asked: Asked): Block[] => {
	const conditions = asked.when === 'before' ? asked.step.needs : asked.step.done;
	return [{is: 'heading', text: heading(asked)}, {is: 'list', items: groupedWords(conditions)}, ...evidence(asked)];
};

const order: Array<Proof['how']> = ['handshake', 'handshake and restart', 'evidence by restart'];

const total = (proofs: Proof[]): string => order.map(how => [how, proofs.filter(proof => proof.how === how).length] as const)
	.filter(([, count]) => count > 0)
	.map(([how, count]) => `${how} ×${count}`)
	.join(', ');

/** What had to hold before and after each phase, and what showed it at each port. */
export const gates = (record: RunRecord): Section => {
	const all = askedIn(record);
	const proofs = all.flatMap(({proofs: own}) => own);
	return {
		id: 'gates',
		title: 'Gates and their evidence',
		blocks: all.length === 0
			? [{is: 'text', text: 'The run came to no gate.'}]
			: [
				{is: 'text', text: `${all.length === 1 ? 'One gate' : `${all.length} gates`}${proofs.length === 0 ? '' : `; shown by: ${total(proofs)}`}.`},
				...all.flatMap(asked => gate(asked)),
			],
	};
};
