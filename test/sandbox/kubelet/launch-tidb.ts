import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type {Launch, LaunchInput} from './launch.ts';
import {setToml} from './toml.ts';

/** The real TiDB with its built-in storage: a process that needs neither PD nor TiKV, and holds no data of worth. */
export const launchTidb = async ({sandbox, address, folder, tls, config}: LaunchInput): Promise<Launch> => {
	const data = path.join(folder, 'unistore');
	await rm(data, {recursive: true, force: true});
	await mkdir(data, {recursive: true, mode: 0o700});

	const quote = (text: string) => JSON.stringify(text);
	let text = await readFile(config, 'utf8');
	text = setToml(text, '', {'temp-dir': quote(path.join(data, 'temp')), 'tmp-storage-path': quote(path.join(data, 'spill'))});
	if (tls) {
		text = setToml(text, 'security', {'cluster-ssl-ca': quote(tls.ca), 'cluster-ssl-cert': quote(tls.cert), 'cluster-ssl-key': quote(tls.key)});
	}

	await writeFile(config, text);
	return {
		file: sandbox.programs['tidb-server'],
		args: [
			'--store=unistore',
			`--path=${path.join(data, 'store')}`,
			`--host=${address}`,
			'-P=4000',
			`--status-host=${address}`,
			'--status=10080',
			`--advertise-address=${address}`,
			// Its default is one path for all TiDBs of a machine.
			'--socket=',
			`--config=${config}`,
		],
	};
};
