# shellcheck shell=bash
# The functions of a runbook for a cluster whose certificates cert-manager issues; where functions.sh has one of the same name, this one counts.

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

# None of these objects is there.
gone() {
	local kind=$1 name left
	shift
	if ! left=$(kubectl get "$(resource "$kind")" "$@" --namespace="$namespace" --ignore-not-found --output=name); then
		no "it cannot be seen whether there is $kind $*"
		return
	fi

	for name in $left; do
		no "$kind ${name##*/} is there"
	done
}

# The folder has each Certificate as it can be made again.
recorded() {
	local name
	for name in "$@"; do
		[ "$(kubectl patch --local --filename="certificate-$name.json" --type=merge --patch='{}' --output='jsonpath={.metadata.name}' 2>/dev/null)" = "$name" ] || no "certificate-$name.json is not Certificate $name"
	done
}

# No Secret goes with an object that owns it.
unowned() {
	local name owner
	for name in "$@"; do
		owner=$(kubectl get secret "$name" --namespace="$namespace" --ignore-not-found --output='jsonpath={range .metadata.ownerReferences[*]}{.kind} {.name}{end}')
		[ -z "$owner" ] || no "Secret $name belongs to $owner, and would go with it"
	done
}

# The key in a Secret fits its certificate.
fitting() { same "$(value "$1" 'tls\.crt' | public_of_certificate /dev/stdin)" "$(value "$1" 'tls\.key' | public_of_key /dev/stdin)" || no "tls.key of Secret $1 does not fit its tls.crt"; }

# A Secret holds a leaf that the CAs of a file verify, and its key fits.
issued() {
	value "$1" 'tls\.crt' | signed_by /dev/stdin "$2" || no "the certificate in Secret $1 is not one of $2"
	fitting "$1"
}

# One Secret holds the leaf of another.
alike() { same "$(value "$1" 'tls\.crt' | fingerprint /dev/stdin)" "$(value "$2" 'tls\.crt' | fingerprint /dev/stdin)" || no "Secret $1 does not hold the certificate of Secret $2"; }

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

# A Secret beside the components' holds the bundle, byte for byte, and its leaf verifies against the CAs of a file.
other() {
	value "$1" 'ca\.crt' | cmp -s - "$2" || no "ca.crt of Secret $1 is not $2"
	issued "$1" "$3"
}

# The canary is the client's next leaf: the new CA's key stays with cert-manager.
make_canary() {
	if ! { cp client.new.pem "$aside/canary.pem" && cp client-key.new.pem "$aside/canary-key.pem"; }; then
		no 'there is no canary'
	fi
}

# --- Before anything is changed

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
