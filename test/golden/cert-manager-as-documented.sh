#!/usr/bin/env bash
# Renews the TLS certificates between the components of a TiDB cluster: reissue.
# TidbCluster basic in namespace tidb, whose certificates were issued by cert-manager.
#
# Printed by: npm run -s runbook -- (golden: cert-manager-as-documented)
# The commands are those of https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-the-certificate-issued-by-cert-manager
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
#   kubectl apply: cert-manager's objects: those of the new CA, the Certificates that come back, the request to issue again
#   kubectl delete: the Certificates that are put aside, and what was made on the way
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
# The annotation by which pods tell what they were made for.
mark=tidb-cert-rotate/material
# The name of this run's backup.
stamp=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p ./clusters/basic || exit 1
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

fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null; }

# What a pod starts with: a short hash of the bundle and the leaf that are given on stdin.
material_of() { openssl dgst -sha256 -r | cut -c1-16; }

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

# The pods were made again after their Secret was written, and are Ready.
recreated() {
	about "$1"
	local changed replicas name deleting ready created pods=0 _
	changed=$(written "$secret")
	IFS='|' read -r _ _ _ _ _ _ replicas _ < <(set_of "$1")
	if [ -z "${replicas:-}" ]; then
		no "the StatefulSet of $1 does not exist"
		return
	fi

	while IFS='|' read -r name deleting _ _ ready created _; do
		pods=$((pods + 1))
		[[ -z $deleting && $ready = True ]] || no "$name is not Ready"
		[[ ! $created < $changed ]] || no "$name is older than its Secret"
	done < <(pods_of "$1")
	[ "$pods" = "$replicas" ] || no "$pods of $replicas $1 pods exist"
}

# A client certificate like the cluster's own that lives one hour: "$aside/NAME.pem". CA certificate and key are files, by their whole path.
throwaway() {
	printf '%s\n' '{"signing": {"default": {"expiry": "1h"}, "profiles": {"client": {"expiry": "1h", "usages": ["signing", "key encipherment", "client auth"]}}}}' >"$aside/ca-config.json"
	cp client.json "$aside/client.json"
	(cd "$aside" && cfssl gencert -loglevel=5 -ca="$2" -ca-key="$3" -config=ca-config.json -profile=client client.json | cfssljson -bare "$1")
}

make_control() {
	cp ca-csr.json "$aside/ca-csr.json"
	(cd "$aside" && cfssl gencert -loglevel=5 -initca ca-csr.json | cfssljson -bare control-ca)
	throwaway control "$aside/control-ca.pem" "$aside/control-ca-key.pem" || no 'the control cannot be made'
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

# Every port serves the certificate of its Secret.
serves() {
	[ -z "${2:-}" ] || make_control
	[ "$verdict" != 0 ] || ask_pods serve_port "$@"
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

# How an object of cert-manager is called in full: other API groups have some of these names too.
resource() {
	case $1 in
	Certificate) echo certificates.cert-manager.io ;;
	Issuer) echo issuers.cert-manager.io ;;
	Secret) echo secrets ;;
	esac
}

# A value of a Secret, decoded; nothing where there is none.
value() { kubectl get secret "$1" --namespace="$namespace" --ignore-not-found --output="jsonpath={.data.$2}" | base64 --decode; }

# An object of cert-manager is Ready, for its present spec, and nothing is being issued for it.
ready() {
	local name generation status observed issuing reason
	IFS='|' read -r name generation status observed issuing reason < <(kubectl get "$(resource "$1")" "$2" --namespace="$namespace" --ignore-not-found \
		--output='jsonpath={.metadata.name}|{.metadata.generation}|{.status.conditions[?(@.type=="Ready")].status}|{.status.conditions[?(@.type=="Ready")].observedGeneration}|{.status.conditions[?(@.type=="Issuing")].status}|{.status.conditions[?(@.type=="Ready")].message}{"\n"}')
	if [ -z "$name" ]; then
		no "$1 $2 does not exist"
		return
	fi

	[[ $status = True && ${observed:-$generation} = "$generation" ]] || no "$1 $2 is not Ready${reason:+: $reason}"
	[ "$issuing" != True ] || no "$1 $2 is being issued"
}

# The key in a Secret fits its certificate.
fitting() { same "$(value "$1" 'tls\.crt' | public_of_certificate /dev/stdin)" "$(value "$1" 'tls\.key' | public_of_key /dev/stdin)" || no "tls.key of Secret $1 does not fit its tls.crt"; }

# A Secret holds a leaf that the CAs of a file verify, and its key fits.
issued() {
	value "$1" 'tls\.crt' | signed_by /dev/stdin "$2" || no "the certificate in Secret $1 is not one of $2"
	fitting "$1"
}

# Cert-manager has issued a component's leaf again: it is not the folder's, its key fits, and the CA in a Secret signed it.
anew() {
	about "$1"
	value "$2" 'tls\.crt' >"$aside/signer.pem"
	issued "$secret" "$aside/signer.pem"
	! same "$(value "$secret" 'tls\.crt' | fingerprint /dev/stdin)" "$(fingerprint "$file.pem")" || no "Secret $secret still holds the certificate that it had"
}

# A Secret of a CA holds the one in a file, or another one.
ca_secret() {
	local signer
	signer=$(value "$1" 'tls\.crt' | fingerprint /dev/stdin)
	if [ -z "$signer" ]; then
		no "Secret $1 does not exist, or holds no certificate"
	elif [ "$3" = another ]; then
		! same "$signer" "$(fingerprint "$2")" || no "Secret $1 still holds the CA in $2"
	else
		same "$signer" "$(fingerprint "$2")" || no "Secret $1 does not hold the CA in $2"
	fi
}

# The folder is this cluster's; what is in it is made anew from the Secrets.
folder_of_this_cluster() {
	local uid
	uid=$(kubectl get "$resource" "$cluster_name" --namespace="$namespace" --output='jsonpath={.metadata.uid}')
	[ -n "$uid" ] || no "there is no $object $cluster_name in namespace $namespace"
	if [ -e cluster.yaml ] && grep -q '^uid:' cluster.yaml; then
		grep -Eq "^uid: *[\"']?${uid}[\"']?\$" cluster.yaml || no 'cluster.yaml says that this folder is another cluster'\''s'
	fi
}

# Each component's Secret is cert-manager's.
issued_by_certificates() {
	local component name
	for component in "$@"; do
		about "$component"
		name=$(kubectl get secret "$secret" --namespace="$namespace" --ignore-not-found --output='jsonpath={.metadata.annotations.cert-manager\.io/certificate-name}')
		[ -n "$name" ] || no "Secret $secret is none of cert-manager's"
	done
}

# The certificates in the Secrets are not those of a rotation that has just been made.
old_enough() {
	local component month day time year before limit months=JanFebMarAprMayJunJulAugSepOctNovDec
	limit=$(TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T' $((EPOCHSECONDS - min_age)))
	for component in "$@"; do
		about "$component"
		# notBefore=Jan  2 03:04:05 2026 GMT
		IFS='= ' read -r _ month day time year _ < <(value "$secret" 'tls\.crt' | openssl x509 -noout -startdate)
		before=${months%%"$month"*}
		printf -v before '%s-%02d-%02dT%sZ' "$year" $((${#before} / 3 + 1)) "$day" "$time"
		[[ $before < $limit ]] || no "the certificate in Secret $secret is valid since $before only (MIN_AGE=0 goes on all the same)"
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
must folder_of_this_cluster
must issued_by_certificates pd tikv tidb client
must old_enough pd tikv tidb client

# ====================================================================================================
# Renew and replace the certificate issued by cert-manager
# 更新和替换 cert-manager 颁发的证书
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-the-certificate-issued-by-cert-manager

# Make the cluster folder again from the Secrets and the templates.
say 'Make the cluster folder again from the Secrets and the templates'
kubectl get secret basic-pd-cluster-secret --namespace=tidb -o 'jsonpath={.data.ca\.crt}' | base64 --decode > ca.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-pd-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > pd-server.pem && \
kubectl get secret basic-pd-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > pd-server-key.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-tikv-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > tikv-server.pem && \
kubectl get secret basic-tikv-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > tikv-server-key.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-tidb-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > tidb-server.pem && \
kubectl get secret basic-tidb-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > tidb-server-key.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-cluster-client-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > client.pem && \
kubectl get secret basic-cluster-client-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > client-key.pem
ran "${PIPESTATUS[@]}"
cat << 'EOF' > ca-csr.json
{
    "CN": "TiDB",
    "CA": {
        "expiry": "87600h"
    },
    "key": {
        "algo": "rsa",
        "size": 2048
    },
    "names": [
        {
            "C": "US",
            "L": "CA",
            "O": "PingCAP",
            "ST": "Beijing",
            "OU": "TiDB"
        }
    ]
}
EOF
ran "${PIPESTATUS[@]}"
cat << 'EOF' > client.json
{
    "CN": "TiDB",
    "hosts": [],
    "key": {
        "algo": "ecdsa",
        "size": 256
    },
    "names": [
        {
            "C": "US",
            "ST": "CA",
            "L": "San Francisco"
        }
    ]
}
EOF
ran "${PIPESTATUS[@]}"
must kept pd
must kept tikv
must kept tidb
must kept client

# Back up the cluster folder and the Secrets.
say 'Back up the cluster folder and the Secrets'
mkdir -p backups && \
chmod 700 backups && \
mkdir -m 700 "backups/$stamp.part" && \
cp -p ca-csr.json ca.pem client-key.pem client.json client.pem pd-server-key.pem pd-server.pem tidb-server-key.pem tidb-server.pem tikv-server-key.pem tikv-server.pem "backups/$stamp.part/" && \
kubectl get secret basic-pd-cluster-secret basic-tikv-cluster-secret basic-tidb-cluster-secret basic-cluster-client-secret --namespace=tidb --ignore-not-found -o yaml > "backups/$stamp.part/secrets.yaml" && \
kubectl get certificates.cert-manager.io basic-pd-cluster-secret basic-tikv-cluster-secret basic-tidb-cluster-secret basic-cluster-client-secret basic-ca --namespace=tidb --ignore-not-found -o yaml > "backups/$stamp.part/certificates.yaml" && \
kubectl get issuers.cert-manager.io basic-tidb-issuer --namespace=tidb --ignore-not-found -o yaml > "backups/$stamp.part/issuer.yaml" && \
kubectl get secret basic-ca-secret --namespace=tidb --ignore-not-found -o yaml > "backups/$stamp.part/ca-secret.yaml" && \
mv "backups/$stamp.part" "backups/$stamp"
ran "${PIPESTATUS[@]}"
must backup

# ====================================================================================================
# Renew and replace the CA certificate and certificates between components
# 更新和替换 CA 证书及组件间证书
# https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate#renew-and-replace-the-ca-certificate-and-certificates-between-components

# 1. Delete the CA's Secret, and wait until cert-manager has made a new CA.
say 'Item 1: delete the CA'"'"'s Secret, and wait until cert-manager has made a new CA'
kubectl delete secret basic-ca-secret --namespace=tidb
ran "${PIPESTATUS[@]}"
wait_for ca_secret basic-ca-secret ca.pem another
wait_for ready Certificate basic-ca
wait_for ready Issuer basic-tidb-issuer

# Items 2 and 3: delete the components' Secrets, and wait until cert-manager has made them again.
say 'Items 2 and 3: delete the components'"'"' Secrets, and wait until cert-manager has made them again'
must ca_secret basic-ca-secret ca.pem another
must ready Certificate basic-ca
must ready Issuer basic-tidb-issuer
kubectl delete secret basic-pd-cluster-secret --namespace=tidb
ran "${PIPESTATUS[@]}"
kubectl delete secret basic-tikv-cluster-secret --namespace=tidb
ran "${PIPESTATUS[@]}"
kubectl delete secret basic-tidb-cluster-secret --namespace=tidb
ran "${PIPESTATUS[@]}"
kubectl delete secret basic-cluster-client-secret --namespace=tidb
ran "${PIPESTATUS[@]}"
wait_for anew pd basic-ca-secret
wait_for ready Certificate basic-pd-cluster-secret
wait_for anew tikv basic-ca-secret
wait_for ready Certificate basic-tikv-cluster-secret
wait_for anew tidb basic-ca-secret
wait_for ready Certificate basic-tidb-cluster-secret
wait_for anew client basic-ca-secret
wait_for ready Certificate basic-cluster-client-secret

# 4. Delete the pd pods and wait for their successors.
say 'Item 4: delete the pd pods and wait for their successors'
# Before 1.36, kubectl may wait for ever for the end of a pod that has its successor already (kubernetes/kubernetes#135562).
say '  if kubectl does not end although the new pods are Ready: end this script, and go on by npm run rotate -- --cluster basic --as-documented --accept-outage'
# shellcheck disable=SC2086
pod_name=$(kubectl get pods --namespace=tidb --selector=app.kubernetes.io/instance=basic,app.kubernetes.io/component=pd -o 'jsonpath={.items[*].metadata.name}') && \
kubectl delete -n tidb pod ${pod_name}
ran "${PIPESTATUS[@]}"
wait_for recreated pd

# 4. Delete the tikv pods and wait for their successors.
say 'Item 4: delete the tikv pods and wait for their successors'
# Before 1.36, kubectl may wait for ever for the end of a pod that has its successor already (kubernetes/kubernetes#135562).
say '  if kubectl does not end although the new pods are Ready: end this script, and go on by npm run rotate -- --cluster basic --as-documented --accept-outage'
# shellcheck disable=SC2086
pod_name=$(kubectl get pods --namespace=tidb --selector=app.kubernetes.io/instance=basic,app.kubernetes.io/component=tikv -o 'jsonpath={.items[*].metadata.name}') && \
kubectl delete -n tidb pod ${pod_name}
ran "${PIPESTATUS[@]}"
wait_for recreated tikv

# 4. Delete the tidb pods and wait for their successors.
say 'Item 4: delete the tidb pods and wait for their successors'
# Before 1.36, kubectl may wait for ever for the end of a pod that has its successor already (kubernetes/kubernetes#135562).
say '  if kubectl does not end although the new pods are Ready: end this script, and go on by npm run rotate -- --cluster basic --as-documented --accept-outage'
# shellcheck disable=SC2086
pod_name=$(kubectl get pods --namespace=tidb --selector=app.kubernetes.io/instance=basic,app.kubernetes.io/component=tidb -o 'jsonpath={.items[*].metadata.name}') && \
kubectl delete -n tidb pod ${pod_name}
ran "${PIPESTATUS[@]}"
wait_for recreated tidb

# Take the new CA and the new certificates into the folder.
say 'Take the new CA and the new certificates into the folder'
kubectl get secret basic-pd-cluster-secret --namespace=tidb -o 'jsonpath={.data.ca\.crt}' | base64 --decode > ca.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-pd-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > pd-server.pem && \
kubectl get secret basic-pd-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > pd-server-key.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-tikv-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > tikv-server.pem && \
kubectl get secret basic-tikv-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > tikv-server-key.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-tidb-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > tidb-server.pem && \
kubectl get secret basic-tidb-cluster-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > tidb-server-key.pem
ran "${PIPESTATUS[@]}"
kubectl get secret basic-cluster-client-secret --namespace=tidb -o 'jsonpath={.data.tls\.crt}' | base64 --decode > client.pem && \
kubectl get secret basic-cluster-client-secret --namespace=tidb -o 'jsonpath={.data.tls\.key}' | base64 --decode > client-key.pem
ran "${PIPESTATUS[@]}"
must ca_secret basic-ca-secret ca.pem same
must kept pd
must kept tikv
must kept tidb
must kept client

# See that every pod serves the certificate of its Secret and accepts the new client certificate.
say 'See that every pod serves the certificate of its Secret and accepts the new client certificate'
wait_for serves pd
wait_for serves tikv
wait_for serves tidb

say 'Done.'
