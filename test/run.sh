#!/usr/bin/env bash
# Lint, unit and integration tests, and of the tests on sandboxes those that are killed at each write; with `all`, every one of them but the long ones.
# Every part runs even if one before it failed. Last line: `N passed, N failed`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0

part() {
	local name=$1
	shift
	printf '\n== %s\n' "$name"
	if "$@" 2>&1 | tee "$log"; then
		local status=0
	else
		local status=1
	fi

	# ava's closing lines: "12 tests passed", "1 test failed", "1 uncaught exception".
	local ok bad
	ok=$(sed -n 's/^ *\([0-9][0-9]*\) tests\{0,1\} passed.*/\1/p' "$log" | tail -n 1)
	bad=$(sed -n 's/^ *\([0-9][0-9]*\) tests\{0,1\} failed.*/\1/p' "$log" | tail -n 1)
	if [ -z "$ok$bad" ]; then
		[ "$status" = 0 ] && ok=1 || bad=1
	elif [ "$status" != 0 ] && [ -z "$bad" ]; then
		bad=1
	fi

	passed=$((passed + ${ok:-0}))
	failed=$((failed + ${bad:-0}))
}

# Some tests want a program; where it cannot be installed they are left out, by name.
want() {
	local program=$1 package=$2
	if command -v "$program" >/dev/null || ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
		return
	fi

	apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1 ||
		echo "$program could not be installed: its tests are left out"
}

want shellcheck shellcheck # the runbooks' tests
want promtool prometheus   # the metrics' tests
want chromium chromium     # the report's tests

part lint npm --silent run lint
part 'unit tests' npm --silent run test:unit
part 'integration tests' npm --silent run test:integration
part 'killed in memory' npm --silent run test:world
# Apart: it may take longer than any test may.
part programs npm --silent run sandbox -- build
files=(test/cluster/rotate.test.ts test/cluster/kill-points.test.ts)
[ "${1-}" = all ] && files=()
part 'cluster tests' npm --silent run test:cluster -- "${files[@]}"
part 'killed in turn' npm --silent run test:in-turn
printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
