import {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';

/** A row of a listening socket: `   0: 0100007F:094B 00000000:0000 0A …`, the address's bytes in reverse. */
const rows = /^ *\d+: (?<address>[\dA-F]{8}):(?<port>[\dA-F]{4}) 00000000:0000 0A /gmv;

/**
The TCP addresses that something on this machine listens on, as `127.100.1.64:2379`. The kernel's list tells it without a
connection: one that is made only to find out would stand in the component's log as a failed handshake.
*/
export const readListening = async (): Promise<Set<string>> => {
	const table = await readFile('/proc/net/tcp', 'utf8');
	const listening = new Set<string>();
	for (const {groups} of table.matchAll(rows)) {
		const address = Buffer.from(groups!.address!, 'hex').toReversed().join('.');
		listening.add(`${address}:${Number.parseInt(groups!.port!, 16)}`);
	}

	return listening;
};
