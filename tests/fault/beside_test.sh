#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while what a command made beside {file} is published with it: the next
# start leaves nothing of another pair, nor a file without what is beside it. These are samples;
# `make fault` goes through all calls.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

start=("$GROUNDWORK" -q -c conf -C volume apply)

# Without temporaries, which a later sweep removes; the list is none.
function visible {
	(cd volume && shopt -s dotglob nullglob && for name in *; do
		[[ $name == .*.groundwork-[0-9]* ]] || echo "$name"
	done)
}

# What an hour later is left of temporaries, whichever ending the command gave them.
function swept {
	find volume -name '.*' -type f -exec touch -d '2 hours ago' {} +
	rm -f volume/id*
	status 0 "${start[@]}"
	equal $'id\nid.crt\nid.pub' "$(ls -A volume)" "call $1: an hour later"
}

function judge {
	local code=0
	# A start that makes nothing has removed what belongs to nothing.
	FAILS=1 "${start[@]}" >"$out" 2>"$err" || code=$?
	[[ $code == 111 || -e volume/id ]] || fail "call $1: exit code $code"
	[[ -e volume/id ]] || equal "" "$(visible)" "call $1: after a start that failed"
	status 0 "${start[@]}"
	equal $'id\nid.crt\nid.pub' "$(visible)" "call $1"
	equal 1 "$(cat volume/id* | sort -u | wc -l)" "call $1: runs that the files are of"
	[[ ! -e $(echo volume/.*.groundwork-[0-9]*.crt) ]] || swept "$1"
}

# sweep HOW FIRST: the calls of loading and looking come first. Every fifth, with FULL each.
function sweep {
	local first=$2 stride=1
	needs_tracing
	[[ -n ${FULL-} ]] || { stride=5 && first=$((first + RANDOM % stride)); }
	# shellcheck disable=SC2016 # for the inner shell
	drop_in 10.ini <<-'END'
		[exec:pair]
		command = sh -c 'test -z "$FAILS" || exit 1
		  read -r uuid </proc/sys/kernel/random/uuid
		  for i in "" .pub .crt; do echo $uuid >"$1$i"; done' sh {file}
		creates = id
	END
	break_each "$1" "$first" "$stride" "$2" judge "${start[@]}"
}

# timeout: 600
a_kill_leaves_no_half_of_a_pair() {
	mkdir volume
	sweep kill 400
}

# timeout: 600
a_full_disk_leaves_no_half_of_a_pair() {
	mkdir volume
	sweep 28 60
}

# timeout: 600
root_a_kill_leaves_no_half_of_a_copied_pair() {
	mkdir volume
	chown 1000 volume
	sweep kill 400
}
