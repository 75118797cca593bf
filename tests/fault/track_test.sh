#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while tracked files get a new text and one goes: each is the old one or
# the new one, and its own text is never taken for an edit.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

# sweep HOW FIRST STRIDE: the calls of loading and looking come first.
function sweep {
	local start=("$GROUNDWORK" -q -c conf -C volume apply) how=$1 last number code
	needs_tracing
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = st
		[file:site]
		path = site
		template = ../templates
		policy = track
		prune = yes
	END
	mkdir templates
	echo "\${TEXT}" | tee templates/a templates/b templates/gone >/dev/null
	TEXT=old status 0 "${start[@]}"
	rm templates/gone
	cp -R volume before
	last=$(TEXT=new "$break_at" 0 "$how" "${start[@]}" 2>/dev/null | tail -n 1)
	((last >= $2)) || fail "no call is broken: there are ${last:-none}, and the first is $2"
	for ((number = $2; number <= last; number += $3)); do
		rm -rf volume
		cp -R before volume
		code=0
		TEXT=new "$break_at" "$number" "$how" "${start[@]}" >"$out" 2>"$err" || code=$?
		((code != 99)) || fail "call $number was not broken"
		! cat volume/site/* | grep -vxE 'old|new' || fail "call $number: half a text"
		# A third text: neither of the others is an edit.
		TEXT=newer status 0 "${start[@]}"
		equal "a b" "$(cd volume/site && echo *)" "call $number: files"
		equal "newer newer" "$(cat volume/site/* | xargs)" "call $number"
	done
}

a_kill_is_no_edit() {
	sweep kill 330 37
}

a_full_disk_is_no_edit() {
	sweep 28 330 71
}
