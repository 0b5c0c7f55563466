# shellcheck shell=bash
# Before and after each write of a program: kills the run that the write belongs to, where that is asked for. Sourced by a wrapper,
# which sets program, real (the words that start it), folder (the cluster folder) and state (the reaper's folder); or root (the folder of two cluster folders) instead of
# folder: then what is written in one of them, or to a Lease, has its cluster's name.

: "${program:?}" "${real[0]:?}" "${state:?}"
label=
belong_to() { folder=$root/$1 label="$1: "; }

if [ -n "${root:-}" ]; then
	folder=$root/none
	case "$PWD/" in "$root"/?*/*)
		own=${PWD#"$root"/}
		belong_to "${own%%/*}"
		;;
	esac
fi

: "${folder:?}"

inside() { [ "$1" = "$folder" ] || [ "${1#"$folder"/}" != "$1" ]; }

# The file that standard output goes to, if it is in the cluster folder.
output() {
	local file
	file=$(readlink "/proc/$$/fd/1")
	! inside "$file" || printf ' > %s' "${file#"$PWD"/}"
}

# What is read of standard input, byte for byte but NULs.
input=
read_input() { IFS= read -r -d '' input; }

lease_deed() {
	if ! grep -q '"kind": *"Lease"' <<< "$input"; then
		return
	elif grep -q '"holderIdentity": *""' <<< "$input"; then
		deed='Lease released'
	elif [ "$(grep -oE '"(acquire|renew)Time": *"[^"]*"' <<< "$input" | cut -d '"' -f 4 | sort -u | wc -l)" = 1 ]; then
		deed='Lease taken'
	else
		deed='Lease renewed'
	fi

	[ -z "${root:-}" ] || belong_to "$(sed -nE 's/.*"name": *"([a-z0-9-]+)-cert-rotate".*/\1/p' <<< "$input" | head -n 1)"
}

# The name of the object on standard input, in YAML or in JSON as kubectl prints them.
named() { sed -nE '/^(  name: |        "name": ")([^",]+).*/{s//\2/p;q}' <<< "$input"; }

# What the call is going to write, in words; empty when it writes nothing of the cluster or of its folder.
deed=
case "$program $*" in
kubectl*' --dry-run='*) ;;
kubectl*' --validate=false '*)
	read_input
	lease_deed
	;;
'kubectl apply '*' -')
	read_input
	deed="apply $(named)"
	;;
'kubectl apply '*) deed="apply ${*: -1}" ;;
'kubectl delete '*) deed="delete ${*:2:2}" ;;
'kubectl patch '[!-]*) deed="patch $(grep -oE '"spec":\{"[a-z]+' <<< "$*" | cut -d '"' -f 4)" ;;
'kubectl '* | 'cat '* | 'base64 '*) ! inside "$PWD" || [ -z "$(output)" ] || deed="$program ${*:1:2}$(output)" ;;
*) ! inside "$PWD" || deed="$program $*" ;;
esac
# Files that a rotation lists one by one are one write.
[ -z "$deed" ] || deed=$(sed -E 's/[0-9]{8}T[0-9]{6}Z/<time>/g; s/^(cp -p [^ ]+) .* /\1 … /' <<< "$deed")

# The step that this run began last and has not ended.
step() {
	case "$deed" in Lease*)
		return
		;;
	esac
	local run
	run=$(tac "$folder/journal.ndjson" 2> /dev/null | sed '/"event":"start"/q' | tac)
	[[ $run = *"\"pid\":$1"[,\}]* ]] || return
	grep -oE '"event":"(begin|end|start|finish)"(,"step":"[^"]+")?' <<< "$run" | tail -n 1 | sed -nE 's/^"event":"begin","step":"([^"]+)"$/ @ \1/p'
}

# Not `kill -0`: a process that was killed is there until its parent has looked.
alive() { grep -qs '^State:.[^ZX]' "/proc/$1/status"; }

# It is dead when this returns, not a moment later: who gets the lock next must see it.
kill_it() {
	kill -KILL "$1"
	while alive "$1"; do sleep 0.01; done
}

# Kills the run, if that is asked for here; fails if not. Called with the lock.
strike() {
	local point
	point="$1 $label$deed$(step "$victim")"
	if ! alive "$victim" || grep -Fxq -e "$point" "$state/points"; then
		return 1
	fi

	case "$mode" in
	record | every | "one $point") printf '%s\n' "$point" >> "$state/points" ;;
	esac
	case "$mode" in
	every | "one $point") kill_it "$victim" ;;
	*) return 1 ;;
	esac
}

if [ -z "$deed" ]; then
	[ -z "$input" ] || exec "${real[@]}" "$@" <<< "$input"
	exec "${real[@]}" "$@"
fi

exec 9> "$state/lock"
flock 9
mode=$(cat "$state/mode")
victim=$(cat "$state/victim-$REAPER_RUN")
if strike before; then
	exit 137
fi

# At every point in turn: one write at a time, and what a killed run began beside it does not go on. Else it does, as it would.
if [ "$mode" != every ]; then
	flock -u 9
elif ! alive "$victim"; then
	exit 137
fi

if [ -n "$input" ]; then
	"${real[@]}" "$@" <<< "$input" 9>&-
else
	"${real[@]}" "$@" 9>&-
fi
status=$?
flock 9
strike after
exit "$status"
