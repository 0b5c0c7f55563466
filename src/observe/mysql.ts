import {Buffer} from 'node:buffer';
import type {Socket} from 'node:net';

/* The first packets of MySQL's protocol: the server speaks first, in the clear, and TLS begins when the client asks for it. */

const ssl = 0x08_00;
/** LONG_PASSWORD, PROTOCOL_41, SSL, SECURE_CONNECTION. */
const capabilities = 0x01 + 0x02_00 + ssl + 0x80_00;
const biggestPacket = 0x01_00_00_00;
const utf8mb4 = 45;
const headerLength = 4;

const packet = (sequence: number, body: Uint8Array): Uint8Array => {
	const header = Buffer.alloc(headerLength);
	header.writeUIntLE(body.length, 0, 3);
	header.writeUInt8(sequence, 3);
	return Buffer.concat([header, body]);
};

const fixedPart = (): Uint8Array => {
	const body = Buffer.alloc(32);
	body.writeUInt32LE(capabilities, 0);
	body.writeUInt32LE(biggestPacket, 4);
	body.writeUInt8(utf8mb4, 8);
	return body;
};

/** Asks the server to begin TLS. */
const sslRequest = (): Uint8Array => packet(1, fixedPart());

/** Inside TLS: a login without a name, which every server answers, if only by refusing it. */
export const loginRequest = (): Uint8Array => packet(2, Buffer.concat([fixedPart(), Buffer.from([0, 0])]));

/** Whether bytes begin with the answer to a login, the fourth packet: whatever it says, it came through TLS. */
export const isLoginReply = (data: Uint8Array): boolean => data.length > headerLength && data[3] === 3;

/** Whether bytes begin with a whole packet. */
const isPacket = (data: Uint8Array): boolean => data.length > headerLength && data.length >= headerLength + Buffer.from(data).readUIntLE(0, 3);

/** Whether the server's greeting offers TLS: its capabilities follow the version's zero byte, an id and nine bytes of salt. */
const hasTls = (greeting: Uint8Array): boolean => {
	const at = greeting.indexOf(0, headerLength + 1) + 14;
	// eslint-disable-next-line no-bitwise -- Flags.
	return greeting[headerLength] === 10 && greeting.length >= at + 2 && (Buffer.from(greeting).readUInt16LE(at) & ssl) !== 0;
};

const nextChunk = async (socket: Socket): Promise<Uint8Array> => new Promise((resolve, reject) => {
	const onClose = (): void => {
		reject(new Error('the connection was closed before a greeting'));
	};

	socket.once('error', reject);
	socket.once('close', onClose);
	socket.once('data', (chunk: Uint8Array) => {
		socket.pause();
		socket.off('error', reject);
		socket.off('close', onClose);
		resolve(chunk);
	});
	socket.resume();
});

/**
Reads the greeting of a MySQL server and asks it to begin TLS.
@throws Error when it does not speak MySQL, or offers no TLS.
*/
export const beginTls = async (socket: Socket): Promise<void> => {
	let greeting = new Uint8Array();
	while (!isPacket(greeting)) {
		greeting = Buffer.concat([greeting, await nextChunk(socket)]);
	}

	if (!hasTls(greeting)) {
		throw new Error('the port does not offer TLS in a MySQL greeting');
	}

	socket.write(sslRequest());
};
