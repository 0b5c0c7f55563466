import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {components} from './components.ts';
import type {LaunchOptions, Tls} from './launch.ts';
import {componentOf, mountsOf} from './types.ts';

type Options = Pick<LaunchOptions, 'pod' | 'volumes'>;

/** The certificates that the component uses towards others; undefined for a cluster without TLS. */
export const tlsOf = ({pod, volumes}: Options): Tls | undefined => {
	const mounts = mountsOf(pod).filter(mount => mount.volume.secret);
	const wanted = components[componentOf(pod)]?.mountPath;
	// A TiProxy without a Secret of its own shows the others the cluster client's. The real one serves its status port with TiDB's then.
	const mount = mounts.find(one => one.mountPath === wanted) ?? mounts.find(one => /-cluster(?:-client)?-secret$/v.test(one.volume.secret!.secretName));
	if (!mount) {
		return undefined;
	}

	const folder = path.join(volumes, mount.volume.name);
	return {
		folder, ca: path.join(folder, 'ca.crt'), cert: path.join(folder, 'tls.crt'), key: path.join(folder, 'tls.key'),
	};
};

/** The folder on this machine of what a pod mounts there. */
export const mountedAt = ({pod, volumes}: Options, mountPath: string): string | undefined => {
	const mount = mountsOf(pod).find(one => one.mountPath === mountPath);
	return mount && path.join(volumes, mount.volume.name);
};

/** The component's configuration from its ConfigMap, with the paths of mounted Secrets as they are on this machine. */
export const configOf = async ({pod, volumes}: Options): Promise<string> => {
	const mounts = mountsOf(pod);
	const config = mounts.find(mount => mount.volume.configMap && mount.mountPath.startsWith('/etc/'));
	if (!config) {
		return '';
	}

	// Without the key that the volume asks for there is no file: the component runs on its defaults.
	let text = await readFile(path.join(volumes, config.volume.name, `${path.basename(config.mountPath)}.toml`), 'utf8').catch(() => '');
	for (const {volume, mountPath} of mounts) {
		if (volume.secret) {
			text = text.replaceAll(`${mountPath}/`, () => `${path.join(volumes, volume.name)}/`);
		}
	}

	return text;
};

/** The folder of the pod's data: its claim's, or one that the pod's successors find again. */
export const dataOf = async ({pod, volumes, folder}: LaunchOptions): Promise<string> => {
	const claim = pod.spec.volumes?.find(volume => volume.persistentVolumeClaim);
	const data = claim ? path.join(volumes, claim.name, 'data') : path.join(folder, 'data');
	await mkdir(data, {recursive: true, mode: 0o700});
	return data;
};
