# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# For tests that break a start at its system calls (break_at.c).

break_at=${GROUNDWORK%/*}/break_at

function needs_tracing {
	[[ -x $break_at ]] || skip "break_at was not built"
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer makes too many calls"
	# shellcheck disable=SC2154 # lib.sh sets it
	[[ $("$break_at" 0 kill true 2>"$err") -gt 0 ]] || skip "no ptrace here: $(tail -n 1 "$err")"
}

# break_each HOW FIRST STRIDE LEAST JUDGE COMMAND…: breaks the command at these of its calls, of
# which there are LEAST, each time on what `volume` is now, and then calls JUDGE with the number.
function break_each {
	local how=$1 number=$2 stride=$3 least=$4 judge=$5 last code
	shift 5
	cp -R volume before
	last=$("$break_at" 0 "$how" "$@" 2>/dev/null | tail -n 1) || true # it may fail by itself
	((last >= least)) || fail "there are ${last:-no} calls, not $least"
	for (( ; number <= last; number += stride)); do
		rm -rf volume
		cp -R before volume
		code=0
		# shellcheck disable=SC2154 # lib.sh sets them
		"$break_at" "$number" "$how" "$@" >"$out" 2>"$err" || code=$?
		((code != 99)) || fail "call $number was not broken"
		"$judge" "$number"
	done
}

# break_some HOW STRIDE JUDGE COMMAND…: the same from a call by chance; with FULL at each call.
function break_some {
	local how=$1 stride=$2
	shift 2
	[[ -z ${FULL-} ]] || stride=1
	break_each "$how" $((1 + RANDOM % stride)) "$stride" 101 "$@"
}
