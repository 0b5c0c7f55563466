import {Buffer} from 'node:buffer';
import {
	appendFile,
	open,
	rm,
	stat,
} from 'node:fs/promises';

const mostBytes = 1_048_576;
const newline = 10;

const readFrom = async (file: string, offset: number) => {
	const source = await open(file);
	try {
		const {size} = await source.stat();
		const {buffer, bytesRead} = await source.read({buffer: Buffer.alloc(Math.min(size - offset, mostBytes)), position: offset});
		return buffer.subarray(0, bytesRead);
	} finally {
		await source.close();
	}
};

/**
Makes the copier of a process's output into the form of container logs (`<time> stdout F <line>`), the only one that kwok
reads for `kubectl logs`. A line's time is when it was copied. The process writes to the source itself, not through the
kubelet, so that it outlives the kubelet; a new kubelet begins the copy anew. Each call appends what has come since, whole
lines only, but for calls within `pause` milliseconds of the last one.
*/
export const makeLogCopy = (source: string, target: string, pause = 1000) => {
	let offset: number | undefined;
	let nextAt = 0;

	return async (): Promise<void> => {
		if (Date.now() < nextAt) {
			return;
		}

		nextAt = Date.now() + pause;
		if (offset === undefined) {
			await rm(target, {force: true});
			offset = 0;
		}

		const {size} = await stat(source).catch(() => ({size: 0}));
		if (size <= offset) {
			return;
		}

		const bytes = await readFrom(source, offset);
		const end = bytes.lastIndexOf(newline) + 1;
		if (end === 0) {
			return;
		}

		const time = new Date().toISOString();
		const lines = bytes.subarray(0, end - 1).toString('utf8').split('\n');
		await appendFile(target, lines.map(line => `${time} stdout F ${line}\n`).join(''), {mode: 0o600});
		offset += end;
	};
};
