#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while a tracked file gets a new text: it is the old one or the new one,
# and never takes its own text for an edit.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function traced {
	local break_at=${GROUNDWORK%/*}/break_at
	[[ -x $break_at ]] || skip "break_at was not built"
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer makes too many calls"
	[[ $("$break_at" 0 kill true 2>"$err") -gt 0 ]] || skip "no ptrace here: $(tail -n 1 "$err")"
	"$break_at" "$@"
}

# sweep HOW FIRST STRIDE: the calls of loading and looking come first.
function sweep {
	local start=("$GROUNDWORK" -q -c conf -C volume apply) how=$1 last number text
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = st
		[file:f]
		path = f
		policy = track
		content = ${TEXT}
	END
	TEXT=old status 0 "${start[@]}"
	cp -R volume before
	last=$(TEXT=new traced 0 "$how" "${start[@]}" 2>/dev/null | tail -n 1)
	for ((number = $2; number <= last; number += $3)); do
		rm -rf volume
		cp -R before volume
		TEXT=new traced "$number" "$how" "${start[@]}" >"$out" 2>"$err" || true
		text=$(cat volume/f)
		[[ $text == old || $text == new ]] || fail "call $number: '$text'"
		# A third text: neither of the others is an edit.
		TEXT=newer status 0 "${start[@]}"
		equal newer "$(cat volume/f)" "call $number"
		missing volume/f.new
	done
}

a_kill_is_no_edit() {
	sweep kill 330 11
}

a_full_disk_is_no_edit() {
	sweep 28 330 23
}
