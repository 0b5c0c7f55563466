import {execa} from 'execa';
import type {Place} from './place.ts';

/** The cluster folder on a file system of the command's own, which is full but for `$2` KiB; afterwards its files are back on the real one. */
const script = `
folder=$1 free=$2 aside=$1.aside
shift 2
cp -a "$folder" "$aside" && mount -t tmpfs -o size=4m,mode=700 tmpfs "$folder" && cp -a "$aside/." "$folder/" || exit 99
left=$(df --output=avail -k "$folder" | tail -n 1)
head -c $(((left - free) * 1024)) /dev/zero > "$folder/.filler"
"$@"
status=$?
rm -rf "$folder/.filler" "$aside"
cp -a "$folder" "$aside" && umount "$folder" && find "$folder" -mindepth 1 -delete && cp -a "$aside/." "$folder/" || exit 99
rm -rf "$aside"
exit "$status"
`;

/** A program and its first arguments that start a command while the place's cluster folder has only so much room, in KiB. */
export const onFullDisk = ({folder}: Place, free: number): string[] => ['unshare', '--mount', 'bash', '-c', script, 'bash', folder, String(free)];

const tried = await execa('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', import.meta.dirname], {reject: false});

/** Why there can be no such file system here; undefined where there can. */
export const mountProblem: string | undefined = tried.failed ? (tried.stderr === '' ? tried.shortMessage : tried.stderr) : undefined;
