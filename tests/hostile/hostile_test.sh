#!/bin/bash
# SPDX-License-Identifier: MIT
# A few of the cases of `make hostile`: each kind of step, and whatever stands in its way.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function cases {
	local code=$1 table=$2
	shift 2
	status "$code" "$ROOT/tests/hostile/hostile.py" "$@" "$GROUNDWORK" \
		"$ROOT/tests/cli/ground" "$table"
}

# timeout: 180
root_steps_end_as_expected_on_hostile_ground() {
	needs_mounts
	cases 0 "$ROOT/tests/hostile/expected.txt" -s 37
	matches "$out" '^[0-9]{2} cases, 0 failed$'
}

# timeout: 180
user_steps_end_as_expected_on_hostile_ground() {
	cases 0 "$ROOT/tests/hostile/expected.txt" -s 11
	matches "$out" '^[0-9]{2} cases, 0 failed$'
}

user_a_step_that_ends_in_another_way_is_seen() {
	sed 's/, not a directory/, not a hole/' "$ROOT/tests/hostile/expected.txt" >table.txt
	cases 1 table.txt -s 11
	contains "$out" "expected: 111 | error: ../conf.d/x.ini:1: [directory:x]: 't/x' is a "
	contains "$out" "not a hole"
}
