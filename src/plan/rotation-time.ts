const minute = 60_000;

/** How long a pod takes to restart and to be waited for, where nothing is known of it: milliseconds. */
export const usualRestart = 2 * minute;

/**
How long a rotation may take, in milliseconds: every pod restarts once in each phase, each in `restart` milliseconds, and a Secret
reaches it within two minutes.
*/
export const estimate = (pods: number, restarts: number, restart = usualRestart): number => restarts * ((2 * minute) + (pods * restart));
