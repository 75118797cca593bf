#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while a file that something is mounted on is written in place: the next
# start finishes it. It could not make its text anew from half of it (policy = edit).
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

# sweep HOW STRIDE: what comes before the last 130 calls is loading and looking.
# shellcheck disable=SC2016
function sweep {
	local how=$1
	needs_tracing
	needs_mounts
	drop_in 10.ini <<-'END'
		[file:f]
		path = f.json
		policy = edit
		set = {"text": "${TEXT}", "more": 1}
		[secret:s]
		path = s
		source = text.asc
		identity = identity.txt
	END
	cp "$ROOT/tests/age/files/"{text.asc,identity.txt} conf
	printf '{"text": "old", "mine": "%s"}' "$(seq -s ' ' 20000)" >f
	touch f.json s
	mkdir v
	status 0 unshare -m bash -c '
		start=("$0" -q -c conf apply)
		mount -t tmpfs none v
		touch v/s
		cp f v
		mount --bind v/f f.json
		mount --bind v/s s
		export TEXT=newer
		last=$("$1" 0 "$2" "${start[@]}" 2>/dev/null | tail -n 1)
		((last > 200)) || exit 3
		cp v/f new
		cp v/s secret
		for ((number = last - 130; number <= last; number += $3)); do
			cat f >v/f
			echo before >v/s
			"$1" "$number" "$2" "${start[@]}" 2>/dev/null || (($? != 99)) || exit 4
			cmp -s v/f f || cmp -s v/f new || echo cut >>cut
			"${start[@]}" 2>/dev/null || exit 5
			cmp v/f new && cmp v/s secret || { echo "call $number" >&2; exit 6; }
			! ls -A | grep -F unfinished || exit 7
			rm -f .*.groundwork-* # what is swept later would make more calls
		done' "$GROUNDWORK" "$break_at" "$how" "$2"
}

root_a_kill_leaves_nothing_half_written() {
	sweep kill 1
	[[ -s cut ]] || fail "no kill left half a text"
}

root_nor_does_a_full_disk() {
	sweep 28 3
}

root_nor_does_an_io_error() {
	sweep 5 3
}
