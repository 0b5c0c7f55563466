import {performance} from 'node:perf_hooks';

/**
Gives what `read` reads, read anew when it is older than so many milliseconds. Whoever asks while it is being read waits for that.
`clock` gives the time in milliseconds; tests have their own.
@returns a function that throws what `read` throws; after that it tries again when as much time has gone by.
*/
export const keepFresh = <Thing>(read: () => Promise<Thing>, freshFor: number, clock = () => performance.now()): (() => Promise<Thing>) => {
	let reading: Promise<Thing> | undefined;
	let isUnderWay = false;
	let readAt = 0;
	const readNow = async (): Promise<Thing> => {
		isUnderWay = true;
		try {
			return await read();
		} finally {
			isUnderWay = false;
			readAt = clock();
		}
	};

	return async () => {
		if (!reading || (!isUnderWay && clock() - readAt >= freshFor)) {
			reading = readNow();
		}

		return reading;
	};
};
