import type {Route} from '../plan/routes.ts';

const times = (restarts: number): string => restarts === 1 ? '1 restart of each pod ' : `${restarts === 0 ? 'no' : restarts} restarts of each pod`;

const marks = {chosen: '→', possible: ' ', 'ruled out': '✗'} as const;

/** The ways from here for a person, one a line, the chosen one marked; '' where there is none to choose. Pure. */
export const routesText = (routes: Route[]): string => {
	const width = Math.max(...routes.map(({option}) => option.length));
	const lines = routes.map(({option, restarts, verdict, why}) => `${marks[verdict]} ${option.padEnd(width)}  ${times(restarts)}  ${why}`);
	return lines.length === 0 ? '' : ['What each way costs (→ is this plan, ✗ will not do):', ...lines].join('\n');
};
