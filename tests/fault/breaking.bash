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
