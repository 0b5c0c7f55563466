import test from 'ava';
import {prove} from '../../../src/prove/prove.ts';
import type {StateProof} from '../../../src/prove/types.ts';
import {proofLine, proofText} from '../../../src/render/proof.ts';
import {foresee, targets} from '../../helpers/foresee.ts';
import {makeMaterial} from '../../helpers/observation.ts';
import {Simulation} from '../../helpers/simulate.ts';

const [present, next] = [makeMaterial(), makeMaterial()];

const proofOf = (): StateProof => {
	const {plan, before, folders} = foresee(new Simulation(present, next), targets.retire);
	return prove({
		plan, observation: before, folders, now: Date.now(),
	});
};

const unsafe: StateProof['unsafe'][number] = {
	moment: 'from "Item 2" (reissue.apply) on', verifier: 'pd (basic-pd-0)', presenter: 'tidb (basic-tidb-1)', as: 'client', leaf: undefined, reason: 'signed by no CA of the 1', already: false,
};

test('the line says how many moments, states and pairs there are, and that all verify', t => {
	const proof = proofOf();
	t.is(proofLine(proof), `Mixed states: ${proof.moments.length} moments, ${proof.states} states of 9 processes, ${proof.pairs} pairs, all verify`);
});

test('the line says what the plan would bring about apart from what is so already', t => {
	const proof = proofOf();
	const already = {...unsafe, already: true};
	t.regex(proofLine({...proof, unsafe: [unsafe]}), /, the plan would make 1 certificate refused$/v);
	t.regex(proofLine({...proof, unsafe: [unsafe, already, already]}), /, the plan would make 1 certificate refused, and 2 certificates may be refused already now$/v);
});

test('the whole proof names each moment, each component and who refuses whom', t => {
	const proof = proofOf();
	const text = proofText({...proof, unsafe: [unsafe]});
	for (const [index, {when}] of proof.moments.entries()) {
		t.true(text.includes(`Moment ${index + 1}: ${when}\n`));
	}

	t.regex(text, /^tikv \(basic-tikv-0, basic-tikv-1, basic-tikv-2\) +tikv 1 or tikv 2 +CA 2 \+ CA 1 +CA 2 \+ CA 1$/mv);
	t.regex(text, /^tidb +pd +tidb 1 +CA 1 or CA 2 \+ CA 1 +pd 1 +CA 1 or CA 2 \+ CA 1 +4 +verify$/mv);
	t.true(text.endsWith('from "Item 2" (reissue.apply) on: pd (basic-pd-0) refuses the client certificate of tidb (basic-tidb-1) (unreadable): signed by no CA of the 1\n'));
});

test('every certificate that it speaks of is in its legend', t => {
	const text = proofText(proofOf());
	for (const name of new Set(text.match(/\b(?:CA|pd|tikv|tidb|client) \d\b/gv))) {
		t.regex(text, new RegExp(`^${name} `, 'mv'));
	}
});
