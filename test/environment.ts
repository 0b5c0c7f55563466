import path from 'node:path';

/** What makes the many processes of tests on sandboxes cheaper; each inherits it. */
export const environment = {
	// Every command and every part of a sandbox is a process, and each would take the types out of the same sources again.
	NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../node_modules/.cache/node'),
	// Most of the work is done by Go programs: fewer collections of their garbage save a fifth of it.
	GOGC: '300',
};
