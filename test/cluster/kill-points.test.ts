import {few} from './helpers/sandbox.ts';
import {testSomePoints} from './helpers/some-points.ts';

testSomePoints({
	name: 'kill-points-test', args: few, issuer: 'cfssl', some: 6,
});
