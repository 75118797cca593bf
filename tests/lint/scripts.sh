#!/bin/bash
# SPDX-License-Identifier: MIT
# Every shell script as shellcheck sees it, and no test that does not run: scripts.sh [ROOT]
set -euo pipefail
cd "${1:-${BASH_SOURCE[0]%/*}/../..}"
failed=0

mapfile -t scripts < <(grep -rlE --exclude-dir=.git --exclude-dir=build \
	-e '^#!/bin/(ba)?sh|^# shellcheck shell=' . | sort)
((${#scripts[@]} == 0)) || printf '%s\0' "${scripts[@]}" |
	xargs -0 -n 40 -P 2 shellcheck -x -P SCRIPTDIR || failed=1

# The functions of a script, "helper NAME" or "test NAME", as tests/run distinguishes them.
functions() {
	sed -nE -e 's/^function ([A-Za-z0-9_]+).*/helper \1/p' \
		-e 's/^([A-Za-z0-9_]+)[[:blank:]]*\(\).*/test \1/p' "$1"
}

shared=
for library in tests/lib.sh tests/images/image.sh; do
	[[ ! -e $library ]] || shared+=$(functions "$library" | cut -d ' ' -f 2)$'\n'
done
for script in tests/*/*_test.sh tests/images/*/*_test.sh; do
	[[ -e $script ]] || continue
	all=$(functions "$script")
	while IFS= read -r name; do
		[[ -n $name ]] || continue
		echo "$script: $name() replaces another function of this name" && failed=1
	done < <(cut -d ' ' -f 2 <<<"$all"$'\n'"$shared" | sort | uniq -d | grep .)
	while read -r role name; do
		if [[ $role == test && $name == test_* ]]; then
			echo "$script: $name(): a test needs no prefix" && failed=1
		elif [[ $role == helper ]] && (($(grep -cw -e "$name" "$script") == 1)); then
			echo "$script: nobody calls $name: a test is written '$name() {'" && failed=1
		fi
	done <<<"$all"
done
exit "$failed"
