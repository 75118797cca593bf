#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while tracked files get a new text and one goes: each is the old one or
# the new one, and its own text is never taken for an edit.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

start=("$GROUNDWORK" -q -c conf -C volume apply)

function judge {
	! cat volume/site/* | grep -vxE 'old|new' || fail "call $1: half a text"
	# A third text: neither of the others is an edit.
	TEXT=newer status 0 "${start[@]}"
	equal "a b" "$(cd volume/site && echo *)" "call $1: files"
	equal "newer newer" "$(cat volume/site/* | xargs)" "call $1"
}

# sweep HOW FIRST STRIDE: the calls of loading and looking come first.
function sweep {
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
	TEXT=new break_each "$1" "$2" "$3" "$2" judge "${start[@]}"
}

a_kill_is_no_edit() {
	sweep kill 330 37
}

a_full_disk_is_no_edit() {
	sweep 28 330 71
}
