/** Exit statuses of design.md 2. */
export const exitStatus = {
	done: 0, failed: 1, usage: 2, refused: 3, warning: 4, critical: 5, interrupted: 130,
} as const;

/** A failure that a person reads: what, why, and the next moves. `status` is the exit status. */
export class Stopped extends Error {
	status: number;
	/** Each a line of its own: what to do next. */
	hints: string[];

	constructor(status: number, message: string, hints: string[] = []) {
		super(message);
		this.name = 'Stopped';
		this.status = status;
		this.hints = hints;
	}
}

/** Wrong usage or configuration. */
export const usage = (message: string, ...hints: string[]): Stopped => new Stopped(exitStatus.usage, message, hints);

/** A check said no before anything was changed. */
export const refused = (message: string, ...hints: string[]): Stopped => new Stopped(exitStatus.refused, message, hints);

/** Failed on the way. */
export const failed = (message: string, ...hints: string[]): Stopped => new Stopped(exitStatus.failed, message, hints);
