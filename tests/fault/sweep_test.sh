#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, at one system call after the other: nothing is half done, and the next
# start repairs it. These are samples, other ones each time; `make fault` goes through all calls.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

# sweep STRIDE OPTION… SCENARIO HOW: with FULL three times as many.
function sweep {
	local stride=$1 options=("${@:2:$#-3}")
	[[ ${FULL:-0} != 1 ]] || stride=$((stride / 3))
	needs_tracing
	status 0 "$ROOT/tests/fault/sweep.py" -s "$stride" "${options[@]}" "${@: -2}" "$break_at" "$GROUNDWORK" \
		"$ROOT/tests/cli/ground"
}

# timeout: 180
kill_during_a_cold_start() {
	sweep 191 cold kill
}

# timeout: 180
kill_during_an_upgrade() {
	sweep 191 upgrade kill
}

# timeout: 180
root_kill_while_everything_is_given_to_a_user() {
	sweep 307 -u 10001 cold kill
}

# timeout: 180
a_full_disk_during_a_cold_start() {
	sweep 307 cold 28
}

# timeout: 180
an_io_error_during_a_cold_start() {
	sweep 307 cold 5
}

# timeout: 180
an_io_error_during_an_upgrade() {
	sweep 307 upgrade 5
}
