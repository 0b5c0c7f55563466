import test from 'ava';
import {
	type Holder,
	holderText,
	parseHolder,
	standing,
} from '../../../src/plan/holder.ts';

const self: Holder = {
	user: 'anna', host: 'box', pid: 4711, start: '8123456', system: '3f2a9b1c-4026531836',
};

const other: Holder = {...self, pid: 99, start: '77'};

test('a holder\'s text names user, host, process and its start, and can be read again', t => {
	t.is(holderText(self), 'anna@box pid 4711 start 8123456 on 3f2a9b1c-4026531836');
	t.deepEqual(parseHolder(holderText(self)), self);
});

for (const text of ['', 'somebody', 'anna@box', 'anna@box pid x start 1 on y', 'anna@box pid 1 start 1 on y and more']) {
	test(`"${text}" is no holder of ours`, t => {
		t.is(parseHolder(text), undefined);
	});
}

const cases: Array<[title: string, text: string, start: string | undefined, stands: ReturnType<typeof standing>]> = [
	['nobody holds what no name stands in', '', undefined, 'nobody'],
	['a process knows its own text', holderText(self), '8123456', 'ours'],
	['a process that runs is alive', holderText(other), '77', 'alive'],
	['a process that has ended is gone', holderText(other), undefined, 'gone'],
	['a process whose number another one has by now is gone', holderText(other), '78', 'gone'],
	['the same number on another host says nothing', holderText({...other, host: 'laptop'}), undefined, 'elsewhere'],
	['the same number before a reboot, or in a container, says nothing', holderText({...other, system: '00000000-1'}), undefined, 'elsewhere'],
	['another tool\'s name says nothing', 'somebody', undefined, 'elsewhere'],
];

for (const [title, text, start, stands] of cases) {
	test(title, t => {
		t.is(standing(text, self, () => start), stands);
	});
}
