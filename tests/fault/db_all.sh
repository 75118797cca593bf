#!/bin/bash
# SPDX-License-Identifier: MIT
# All that can go wrong with a database, in full, two at a time: db_all.sh BUILD
set -euo pipefail
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# shellcheck source=tests/fault/two_at_once.sh
. "$root/tests/fault/two_at_once.sh"
build=$(realpath "${1:-$root/build/gcc}")
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-fault.XXXXXX")
trap 'rm -rf "$work"' EXIT

# one NAME COMMAND…: in a directory of its own.
# shellcheck disable=SC2317 # it is called by the words of a job
one() {
	mkdir "$work/$1"
	cd "$work/$1"
	shift
	"$@"
}

# shellcheck disable=SC2317
calls() {
	one "calls-$1-$2" "$root/tests/fault/db_calls.py" "$1" "$2" "$build/tests/fault/break_at" \
		"$build/groundwork"
}

jobs=()
for how in kill 28 5 122; do # 28: the disk is full; 5: an I/O error; 122: over the quota
	for scenario in cold cold-delete upgrade upgrade-delete crashed crashed-delete in-use \
		backup rehearse theirs switch; do
		[[ $scenario != theirs ]] || ((EUID == 0)) || continue
		jobs+=("calls $scenario $how")
	done
done
for scenario in fresh pending unlocked; do
	jobs+=("one race-$scenario $root/tests/fault/db_race.py $scenario 32 100 $build/groundwork")
done
for mode in wal delete; do
	jobs+=("one in-use-$mode $root/tests/fault/db_in_use.py $mode 50 $build/groundwork")
done

# The words of a job are a command and its arguments.
job() {
	# shellcheck disable=SC2086
	$1
}

two_at_once job "${jobs[@]}"
