#!/bin/bash
# SPDX-License-Identifier: MIT
# What a warm start of eight steps costs the release: system calls and instructions, which come
# out the same on every machine, whatever else it does.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# Of all its processes, without the application's: as they were counted, and are worth.
CALLS=795
INSTRUCTIONS=2170000

# A change that makes it cheaper lowers them; one that makes it dearer says here what for.
function within { # WHAT COUNTED KNOWN
	((100 * $2 <= 105 * $3)) || fail "a warm start takes $2 $1, over 5 % more than the $3 it took"
	((100 * $2 >= 90 * $3)) || fail "a warm start takes $2 $1 instead of $3: note it in cost_test.sh"
}

function release_of_amd64 {
	! readelf -lW "$GROUNDWORK" | grep -q INTERP || skip "this is no release"
	[[ $(uname -m) == x86_64 ]] || skip "they were counted on another machine"
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer has calls of its own"
}

root_a_warm_start_takes_as_many_calls_and_instructions() {
	local calls instructions
	release_of_amd64
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	. "$ROOT/tests/bench/eight_steps.bash"
	# Each directory on the way is opened by itself: as many everywhere.
	until [[ $(tr -dc / <<<"$PWD") == /////// ]]; do
		mkdir d
		cd d || return
	done
	eight_steps warm
	status 0 "$GROUNDWORK" -q -c warm.ini --init -- true
	status 0 strace -fqqc -U calls,name -o calls env -i PORT=8080 NAME=notes "$GROUNDWORK" -q \
		-c warm.ini apply
	calls=$(awk '$NF == "total" { print $1 }' calls)
	status 0 env -i PORT=8080 NAME=notes valgrind --tool=cachegrind --cache-sim=no \
		--cachegrind-out-file=/dev/null --log-file=count.%p "$GROUNDWORK" -q -c warm.ini apply
	instructions=$(sed -n 's/.*I *refs: *//p' count.* | tr -d , | paste -sd+ | bc)
	within "system calls" "$calls" "$CALLS"
	within instructions "$instructions" "$INSTRUCTIONS"
}
