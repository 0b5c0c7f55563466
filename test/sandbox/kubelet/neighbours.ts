import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import {type Node, ownerOf, type Place} from './node.ts';
import {membersOf, peersOf} from './peers.ts';

/**
Makes the writer of two lists that a stand-in reads while it runs: `members.json`, all pods of its own StatefulSet, and
`peers.json`, whom it connects to. They change when a StatefulSet is made or scaled.
*/
export const makeNeighbours = (node: Node, place: Place) => {
	const written = new Map<string, string>();

	return async (): Promise<void> => {
		const {network} = node.sandbox;
		const owner = ownerOf(node, place);
		if (!owner) {
			return;
		}

		const lists = {'members.json': membersOf(owner, network), 'peers.json': peersOf(place.name, owner, node.statefulSets(), network)};
		await Promise.all(Object.entries(lists).map(async ([file, list]) => {
			const text = JSON.stringify(list);
			if (written.get(file) === text) {
				return;
			}

			written.set(file, text);
			await writeFileAtomic(path.join(place.folder, file), text);
		}));
	};
};
