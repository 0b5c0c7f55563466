import {createHash} from 'node:crypto';
import {
	connect,
	createServer,
	type Server,
	type Socket,
} from 'node:net';
import {once} from 'node:events';

type Held = {server: Server; sockets: Set<Socket>};

const listen = async (address: string): Promise<Held | undefined> => {
	const server = createServer();
	const sockets = new Set<Socket>();
	server.on('connection', socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		// Those who wait for the lock shall not keep its holder alive.
		socket.unref();
	});
	server.unref();
	server.listen(address);
	try {
		await once(server, 'listening');
		return {server, sockets};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
			return undefined;
		}

		throw error;
	}
};

/** Returns when the holder has closed its end: given the lock up, or died. */
const waitForHolder = async (address: string): Promise<void> => new Promise(resolve => {
	const socket = connect(address);
	socket.on('error', () => undefined);
	socket.on('close', () => {
		resolve();
	});
	socket.resume();
});

/**
Does the work while no other process on this machine holds the lock of that name.

The lock is a socket in Linux's abstract namespace: the kernel takes it away with its holder, so there is no file to be left behind
and no dead holder to be told from a living one.

@param name - any text.
@param work - what is done under the lock.
@param waiting - called once if another process holds the lock.
@returns what the work returns.
*/
export const withLock = async <T>(name: string, work: () => Promise<T>, waiting: () => void): Promise<T> => {
	const address = `\0tidb-cert-rotate-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
	let held = await listen(address);
	if (held === undefined) {
		waiting();
	}

	while (held === undefined) {
		await waitForHolder(address);
		held = await listen(address);
	}

	try {
		return await work();
	} finally {
		held.server.close();
		for (const socket of held.sockets) {
			socket.destroy();
		}
	}
};

/** Does the work while nobody else starts or stops the sandbox of this state folder; `tell` hears of a wait. */
export const withSandboxLock = async <T>(state: string, work: () => Promise<T>, tell: (line: string) => void): Promise<T> => withLock(`sandbox ${state}`, work, () => {
	tell('waiting for another run that starts or stops this sandbox');
});
