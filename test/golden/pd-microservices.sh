#!/usr/bin/env bash
# Renews the TLS certificates between the components of a TiDB cluster: trust, reissue, retire.
# TidbCluster basic in namespace tidb, whose certificates were issued by cfssl.
#
# Printed by: npm run -s runbook -- (golden: pd-microservices)
# The commands are those of https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-certificates-issued-by-the-cfssl-system
# filled in and in their order. Besides them it runs:
#   kubectl get: to see before and after each step what the documents take for granted; it changes nothing
#   kubectl patch: the restart that the documents leave to kubectl edit
#   kubectl port-forward, openssl s_client: the gates: a handshake at every TLS port of every pod
#   kubectl exec: the evidence by restart, where a handshake cannot prove trust
#   cfssl gencert, cfssljson: the gates' throwaway certificates, in a folder that is removed
#   openssl verify, openssl x509, openssl pkey: every leaf against its CA and its key before it is applied, and what a port serves
#   openssl dgst, cut: the mark that tells which certificates a pod was made for
#   mkdir, chmod, cp, mv, find: the backup of folder and Secrets, before anything is changed
#   rm: the throwaway folder; and after retire the old CA, which is in the backup
#   awk, base64, cat, cmp, grep, head, od, sed, sort, tail, tr: to compare and to cut text; sed also keeps keys from the terminal
#   date: the backup's name, and the time of restart that the documents ask for
#   mktemp: the throwaway folder, which only its owner may read
#   sleep: between two looks
# It stops at the first thing that is not as it must be, and says why. kubectl uses your KUBECONFIG and current context.

set -uo pipefail
umask 077
export LC_ALL=C
[ "${BASH_VERSINFO[0]}" -ge 5 ] || { echo "bash 5 or newer is needed, this is $BASH_VERSION" >&2; exit 1; }
cluster_name=basic
namespace=tidb
# What it is, for kubectl as well, and the label of its pods.
object=TidbCluster
resource=tidbcluster
app=tidb-cluster
# How long a wait may go on without any change, in seconds.
patience=${PATIENCE:-1800}
# Certificates that are younger are not replaced: a second run by accident. In seconds.
min_age=${MIN_AGE:-86400}
# Others that hold the CA and that you have seen to, as they are printed (Secret/monitoring/tidb-ca), with spaces between them.
handled=${HANDLED:-}
# The annotation by which pods tell what they were made for.
mark=tidb-cert-rotate/material
own_secrets='basic-pd-cluster-secret basic-tikv-cluster-secret basic-tidb-cluster-secret basic-cluster-client-secret'
# The name of this run's backup.
stamp=$(date -u +%Y%m%dT%H%M%SZ)
cd ./clusters/basic || exit 1

# Of a component: its files, whose pods it is in and where spec and status have those, its Secret, where that is mounted, the TLS ports, whether the operator reports
# `synced`, and whether its CA is reloaded without a restart.
# shellcheck disable=SC2034
about() {
	case $1 in
	pd) file=pd-server workload=pd in_spec=pd in_status=pd secret=basic-pd-cluster-secret mount=/var/lib/pd-tls ports='2379:http 2380:http' has_synced=yes reloads_ca=no ;;
	tikv) file=tikv-server workload=tikv in_spec=tikv in_status=tikv secret=basic-tikv-cluster-secret mount=/var/lib/tikv-tls ports='20160:h2 20180:http' has_synced=yes reloads_ca=yes ;;
	tidb) file=tidb-server workload=tidb in_spec=tidb in_status=tidb secret=basic-tidb-cluster-secret mount=/var/lib/tidb-tls ports=10080:http has_synced=no reloads_ca=no ;;
	client) file=client secret=basic-cluster-client-secret mount='' ports='' has_synced=no reloads_ca=no ;;
	tso) file=pd-server workload=tso in_spec='pdms[?(@.name=="tso")]' in_status=pdms.tso secret=basic-pd-cluster-secret mount=/var/lib/pd-tls ports=2379:http has_synced=yes reloads_ca=no ;;
	scheduling) file=pd-server workload=scheduling in_spec='pdms[?(@.name=="scheduling")]' in_status=pdms.scheduling secret=basic-pd-cluster-secret mount=/var/lib/pd-tls ports=2379:http has_synced=yes reloads_ca=no ;;
	*) stop "$1 is no component of this runbook" ;;
	esac
}

say() { printf '%s\n' "$*" >&2; }

# Ends the runbook; what was done stays as it is.
stop() {
	say ''
	say "STOPPED: $*"
	exit 1
}

# The exit statuses of the programs of the line above it.
ran() {
	local status
	for status in "$@"; do
		[ "$status" = 0 ] || stop "the command above ended with status $status"
	done
}

# A failing `kubectl apply` prints the whole Secret: no key, and no base64 that may be one, reaches the terminal.
redact() {
	sed -u -E -e '/-----BEGIN [A-Z ]*PRIVATE KEY-----/,/-----END [A-Z ]*PRIVATE KEY-----/s/.*/[redacted]/' -e 's|[A-Za-z0-9+/=]{32,}|[redacted]|g'
}

# At the end of the runbook: the throwaway certificates go, and the last words come through the redaction.
clean_up() {
	rm -rf "$aside"
	exec 2>&3
	wait "$redaction" 2>/dev/null
}

no() {
	printf '  %s\n' "$*"
	verdict=1
}

# Asks a condition; the status tells whether it holds.
holds() {
	local verdict=0
	"$@"
	return "$verdict"
}

# Stops unless the condition holds.
must() {
	local reasons
	reasons=$(holds "$@") || stop "$* does not hold"$'\n'"$reasons"
}

# Waits until the condition holds, as long as its reasons change now and then.
wait_for() {
	local reasons last='' since=$SECONDS
	until reasons=$(holds "$@"); do
		if [ "$reasons" != "$last" ]; then
			say "$(head -n 2 <<<"$reasons")"
			last=$reasons since=$SECONDS
		fi

		[ $((SECONDS - since)) -lt "$patience" ] || stop "$* does not come to hold; nothing changed for $patience s"$'\n'"$reasons"
		sleep 1
	done
}

# One key of a Secret, decoded.
part() { kubectl get secret "$1" --namespace="$namespace" --output="jsonpath={.data.$2}" | base64 --decode; }

# The certificates of PEM text, without what stands between them.
certificates() { sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p'; }

# Whether two texts are the same. What could not be read is like nothing.
same() { [ -n "$1" ] && [ "$1" = "$2" ]; }

public_of_key() { openssl pkey -in "$1" -pubout 2>/dev/null; }

public_of_certificate() { openssl x509 -in "$1" -noout -pubkey 2>/dev/null; }

# A key fits its certificate.
fits() { same "$(public_of_certificate "$1")" "$(public_of_key "$2")" || no "$2 does not fit $1"; }

fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null; }

# What a pod starts with: a short hash of the bundle and the leaf that are given on stdin.
material_of() { openssl dgst -sha256 -r | cut -c1-16; }

# The same of two files; nothing where one is missing.
material_in() { [ -e "$1" ] && [ -e "$2" ] && cat "$1" "$2" | material_of; }

# Whether a leaf in a file is valid now and signed by a CA of another file.
signed_by() { openssl verify -CAfile "$2" -no-CApath -partial_chain "$1" >/dev/null 2>&1; }

# The present files are in the newest backup.
backup() {
	local newest name
	newest=$(find backups -mindepth 1 -maxdepth 1 -type d ! -name '*.part' 2>/dev/null | sort | tail -n 1)
	if [ -z "$newest" ]; then
		no 'there is no backup'
		return
	fi

	for name in *.pem; do
		case $name in *-key.pem | *-key.*.pem | '*.pem') continue ;; esac
		cmp -s "$name" "$newest/$name" || no "$newest has not the present $name"
	done
}

# The certificates in a file are those of the other files, in this order.
folder() {
	local file=$1 of
	shift
	for of in "$file" "$@"; do
		if ! grep -qs 'BEGIN CERTIFICATE' "$of"; then
			no "$of holds no certificate"
			return
		fi
	done

	cmp -s <(certificates <"$file") <(cat "$@" | certificates) || no "$file is not $*"
}

absent() {
	local file
	for file in "$@"; do
		[ ! -e "$file" ] || no "$file is still there"
	done
}

# The component's leaf in the folder is signed by a CA of a file, and its key fits.
signed() {
	about "$1"
	if ! [ -s "$file.pem" ]; then
		no "$file.pem is missing or cannot be read"
		return
	fi

	signed_by "$file.pem" "$2" || no "$file.pem is not a leaf of $2"
	fits "$file.pem" "$file-key.pem"
}

# The leaf and key in the folder are those in the Secret: a CA is never changed in one step with a leaf.
kept() {
	about "$1"
	part "$secret" 'tls\.crt' | cmp -s - "$file.pem" || no "tls.crt of Secret $secret is not $file.pem"
	same "$(part "$secret" 'tls\.key' | public_of_key /dev/stdin)" "$(public_of_key "$file-key.pem")" || no "tls.key of Secret $secret is not $file-key.pem"
}

# The Secret holds the bundle, byte for byte, and with `leaf` also the folder's leaf and key.
secret() {
	about "$1"
	part "$secret" 'ca\.crt' | cmp -s - "$2" || no "ca.crt of Secret $secret is not $2"
	if [ "$3" = leaf ]; then
		kept "$1"
	fi
}

# The leaf in the Secret verifies against the CAs of a file alone.
verifies() {
	about "$1"
	part "$secret" 'tls\.crt' | signed_by /dev/stdin "$2" || no "the leaf in Secret $secret does not verify against $2"
}

# The cluster's object asks for pods with this bundle and the folder's leaf; with `fresh`, no pod was made so before its Secret had them.
stamped() {
	about "$1"
	local asked wanted changed name material created _
	asked=$(kubectl get "$resource" "$cluster_name" --namespace="$namespace" --output="jsonpath={.spec.$in_spec.annotations.$mark}")
	wanted=$(material_in "$2" "$file.pem")
	same "$asked" "$wanted" || no "spec.$in_spec.annotations does not ask for $2 and the present leaf"
	if [ "${3:-}" = fresh ]; then
		changed=$(since "$secret" "$wanted")
		while IFS='|' read -r name _ _ material _ created _; do
			[[ $material != "$wanted" || ! $created < $changed ]] || no "$name was made for the present material before its Secret had it"
		done < <(pods_of "$1")
	fi
}

# When the data of a Secret was last written, by the API server's clock.
written() {
	kubectl get secret "$1" --namespace="$namespace" --show-managed-fields --output="jsonpath={range .metadata.managedFields[*]}{.fieldsV1['f:data']}|{.time}{\"\n\"}{end}" | sed -n 's/^..*|//p' | sort | tail -n 1
}

# When a Secret got this material; nothing where it holds something else by now.
since() { ! same "$({ part "$1" 'ca\.crt' && part "$1" 'tls\.crt'; } | material_of)" "$2" || written "$1"; }

# Of each pod of a component: name|is being deleted|revision|material|Ready|created|started|container started
pods_of() {
	about "$1"
	kubectl get pods --namespace="$namespace" --selector="app.kubernetes.io/name=$app,app.kubernetes.io/instance=$cluster_name,app.kubernetes.io/component=$workload" \
		--output='jsonpath={range .items[*]}{.metadata.name}|{.metadata.deletionTimestamp}|{.metadata.labels.controller-revision-hash}|{.metadata.annotations.'"$mark"'}|{.status.conditions[?(@.type=="Ready")].status}|{.metadata.creationTimestamp}|{.status.startTime}|{.status.containerStatuses[?(@.name=="'"$workload"'")].state.running.startedAt}{"\n"}{end}'
}

# Of the StatefulSet of a component: name|generation|observed|material|current|update revision|replicas|updated|ready|Service
set_of() {
	about "$1"
	kubectl get statefulsets --namespace="$namespace" --selector="app.kubernetes.io/name=$app,app.kubernetes.io/instance=$cluster_name,app.kubernetes.io/component=$workload" \
		--output='jsonpath={range .items[*]}{.metadata.name}|{.metadata.generation}|{.status.observedGeneration}|{.spec.template.metadata.annotations.'"$mark"'}|{.status.currentRevision}|{.status.updateRevision}|{.spec.replicas}|{.status.updatedReplicas}|{.status.readyReplicas}|{.spec.serviceName}{"\n"}{end}'
}

# Every pod was made for this bundle and the folder's leaf, and the roll is over. Not `kubectl rollout status`: it says so too early.
rolled() {
	about "$1"
	local wanted set generation observed material current update replicas updated readied pods=0 name deleting revision ready created changed status phase synced reason _
	wanted=$(material_in "$2" "$file.pem")
	IFS='|' read -r set generation observed material current update replicas updated readied _ < <(set_of "$1")
	if [ -z "${set:-}" ]; then
		no "the StatefulSet of $1 does not exist"
		return
	fi

	[ "$generation" = "$observed" ] || no "$set: its latest generation is not observed yet"
	same "$material" "$wanted" || no "$set: its template does not ask for the present material yet"
	[ "$current" = "$update" ] || no "$set: its revision $update is not current yet"
	[ "${updated:-0}" = "$replicas" ] || no "$set: ${updated:-0} of $replicas pods are updated"
	[ "${readied:-0}" = "$replicas" ] || no "$set: ${readied:-0} of $replicas pods are ready"
	changed=$(since "$secret" "$wanted")
	while IFS='|' read -r name deleting revision material ready created _; do
		pods=$((pods + 1))
		[ -z "$deleting" ] || no "$name is being deleted"
		[[ ! $created < $changed ]] || no "$name is older than its Secret's present content"
		[ "$revision" = "$update" ] || no "$name has the old revision"
		same "$material" "$wanted" || no "$name was made for other certificates"
		[ "$ready" = True ] || no "$name is not Ready"
	done < <(pods_of "$1")
	[ "$pods" = "$replicas" ] || no "$pods of $replicas $1 pods exist"
	IFS='|' read -r phase synced status reason < <(kubectl get "$resource" "$cluster_name" --namespace="$namespace" --output="jsonpath={.status.$in_status.phase}|{.status.$in_status.synced}|{.status.conditions[?(@.type==\"Ready\")].status}|{.status.conditions[?(@.type==\"Ready\")].reason}"'{"\n"}')
	[ "$phase" = Normal ] || no "$1: phase ${phase:-unknown}"
	[ "$has_synced" = no ] || [ "$synced" = true ] || no "$1: not synced"
	[ "$status" = True ] || no "$1: $object not Ready (${reason:-no condition})"
}

# The hash of what a pod has read again since it started; nothing where it has not.
read_again() { [ -z "${reload_mark:-}" ] || kubectl get pod "$1" --namespace="$namespace" --output="jsonpath={.metadata.annotations.$reload_mark}"; }

# A client certificate like the cluster's own that lives one hour: "$aside/NAME.pem". CA certificate and key are files, by their whole path.
throwaway() {
	printf '%s\n' '{"signing": {"default": {"expiry": "1h"}, "profiles": {"client": {"expiry": "1h", "usages": ["signing", "key encipherment", "client auth"]}}}}' >"$aside/ca-config.json"
	cp client.json "$aside/client.json"
	(cd "$aside" && cfssl gencert -loglevel=5 -ca="$2" -ca-key="$3" -config=ca-config.json -profile=client client.json | cfssljson -bare "$1")
}

# The canary is a leaf of the new CA, the control one of a CA that nobody trusts. Both go when the gate is over.
make_canary() { throwaway canary "$PWD/ca.new.pem" "$PWD/ca-key.new.pem" || no 'the canary cannot be made'; }

make_control() {
	cp ca-csr.json "$aside/ca-csr.json"
	(cd "$aside" && cfssl gencert -loglevel=5 -initca ca-csr.json | cfssljson -bare control-ca)
	throwaway control "$aside/control-ca.pem" "$aside/control-ca-key.pem" || no 'the control cannot be made'
}

# The client certificate from before the reissue: a backup's if it is still valid, else one by the old CA's key, else none.
find_old() {
	local kept_in
	for kept_in in backups/*/; do
		if signed_by "$kept_in/client.pem" ca.old.pem; then
			cp "$kept_in/client.pem" "$aside/old.pem"
			cp "$kept_in/client-key.pem" "$aside/old-key.pem"
			return
		fi
	done

	if [ -s ca-key.old.pem ]; then
		throwaway old "$PWD/ca.old.pem" "$PWD/ca-key.old.pem"
	fi
}

# What is said after the handshake to get application bytes back.
greet() {
	case $1 in
	http) printf 'GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$2" ;;
	h2) printf 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0' ;;
	# A login without a name, which every server answers.
	mysql) printf '\042\0\0\2\001\212\0\0\0\0\0\001\055%b' "$(printf '\\0%.0s' {1..25})" ;;
	esac 2>/dev/null
}

# Whether application bytes came back: an HTTP reply, an HTTP/2 SETTINGS or GOAWAY frame, or MySQL's answer to a login.
answered() {
	case $1 in
	http) grep -Eaq 'HTTP/1\.[01] [1-5]' "$2" ;;
	h2) od -An -v -tx1 "$2" | tr -d ' \n' | grep -Eq '00[0-9a-f]{4}0[47][0-9a-f]{2}00000000' ;;
	mysql) od -An -v -tx1 "$2" | tr -d ' \n' | grep -Eq '[0-9a-f]{2}000003(00|fe|ff)' ;;
	esac
}

# Starts a port-forward to all ports of a pod, unless one runs; sets `forwarder`.
forward() {
	local pod=$1 wanted=() port tries=0
	if [ -n "$forwarder" ] && kill -0 "$forwarder" 2>/dev/null; then
		return
	fi

	for port in $ports; do
		wanted+=(":${port%%:*}")
	done

	: >"$aside/$pod.forward"
	kubectl port-forward --namespace="$namespace" --address=localhost "pod/$pod" "${wanted[@]}" >"$aside/$pod.forward" 2>&1 &
	forwarder=$!
	until [ "$(sed -n 's/^Forwarding from .* -> //p' "$aside/$pod.forward" | sort -u | grep -c .)" = "${#wanted[@]}" ] || ! kill -0 "$forwarder" 2>/dev/null || [ "$tries" = 200 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

# Waits until a command says yes, `client` has ended, or so many tenths of a second are over.
linger() {
	local tenths=$1
	shift
	until "$@" || ! kill -0 "$client" 2>/dev/null || [ "$tenths" = 0 ]; do
		tenths=$((tenths - 1))
		sleep 0.1
	done
}

# One handshake at a port of a pod, with "$aside/CERTIFICATE.pem": prints accepted, rejected, or unknown and the last words. A rejection
# comes after the handshake looks finished: the server is greeted after it has said yes by a ticket, or has had time to say no.
shake() {
	local pod=$1 port=$2 protocol=$3 name=$4 certificate=$5 begin=(-alpn h2) address client line
	local out="$aside/$pod.$port.$certificate"
	case $protocol in
	http) begin=(-alpn http/1.1) ;;
	mysql) begin=(-starttls mysql) ;;
	esac

	address=$(sed -n "s/^Forwarding from \(.*\) -> $port\$/\1/p" "$aside/$pod.forward" | head -n 1)
	: >"$out"
	: >"$out.words"
	trap '' PIPE
	exec {line}> >(openssl s_client -state -connect "${address:-localhost:1}" -servername "$name" "${begin[@]}" -cert "$aside/$certificate.pem" -key "$aside/$certificate-key.pem" >"$out" 2>"$out.words")
	client=$!
	linger 50 grep -q 'negotiation finished' "$out.words"
	linger 4 grep -q 'read server session ticket' "$out.words"
	greet "$protocol" "$name" >&"$line"
	linger 50 answered "$protocol" "$out"
	exec {line}>&-
	linger 5 false
	kill "$client" 2>/dev/null
	wait "$client" 2>/dev/null
	if answered "$protocol" "$out"; then
		echo accepted
	elif grep -Eq 'SSL alert number (42|43|44|45|46|48|49|51|116)$' "$out.words"; then
		echo rejected
	else
		echo "unknown: $(grep -v '^SSL' "$out.words" | tail -n 1)"
	fi
}

# The same, tried again while it is unknown; sets `answer`. Not in a subshell: the forwarder stays for the next handshake.
try_at() {
	local pod=$1 try
	shift
	for try in 1 2 3 4; do
		[ -d "$aside" ] || exit 1
		[ "$try" = 1 ] || sleep "$try"
		forward "$pod"
		answer=$(shake "$pod" "$@")
		case $answer in accepted | rejected) break ;; esac
	done
}

# When process 1 of a pod's container started, as an RFC 3339 time; nothing where the container does not tell.
process_started() {
	local seconds
	seconds=$(kubectl exec --namespace="$namespace" "$1" --container="$2" -- cat /proc/1/stat /proc/stat 2>/dev/null | sed -n -e '1s/^.*) //p' -e 's/^btime //p' | {
		read -r -a fields && read -r boot && echo $((boot + fields[19] / 100))
	}) && [ -n "$seconds" ] && TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T' $((seconds + 5))
}

# Evidence by restart: the pod was made for the present bundle, its container and process 1 started after the pod, and the bundle that is
# mounted in it is the Secret's.
restarted() {
	local pod=$1 component=$2 material again started container candidate known=no mounted process _
	about "$component"
	IFS='|' read -r _ _ _ material _ _ started container < <(pods_of "$component" | grep "^$pod|")
	again=$(read_again "$pod")
	material=${again:-$material}
	part "$secret" 'tls\.crt' >"$aside/$pod.leaf"
	for candidate in "$aside/$pod.leaf" "$file.pem" backups/*/"$file.pem"; do
		! same "$material" "$(material_in "$aside/$secret.bundle" "$candidate")" || known=yes
	done

	[ "$known" = yes ] || no 'the pod was not made for the present bundle'
	[[ -n $container && ! $container < $started ]] || no "its container started ${container:-at an unknown time}, before the pod ($started)"
	mounted=$(kubectl exec --namespace="$namespace" "$pod" --container="$workload" -- cat "$mount/ca.crt" 2>/dev/null)
	[ -z "$mounted" ] || [ "$mounted" = "$(cat "$aside/$secret.bundle")" ] || no 'the ca.crt mounted in it is not the one of its Secret'
	process=$(process_started "$pod" "$workload")
	[[ -z $process || ! $process < $started ]] || no "its process 1 runs since before the pod ($started): it was not restarted"
}

# The same for a port, where a handshake cannot prove trust. A pod is looked at once.
by_restart() {
	local component=$1 pod=$2 port=$3 why=$4 reason
	[ -e "$aside/$pod.evidence" ] || restarted "$pod" "$component" >"$aside/$pod.evidence"
	while read -r reason; do
		no "$pod port $port: $why, and the evidence by restart fails: $reason"
	done <"$aside/$pod.evidence"
}

# Asks a port with the present client certificate: it must accept it, and serve what the bundle verifies.
ask_present() {
	local component=$1 pod=$2 port=$3 protocol=$4 name=$5
	try_at "$pod" "$port" "$protocol" "$name" present
	about "$component"
	[ "$answer" = accepted ] || no "$pod port $port: the present client certificate was $answer"
	if openssl x509 2>/dev/null <"$aside/$pod.$port.present" >"$aside/$pod.$port.served"; then
		signed_by "$aside/$pod.$port.served" "$aside/$secret.bundle" || no "$pod port $port: the certificate it serves does not verify against the bundle"
	else
		no "$pod port $port: no served certificate was seen"
	fi
}

# One port of one pod: must accept or reject a certificate besides rejecting the control; else evidence by restart.
prove_port() {
	local component=$1 pod=$2 port=$3 protocol=$4 name=$5 certificate=$6 expect=$7 strict=$8 why=''
	ask_present "$component" "$pod" "$port" "$protocol" "$name"
	try_at "$pod" "$port" "$protocol" "$name" control
	if [ "$answer" = accepted ]; then
		why='it accepts the control, so it checks no client certificates'
	elif ! [ -s "$aside/$certificate.pem" ]; then
		why="there is no $certificate client certificate to try"
	fi

	if [ -n "$why" ]; then
		by_restart "$component" "$pod" "$port" "$why"
		[ "$strict" != strict ] || no "$pod port $port: $why, and strict gates take nothing less than a handshake"
		return
	fi

	[ "$answer" = rejected ] || no "$pod port $port: the control was $answer"
	try_at "$pod" "$port" "$protocol" "$name" "$certificate"
	[ "$answer" = "$expect" ] || no "$pod port $port: the $certificate client certificate was $answer"
	[ "$reloads_ca" = no ] || by_restart "$component" "$pod" "$port" 'it reloads its CA'
}

# After reissue: the port serves the leaf of its Secret and accepts the present client certificate. With `wake`, one that does not is given the
# control to refuse: TiKV's status port reads its files anew only after that.
serve_port() {
	local component=$1 pod=$2 port=$3 protocol=$4 name=$5 wake=${6:-}
	ask_present "$component" "$pod" "$port" "$protocol" "$name"
	same "$(fingerprint "$aside/$pod.$port.served")" "$(fingerprint "$aside/$secret.leaf")" && return
	no "$pod port $port: it does not serve the certificate of its Secret"
	[ -z "$wake" ] || try_at "$pod" "$port" "$protocol" "$name" control
}

# Asks every port of a pod by one of the functions above. It ends the shell that it runs in.
ask_pod() {
	local ask=$1 component=$2 pod=$3 service=$4 port forwarder='' answer verdict=0
	shift 4
	trap 'kill $forwarder 2>/dev/null' EXIT
	rm -f "$aside/$pod".*
	about "$component"
	for port in $ports; do
		"$ask" "$component" "$pod" "${port%%:*}" "${port##*:}" "$pod.$service.$namespace.svc" "$@"
	done

	exit "$verdict"
}

# Asks all pods of a component, eight at a time.
ask_pods() {
	local ask=$1 component=$2 name service asked=() running=() pid _
	shift 2
	about "$component"
	cp client.pem "$aside/present.pem"
	cp client-key.pem "$aside/present-key.pem"
	part "$secret" 'ca\.crt' >"$aside/$secret.bundle"
	part "$secret" 'tls\.crt' >"$aside/$secret.leaf"
	IFS='|' read -r _ _ _ _ _ _ _ _ _ service < <(set_of "$component")
	while IFS='|' read -r name _; do
		asked+=("$name")
		ask_pod "$ask" "$component" "$name" "${service:-$cluster_name-$workload-peer}" "$@" >"$aside/$name-reasons" &
		running+=($!)
		if [ "${#running[@]}" = 8 ]; then
			for pid in "${running[@]}"; do wait "$pid" || verdict=1; done
			running=()
		fi
	done < <(pods_of "$component")
	for pid in ${running[@]+"${running[@]}"}; do wait "$pid" || verdict=1; done
	for name in ${asked[@]+"${asked[@]}"}; do cat "$aside/$name-reasons"; done
	[ "${#asked[@]}" -gt 0 ] || no "$component has no pod to ask"
	rm -f "$aside"/canary* "$aside"/control* "$aside"/old* "$aside"/present*
}

# The trust gate, before any leaf of the new CA is written: every port accepts the canary and rejects the control.
trusts() {
	make_canary
	make_control
	[ "$verdict" != 0 ] || ask_pods prove_port "$1" canary accepted "${2:-usual}"
}

# Every port serves the certificate of its Secret.
serves() {
	[ -z "${2:-}" ] || make_control
	[ "$verdict" != 0 ] || ask_pods serve_port "$@"
}

# After the old CA was taken away: every port that rejects the control rejects the old client certificate.
rejects_old() {
	find_old
	make_control
	[ "$verdict" != 0 ] || ask_pods prove_port "$1" old rejected "${2:-usual}"
}

# The certificates of a text, each in one line: the rest of the last line that began with a mark, and the base64. No other byte of the text.
one_line() {
	awk -v mark="$1" '
		index($0, mark " ") == 1 { place = substr($0, length(mark) + 2); inside = 0; next }
		{ gsub(/^[ \t]+|[ \t\r]+$/, "") }
		/^-----BEGIN CERTIFICATE-----$/ { inside = 1; body = ""; next }
		/^-----END CERTIFICATE-----$/ { if (inside) print place, body; inside = 0; next }
		inside && /^[A-Za-z0-9+\/=]+$/ { body = body $0; next }
		{ inside = 0 }'
}

# Every certificate in Secrets or ConfigMaps, in all namespaces or where that is not allowed in the cluster's: kind/namespace/name base64.
# Of a field of their data each value is printed as the third argument says.
certificates_in() {
	local kind=$1 resource=$2 readings=$3 mark=$RANDOM$RANDOM$RANDOM reading where template
	# shellcheck disable=SC2016
	template='{{range .items}}{{if ne (printf "%v" .type) "helm.sh/release.v1"}}{{$at := .metadata}}'
	for reading in $readings; do
		# shellcheck disable=SC2016
		template+='{{range $key, $value := .'${reading%%:*}'}}{{"\n"}}'"$mark $kind"'/{{$at.namespace}}/{{$at.name}}{{"\n"}}{{'${reading#*:}' $value}}{{end}}'
	done

	template+='{{end}}{{end}}'
	for where in --all-namespaces "--namespace=$namespace"; do
		if kubectl get "$resource" "$where" --output="go-template=$template" 2>"$aside/words" | one_line "$mark"; then
			return
		fi

		grep -qi forbidden "$aside/words" || return 1
		[ -e "$aside/$resource$where" ] || say "  remark: $resource may not be read with $where"
		: >"$aside/$resource$where"
	done
}

# Those of a list of places that a condition asks about: not the cluster's own, nor those that are seen to, nor with `person` the operator's copies.
asked_about() {
	local whose=$1 place own
	shift
	while read -r place; do
		for own in $own_secrets; do
			[ "$place" != "Secret/$namespace/$own" ] || continue 2
		done

		for own in $handled "$@"; do
			[ "$place" != "$own" ] || continue 2
		done

		case $whose:$place in
		person:Secret/*/tidbmonitor-?*-tls-assets | person:Secret/*/?*-tc-cluster-client-tls | person:Secret/*/?*-tc-mysql-client-tls | person:Secret/*/?*-tc-client-tls) ;;
		*) printf '%s\n' "$place" ;;
		esac
	done
}

# Which of the leaves in a folder are valid and signed by a CA of a file: their names without `.pem`.
valid_in() {
	local all=("$1"/*.pem) from
	for ((from = 0; from < ${#all[@]}; from += 500)); do
		openssl verify -CAfile "$2" -no-CApath -partial_chain "${all[@]:from:500}" 2>/dev/null
	done | sed -n -e 's|^.*/||' -e 's/\.pem: OK$//p'
}

# Places that hold a leaf which is valid by the CA in a file and not by the one in another file.
places_of_leaves() {
	local old=$1 ca=$2
	rm -rf "$aside/leaves"
	mkdir "$aside/leaves"
	awk -v folder="$aside/leaves" '
		FILENAME != ARGV[ARGC - 1] { known[$NF]; next }
		!($NF in known) && !seen[$0]++ {
			file = folder "/" ++count ".pem"
			print "-----BEGIN CERTIFICATE-----" >file
			for (from = 1; from <= length($NF); from += 64) print substr($NF, from, 64) >file
			print "-----END CERTIFICATE-----" >file
			close(file)
			print count, $1
		}' "$aside/old" "$aside/new" "$aside/found" >"$aside/places"
	valid_in "$aside/leaves" "$ca" >"$aside/valid"
	valid_in "$aside/leaves" "$old" | grep -vxFf "$aside/valid" | while read -r name; do
		sed -n "s/^$name //p" "$aside/places"
	done | sort -u
}

# The keys of the CAs in a file, as they stand in the base64 of a certificate: it has three ways to begin inside of one.
keys_of() {
	local base64 from
	one_line '' <"$1" | while read -r base64; do
		for from in 0 1 2; do
			{
				printf '%*s' "$from" ''
				base64 --decode <<<"$base64" | openssl x509 -inform DER -noout -pubkey | openssl pkey -pubin -outform DER
			} | base64 | tr -d '\n' | sed -e "s/^.\{$((from > 0 ? 4 : 0))\}//" -e 's/.\{4\}$//'
			echo
		done
	done
}

# Everything beside the cluster's own Secrets that holds the old CA holds the new one too, and with `leaves` no leaf of the old one.
consumers() {
	local whose=$1 ca=$2 old=$3 leaves=$4 file place
	shift 4
	for file in "$old" "$ca"; do
		if ! grep -qs 'BEGIN CERTIFICATE' "$file"; then
			no "$file holds no certificate"
			return
		fi
	done

	one_line '' <"$old" >"$aside/old"
	one_line '' <"$ca" >"$aside/new"
	if ! { certificates_in Secret secrets data:base64decode && certificates_in ConfigMap configmaps 'data:print binaryData:base64decode'; } >"$aside/found"; then
		no "Secrets and ConfigMaps cannot be read: $(tail -n 1 "$aside/words")"
		return
	fi

	# By their keys: a CA that was made anew has another certificate, and verifies the same.
	keys_of "$old" >"$aside/old-keys"
	keys_of "$ca" >"$aside/new-keys"
	while read -r place; do
		no "$place trusts the old CA and not the new one"
	done < <(awk '
		NF == 0 { next }
		FILENAME == ARGV[1] { old[$1]; next }
		FILENAME == ARGV[2] { new[$1]; next }
		{
			for (key in old) if (index($NF, key)) trusts[$1]
			for (key in new) if (index($NF, key)) ready[$1]
		}
		END { for (place in trusts) if (!(place in ready)) print place }' "$aside/old-keys" "$aside/new-keys" "$aside/found" | sort | asked_about "$whose" "$@")
	[ "$leaves" = leaves ] || return 0
	while read -r place; do
		no "$place holds a leaf of the old CA"
	done < <(places_of_leaves "$old" "$ca" | asked_about "$whose" "$@")
}

# The folder is this cluster's: a stale one, or one of a same-named cluster, would push wrong certificates.
folder_of_this_cluster() {
	local uid component
	uid=$(kubectl get "$resource" "$cluster_name" --namespace="$namespace" --output='jsonpath={.metadata.uid}')
	[ -n "$uid" ] || no "there is no $object $cluster_name in namespace $namespace"
	if [ -e cluster.yaml ] && grep -q '^uid:' cluster.yaml; then
		grep -Eq "^uid: *[\"']?${uid}[\"']?\$" cluster.yaml || no 'cluster.yaml says that this folder is another cluster'\''s'
	fi

	for component in "$@"; do
		kept "$component"
	done

	about "$1"
	same "$(fingerprint "$ca")" "$(part "$secret" 'ca\.crt' | fingerprint /dev/stdin)" || no "the first CA of ca.crt of Secret $secret is not $ca"
}

# Nobody else rotates: there is no Lease, or its holder does not renew it.
no_live_lease() {
	local before after seconds
	if ! before=$(lease); then
		no "Lease $cluster_name-cert-rotate cannot be looked for"
		return
	fi

	[ -n "${before%%|*}" ] || return 0
	seconds=${before##*|}
	say "waiting ${seconds:=15} s to see whether the holder of Lease $cluster_name-cert-rotate is alive: ${before%%|*}"
	sleep "$seconds"
	after=$(lease)
	[ -z "${after%%|*}" ] || [ "$before" = "$after" ] || no "Lease $cluster_name-cert-rotate is held by ${after%%|*}: a rotation is under way"
}

# holder|renewed|seconds
lease() { kubectl get lease "$cluster_name-cert-rotate" --namespace="$namespace" --ignore-not-found --output='jsonpath={.spec.holderIdentity}|{.spec.renewTime}|{.spec.leaseDurationSeconds}'; }

# The operator has nothing left to do, and may do what it is asked to.
at_rest() {
	local status reason paused
	IFS='|' read -r status reason paused < <(kubectl get "$resource" "$cluster_name" --namespace="$namespace" --output='jsonpath={.status.conditions[?(@.type=="Ready")].status}|{.status.conditions[?(@.type=="Ready")].reason}|{.spec.paused}{"\n"}')
	[ "$status" = True ] || no "$object $cluster_name is not Ready (${reason:-no condition})"
	[ "$paused" != true ] || no "$object $cluster_name is paused"
}

# The certificates are not those of a rotation that has just been made.
old_enough() {
	local file month day time year before limit months=JanFebMarAprMayJunJulAugSepOctNovDec
	limit=$(TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T' $((EPOCHSECONDS - min_age)))
	for file in "$@"; do
		# notBefore=Jan  2 03:04:05 2026 GMT
		IFS='= ' read -r _ month day time year _ < <(openssl x509 -noout -startdate -in "$file")
		before=${months%%"$month"*}
		printf -v before '%s-%02d-%02dT%sZ' "$year" $((${#before} / 3 + 1)) "$day" "$time"
		[[ $before < $limit ]] || no "$file is valid since $before only (MIN_AGE=0 goes on all the same)"
	done
}

# All words on stderr go through the redaction; a folder for throwaway certificates is removed in the end.
exec 3>&2 2> >(redact >&3)
redaction=$!
aside=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 130' INT TERM

# ====================================================================================================
# Before anything is changed

for program in cfssl cfssljson kubectl openssl; do
	command -v "$program" >/dev/null || stop "$program is not on PATH"
done
must absent ca.new.pem ca.old.pem
must no_live_lease
must at_rest
ca=ca.pem
must folder_of_this_cluster pd tikv tidb client
must fits ca.pem ca-key.pem
must old_enough pd-server.pem tikv-server.pem tidb-server.pem client.pem

# ====================================================================================================
# Renew and replace certificates issued by the cfssl system
# 更新和替换 cfssl 系统颁发的证书
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-certificates-issued-by-the-cfssl-system

# Back up the cluster folder and the Secrets.
say 'Back up the cluster folder and the Secrets'
mkdir -p backups && \
chmod 700 backups && \
mkdir -m 700 "backups/$stamp.part" && \
cp -p ca-config.json ca-csr.json ca-key.pem ca.pem client-key.pem client.json client.pem pd-server-key.pem pd-server.json pd-server.pem tidb-server-key.pem tidb-server.json tidb-server.pem tikv-server-key.pem tikv-server.json tikv-server.pem "backups/$stamp.part/" && \
kubectl get secret basic-pd-cluster-secret basic-tikv-cluster-secret basic-tidb-cluster-secret basic-cluster-client-secret --namespace=tidb --ignore-not-found -o yaml > "backups/$stamp.part/secrets.yaml" && \
mv "backups/$stamp.part" "backups/$stamp"
ran "${PIPESTATUS[@]}"
must backup

# ====================================================================================================
# Renew and replace the CA certificate
# 更新和替换 CA 证书
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-the-ca-certificate

# 1. Make a new CA and combine it with the old one.
say 'Items 1 to 3: make a new CA and combine it with the old one'

# 1. Back up the original CA certificate and key.
mv ca.pem ca.old.pem && \
mv ca-key.pem ca-key.old.pem
ran "${PIPESTATUS[@]}"

# 2. Make a new CA by the original configuration and request.
cfssl gencert -initca ca-csr.json | cfssljson -bare ca -
ran "${PIPESTATUS[@]}"

# 3. Back up the new CA and make the combined CA certificate.
mv ca.pem ca.new.pem && \
mv ca-key.pem ca-key.new.pem && \
cat ca.new.pem ca.old.pem > ca.pem
ran "${PIPESTATUS[@]}"
must folder ca.pem ca.new.pem ca.old.pem

# 4. Write the combined CA certificate to the Secrets, with the leaves they have.
say 'Item 4: write the combined CA certificate to the Secrets, with the leaves they have'
must verifies pd ca.pem
must kept pd
must verifies tikv ca.pem
must kept tikv
must verifies tidb ca.pem
must kept tidb
must verifies client ca.pem
must kept client
kubectl create secret generic basic-pd-cluster-secret --namespace=tidb --from-file=tls.crt=pd-server.pem --from-file=tls.key=pd-server-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-tikv-cluster-secret --namespace=tidb --from-file=tls.crt=tikv-server.pem --from-file=tls.key=tikv-server-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-tidb-cluster-secret --namespace=tidb --from-file=tls.crt=tidb-server.pem --from-file=tls.key=tidb-server-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-cluster-client-secret --namespace=tidb --from-file=tls.crt=client.pem --from-file=tls.key=client-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
must secret pd ca.pem leaf
must secret tikv ca.pem leaf
must secret tidb ca.pem leaf
must secret client ca.pem leaf

# 5. Ask the operator to restart tso.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 5: ask the operator to restart tso'
# shellcheck disable=SC2016
kubectl get tidbcluster basic --namespace=tidb -o go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "tso"}}[{"op":"test","path":"/spec/pdms/{{$place}}/name","value":"tso"},{{if not (exists $one "annotations")}}{"op":"test","path":"/spec/pdms/{{$place}}/annotations","value":null},{"op":"add","path":"/spec/pdms/{{$place}}/annotations","value":{}},{{end}}{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb.pingcap.com~1restartedAt","value":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"},{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb-cert-rotate~1material","value":"'"$(cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}]{{end}}{{end}}' | kubectl patch tidbcluster basic --namespace=tidb --type=json --patch-file=/dev/stdin
ran "${PIPESTATUS[@]}"
must stamped tso ca.pem

# 5. Wait until every tso pod has been restarted.
say 'Item 5: wait until every tso pod has been restarted'
wait_for rolled tso ca.pem

# 5. Ask the operator to restart scheduling.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 5: ask the operator to restart scheduling'
# shellcheck disable=SC2016
kubectl get tidbcluster basic --namespace=tidb -o go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "scheduling"}}[{"op":"test","path":"/spec/pdms/{{$place}}/name","value":"scheduling"},{{if not (exists $one "annotations")}}{"op":"test","path":"/spec/pdms/{{$place}}/annotations","value":null},{"op":"add","path":"/spec/pdms/{{$place}}/annotations","value":{}},{{end}}{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb.pingcap.com~1restartedAt","value":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"},{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb-cert-rotate~1material","value":"'"$(cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}]{{end}}{{end}}' | kubectl patch tidbcluster basic --namespace=tidb --type=json --patch-file=/dev/stdin
ran "${PIPESTATUS[@]}"
must stamped scheduling ca.pem

# 5. Wait until every scheduling pod has been restarted.
say 'Item 5: wait until every scheduling pod has been restarted'
wait_for rolled scheduling ca.pem

# 5. Ask the operator to restart pd.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 5: ask the operator to restart pd'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"pd":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped pd ca.pem

# 5. Wait until every pd pod has been restarted.
say 'Item 5: wait until every pd pod has been restarted'
wait_for rolled pd ca.pem

# 5. Ask the operator to restart tikv.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 5: ask the operator to restart tikv'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"tikv":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.pem tikv-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped tikv ca.pem

# 5. Wait until every tikv pod has been restarted.
say 'Item 5: wait until every tikv pod has been restarted'
wait_for rolled tikv ca.pem

# 5. Ask the operator to restart tidb.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 5: ask the operator to restart tidb'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"tidb":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.pem tidb-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped tidb ca.pem

# 5. Wait until every tidb pod has been restarted.
say 'Item 5: wait until every tidb pod has been restarted'
wait_for rolled tidb ca.pem

# ====================================================================================================
# Renew and replace certificates between components
# 更新和替换组件间证书
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-certificates-between-components

# See that whoever else trusts the old CA trusts the new one as well.
say 'See that whoever else trusts the old CA trusts the new one as well'
must consumers person ca.new.pem ca.old.pem bundles
wait_for consumers anyone ca.new.pem ca.old.pem bundles

# 1. Make new certificates by the components' requests.
say 'Item 1: make new certificates by the components'"'"' requests'
must trusts tso
must trusts scheduling
must trusts pd
must trusts tikv
must trusts tidb
cfssl gencert -ca=ca.new.pem -ca-key=ca-key.new.pem -config=ca-config.json -profile=internal pd-server.json | cfssljson -bare pd-server
ran "${PIPESTATUS[@]}"
cfssl gencert -ca=ca.new.pem -ca-key=ca-key.new.pem -config=ca-config.json -profile=internal tikv-server.json | cfssljson -bare tikv-server
ran "${PIPESTATUS[@]}"
cfssl gencert -ca=ca.new.pem -ca-key=ca-key.new.pem -config=ca-config.json -profile=internal tidb-server.json | cfssljson -bare tidb-server
ran "${PIPESTATUS[@]}"
cfssl gencert -ca=ca.new.pem -ca-key=ca-key.new.pem -config=ca-config.json -profile=client client.json | cfssljson -bare client
ran "${PIPESTATUS[@]}"
must signed pd ca.new.pem
must signed tikv ca.new.pem
must signed tidb ca.new.pem
must signed client ca.new.pem

# 2. Write the new certificates to the Secrets.
say 'Item 2: write the new certificates to the Secrets'
must consumers anyone ca.new.pem ca.old.pem bundles
must trusts tso
must trusts scheduling
must trusts pd
must trusts tikv
must trusts tidb
must signed pd ca.new.pem
must signed pd ca.pem
must signed tikv ca.new.pem
must signed tikv ca.pem
must signed tidb ca.new.pem
must signed tidb ca.pem
must signed client ca.new.pem
must signed client ca.pem
kubectl create secret generic basic-pd-cluster-secret --namespace=tidb --from-file=tls.crt=pd-server.pem --from-file=tls.key=pd-server-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-tikv-cluster-secret --namespace=tidb --from-file=tls.crt=tikv-server.pem --from-file=tls.key=tikv-server-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-tidb-cluster-secret --namespace=tidb --from-file=tls.crt=tidb-server.pem --from-file=tls.key=tidb-server-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-cluster-client-secret --namespace=tidb --from-file=tls.crt=client.pem --from-file=tls.key=client-key.pem --from-file=ca.crt=ca.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
must secret pd ca.pem leaf
must signed pd ca.new.pem
must secret tikv ca.pem leaf
must signed tikv ca.new.pem
must secret tidb ca.pem leaf
must signed tidb ca.new.pem
must secret client ca.pem leaf
must signed client ca.new.pem

# 3. Ask the operator to restart tso.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 3: ask the operator to restart tso'
# shellcheck disable=SC2016
kubectl get tidbcluster basic --namespace=tidb -o go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "tso"}}[{"op":"test","path":"/spec/pdms/{{$place}}/name","value":"tso"},{{if not (exists $one "annotations")}}{"op":"test","path":"/spec/pdms/{{$place}}/annotations","value":null},{"op":"add","path":"/spec/pdms/{{$place}}/annotations","value":{}},{{end}}{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb.pingcap.com~1restartedAt","value":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"},{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb-cert-rotate~1material","value":"'"$(cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}]{{end}}{{end}}' | kubectl patch tidbcluster basic --namespace=tidb --type=json --patch-file=/dev/stdin
ran "${PIPESTATUS[@]}"
must stamped tso ca.pem
must signed tso ca.new.pem

# 3. Wait until every tso pod has been restarted.
say 'Item 3: wait until every tso pod has been restarted'
wait_for rolled tso ca.pem
wait_for signed tso ca.new.pem

# 3. Ask the operator to restart scheduling.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 3: ask the operator to restart scheduling'
# shellcheck disable=SC2016
kubectl get tidbcluster basic --namespace=tidb -o go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "scheduling"}}[{"op":"test","path":"/spec/pdms/{{$place}}/name","value":"scheduling"},{{if not (exists $one "annotations")}}{"op":"test","path":"/spec/pdms/{{$place}}/annotations","value":null},{"op":"add","path":"/spec/pdms/{{$place}}/annotations","value":{}},{{end}}{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb.pingcap.com~1restartedAt","value":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"},{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb-cert-rotate~1material","value":"'"$(cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}]{{end}}{{end}}' | kubectl patch tidbcluster basic --namespace=tidb --type=json --patch-file=/dev/stdin
ran "${PIPESTATUS[@]}"
must stamped scheduling ca.pem
must signed scheduling ca.new.pem

# 3. Wait until every scheduling pod has been restarted.
say 'Item 3: wait until every scheduling pod has been restarted'
wait_for rolled scheduling ca.pem
wait_for signed scheduling ca.new.pem

# 3. Ask the operator to restart pd.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 3: ask the operator to restart pd'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"pd":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped pd ca.pem
must signed pd ca.new.pem

# 3. Wait until every pd pod has been restarted.
say 'Item 3: wait until every pd pod has been restarted'
wait_for rolled pd ca.pem
wait_for signed pd ca.new.pem

# 3. Ask the operator to restart tikv.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 3: ask the operator to restart tikv'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"tikv":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.pem tikv-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped tikv ca.pem
must signed tikv ca.new.pem

# 3. Wait until every tikv pod has been restarted.
say 'Item 3: wait until every tikv pod has been restarted'
wait_for rolled tikv ca.pem
wait_for signed tikv ca.new.pem

# 3. Ask the operator to restart tidb.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 3: ask the operator to restart tidb'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"tidb":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.pem tidb-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped tidb ca.pem
must signed tidb ca.new.pem

# 3. Wait until every tidb pod has been restarted.
say 'Item 3: wait until every tidb pod has been restarted'
wait_for rolled tidb ca.pem
wait_for signed tidb ca.new.pem

# See that every pod serves the certificate of its Secret and accepts the new client certificate.
say 'See that every pod serves the certificate of its Secret and accepts the new client certificate'
wait_for serves tso
wait_for serves scheduling
wait_for serves pd
wait_for serves tikv
wait_for serves tidb

# ====================================================================================================
# Optional: Remove the original CA certificate from the combined CA certificate
# 可选：移除组合 CA 证书中的原 CA 证书
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#optional-remove-the-original-ca-certificate-from-the-combined-ca-certificate

# See that nobody else needs the old CA any more.
say 'See that nobody else needs the old CA any more'
must consumers person ca.new.pem ca.old.pem leaves
wait_for consumers anyone ca.new.pem ca.old.pem leaves

# 1. Write the new CA certificate alone to the Secrets.
say 'Item 1: write the new CA certificate alone to the Secrets'
must consumers anyone ca.new.pem ca.old.pem leaves
must verifies pd ca.new.pem
must kept pd
must verifies tikv ca.new.pem
must kept tikv
must verifies tidb ca.new.pem
must kept tidb
must verifies client ca.new.pem
must kept client
must serves tso
must serves scheduling
must serves pd
must serves tikv
must serves tidb
kubectl create secret generic basic-pd-cluster-secret --namespace=tidb --from-file=tls.crt=pd-server.pem --from-file=tls.key=pd-server-key.pem --from-file=ca.crt=ca.new.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-tikv-cluster-secret --namespace=tidb --from-file=tls.crt=tikv-server.pem --from-file=tls.key=tikv-server-key.pem --from-file=ca.crt=ca.new.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-tidb-cluster-secret --namespace=tidb --from-file=tls.crt=tidb-server.pem --from-file=tls.key=tidb-server-key.pem --from-file=ca.crt=ca.new.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
kubectl create secret generic basic-cluster-client-secret --namespace=tidb --from-file=tls.crt=client.pem --from-file=tls.key=client-key.pem --from-file=ca.crt=ca.new.pem --dry-run=client -o yaml | kubectl apply -f -
ran "${PIPESTATUS[@]}"
must secret pd ca.new.pem leaf
must secret tikv ca.new.pem leaf
must secret tidb ca.new.pem leaf
must secret client ca.new.pem leaf

# 2. Ask the operator to restart tso.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 2: ask the operator to restart tso'
# shellcheck disable=SC2016
kubectl get tidbcluster basic --namespace=tidb -o go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "tso"}}[{"op":"test","path":"/spec/pdms/{{$place}}/name","value":"tso"},{{if not (exists $one "annotations")}}{"op":"test","path":"/spec/pdms/{{$place}}/annotations","value":null},{"op":"add","path":"/spec/pdms/{{$place}}/annotations","value":{}},{{end}}{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb.pingcap.com~1restartedAt","value":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"},{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb-cert-rotate~1material","value":"'"$(cat ca.new.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}]{{end}}{{end}}' | kubectl patch tidbcluster basic --namespace=tidb --type=json --patch-file=/dev/stdin
ran "${PIPESTATUS[@]}"
must stamped tso ca.new.pem

# 2. Wait until every tso pod has been restarted.
say 'Item 2: wait until every tso pod has been restarted'
wait_for rolled tso ca.new.pem

# 2. Ask the operator to restart scheduling.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 2: ask the operator to restart scheduling'
# shellcheck disable=SC2016
kubectl get tidbcluster basic --namespace=tidb -o go-template='{{range $place, $one := .spec.pdms}}{{if eq $one.name "scheduling"}}[{"op":"test","path":"/spec/pdms/{{$place}}/name","value":"scheduling"},{{if not (exists $one "annotations")}}{"op":"test","path":"/spec/pdms/{{$place}}/annotations","value":null},{"op":"add","path":"/spec/pdms/{{$place}}/annotations","value":{}},{{end}}{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb.pingcap.com~1restartedAt","value":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"},{"op":"add","path":"/spec/pdms/{{$place}}/annotations/tidb-cert-rotate~1material","value":"'"$(cat ca.new.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}]{{end}}{{end}}' | kubectl patch tidbcluster basic --namespace=tidb --type=json --patch-file=/dev/stdin
ran "${PIPESTATUS[@]}"
must stamped scheduling ca.new.pem

# 2. Wait until every scheduling pod has been restarted.
say 'Item 2: wait until every scheduling pod has been restarted'
wait_for rolled scheduling ca.new.pem

# 2. Ask the operator to restart pd.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 2: ask the operator to restart pd'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"pd":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.new.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped pd ca.new.pem

# 2. Wait until every pd pod has been restarted.
say 'Item 2: wait until every pd pod has been restarted'
wait_for rolled pd ca.new.pem

# 2. Ask the operator to restart tikv.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 2: ask the operator to restart tikv'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"tikv":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.new.pem tikv-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped tikv ca.new.pem

# 2. Wait until every tikv pod has been restarted.
say 'Item 2: wait until every tikv pod has been restarted'
wait_for rolled tikv ca.new.pem

# 2. Ask the operator to restart tidb.
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster
say 'Item 2: ask the operator to restart tidb'
kubectl patch tidbcluster basic --namespace=tidb --type=merge -p '{"spec":{"tidb":{"annotations":{"tidb.pingcap.com/restartedAt":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","tidb-cert-rotate/material":"'"$(cat ca.new.pem tidb-server.pem | openssl dgst -sha256 -r | cut -c1-16)"'"}}}}'
ran "${PIPESTATUS[@]}"
must stamped tidb ca.new.pem

# 2. Wait until every tidb pod has been restarted.
say 'Item 2: wait until every tidb pod has been restarted'
wait_for rolled tidb ca.new.pem

# See that every pod accepts the new client certificate and no longer the old one.
say 'See that every pod accepts the new client certificate and no longer the old one'
wait_for rejects_old tso
wait_for rejects_old scheduling
wait_for rejects_old pd
wait_for rejects_old tikv
wait_for rejects_old tidb

# Put the folder back into the documents' starting shape (the old CA stays in the backups).
say 'Put the folder back into the documents'"'"' starting shape (the old CA stays in the backups)'
mv ca.new.pem ca.pem && \
mv ca-key.new.pem ca-key.pem && \
rm -f ca.old.pem ca-key.old.pem
ran "${PIPESTATUS[@]}"
must absent ca.new.pem ca.old.pem ca-key.new.pem ca-key.old.pem

say 'Done.'
