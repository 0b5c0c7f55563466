import {onceEach} from '../../kill/cluster.ts';
import {testSomePoints} from '../helpers/some-points.ts';

testSomePoints({
	name: 'kill-points-cert-manager-test', args: onceEach, issuer: 'cert-manager', some: 2,
});
