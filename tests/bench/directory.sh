#!/bin/bash
# SPDX-License-Identifier: MIT
# What directories and trees cost, beside systemd-tmpfiles, chown and cp.
#
#	tests/bench/directory.sh [GROUNDWORK [ROUNDS [FILES]]]
#
# All are started in turn, round by round, in TMPDIR (/dev/shm); a figure is the median of
# the processor's time, which other processes disturb less than the clock. FILES (100000, with
# FULL=1 500000) are in a tree that is given away. Needs root; what is not installed is left out.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
rounds=${2:-5}
files=${3:-$((${FULL:-0} ? 500000 : 100000))}
work=$(mktemp -d "${TMPDIR:-/dev/shm}/groundwork-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"
TIMEFORMAT='%U %S'
declare -A times
shopt -s extglob
. tests/bench/aims.bash

((EUID == 0)) || { echo "skipped: only root can give a tree away"; exit 0; }

# measure NAME COMMAND…: adds its nanoseconds to those of that name.
measure() {
	local spent
	spent=$({ time "${@:2}" >"$work/log" 2>&1 || { tail -n 3 "$work/log" >&3 && exit 1; }; } \
		2>&1) 3>&2
	times[$1]+=" $(awk '{ printf "%d", ($1 + $2) * 1e9 }' <<<"$spent")"
}

median() {
	tr ' ' '\n' <<<"${times[$1]# }" | sort -n | sed -n "$(((rounds + 1) / 2))p"
}

# compare TEXT OURS PEER [AIM]
compare() {
	if [[ -n ${times[$3]-} ]]; then
		row "$1" "$(median "$2")" "${3% @(cold|warm|wrong|right)}" "$(median "$3")" "${4-}" || true
	else
		plain "$1" "$(median "$2")"
	fi
}

# ---- one step with 10,000 directories ----

{
	printf '[directory:d]\npath ='
	printf ' %d\n' {0..9999}
} >"$work/many.ini"
printf "d $work/tmpfiles/%d 0755 - - -\n" {0..9999} >"$work/tmpfiles.conf"

for ((round = 0; round < rounds; round++)); do
	rm -rf "$work/ours" "$work/tmpfiles"
	mkdir "$work/ours" "$work/tmpfiles"
	for state in cold warm; do
		measure "many $state" "$groundwork" -q -C "$work/ours" -c "$work/many.ini" apply
		! command -v systemd-tmpfiles >/dev/null ||
			measure "tmpfiles $state" systemd-tmpfiles --create "$work/tmpfiles.conf"
	done
done
rm -rf "$work/ours" "$work/tmpfiles"
compare "10,000 directories, cold" "many cold" "tmpfiles cold" 0.8
compare "10,000 directories, warm" "many warm" "tmpfiles warm" 0.2

# ---- a tree ----

for ((i = 0; i < files; i += 100)); do
	mkdir -p "$work/tree/$i"
	(cd "$work/tree/$i" && touch {0..99})
done
printf '[directory:d]\npath = tree\nowner = 1234\ngroup = 1234\nrecursive = full\n' \
	>"$work/give.ini"
printf '[directory:d]\npath = copy\nsource = tree\n' >"$work/copy.ini"

for ((round = 0; round < rounds; round++)); do
	chown -R 0:0 "$work/tree"
	measure "give wrong" "$groundwork" -q -C "$work" -c "$work/give.ini" apply
	measure "give right" "$groundwork" -q -C "$work" -c "$work/give.ini" apply
	chown -R 0:0 "$work/tree"
	measure "chown -R wrong" chown -R 1234:1234 "$work/tree"
	measure "chown -R right" chown -R 1234:1234 "$work/tree"
	rm -rf "$work/copy"
	measure "copy" "$groundwork" -q -C "$work" -c "$work/copy.ini" apply
	rm -rf "$work/copy"
	measure "cp -a" cp -a "$work/tree" "$work/copy"
done
compare "recursive = full, $files files, wrong" "give wrong" "chown -R wrong" 1.2
compare "recursive = full, $files files, right" "give right" "chown -R right" 0.8
compare "source, $files empty files" copy "cp -a"
missed_aims
