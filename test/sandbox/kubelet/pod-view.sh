#!/bin/sh
# Enter the view of a pod of the sandbox. kwok runs the command of `kubectl exec`
# on this machine and finds this script under the command's name. It makes a
# mount namespace in which the pod's volumes stand at their mount paths below
# /var/lib and /proc/1 is the pod's process, and there runs the real program of
# that name. SANDBOX_POD is the pod's folder; its file `view` lists the volumes.
name=${0##*/}
PATH=${PATH#"${0%/*}:"}
export PATH
if [ -z "$SANDBOX_POD" ]; then exec "$name" "$@"; fi
root=
if [ "$(id -u)" != 0 ]; then root=--map-root-user; fi
exec unshare $root --mount sh -c '
	set -e
	pod=$SANDBOX_POD
	# The state folder may itself be below /var/lib, which is about to be hidden.
	mount --bind "$pod" /mnt
	pod=/mnt
	mount -t tmpfs tmpfs /var/lib
	while read -r kind what where; do
		case $kind in
			volume) mkdir -p "$where"; mount --bind "$pod/$what" "$where" ;;
			process) if [ -d "/proc/$what" ]; then mount --rbind "/proc/$what" /proc/1; fi ;;
		esac
	done < "$pod/view"
	umount /mnt
	unset SANDBOX_POD
	exec "$@"
' sh "$name" "$@"
