#!/bin/bash
# SPDX-License-Identifier: MIT
# Every scenario at every system call, two at a time: all.sh BUILD
set -euo pipefail
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# shellcheck source=tests/fault/two_at_once.sh
. "$root/tests/fault/two_at_once.sh"
build=$(realpath "${1:-$root/build/gcc}")
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-fault.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

scenarios=(
	"cold kill" "cold 28" "cold 5" "cold 122" "cold 30" "upgrade kill" "upgrade 28" "upgrade 5"
	"warm kill" "warm 5" "warm 30"
)
# With a user everything is given away, which only root can.
((EUID != 0)) || scenarios+=("-u 10001 cold kill" "-u 10001 cold 28" "-u 10001 cold 5")

# one SCENARIO: in a directory of its own.
one() {
	local directory
	directory=$work/${1// /-}
	mkdir "$directory"
	cd "$directory"
	# The words of a scenario are options and arguments.
	# shellcheck disable=SC2086
	"$root/tests/fault/sweep.py" $1 "$build/tests/fault/break_at" "$build/groundwork" \
		"$root/tests/cli/ground"
}

two_at_once one "${scenarios[@]}"
