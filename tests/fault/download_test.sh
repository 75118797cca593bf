#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while a file is downloaded and another replaced: each is whole, and the
# next start completes what is missing.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

# sweep HOW STRIDE: with FULL at each call.
function sweep {
	local start=("$GROUNDWORK" -q -c conf -C volume apply) how=$1 stride=$2 last number code
	needs_tracing
	mkdir files volume
	head -c 70000 /dev/urandom >files/f
	background python3 "$ROOT/tests/cli/http_server.py" files port
	eventually test -e port
	drop_in 10.ini <<-END
		[defaults:download]
		url = http://127.0.0.1:$(<port)/f
		sha256 = $(sha256sum <files/f | cut -d' ' -f1)
		retries = 0
		[download:new]
		path = new
		[download:old]
		path = old
	END
	echo old >volume/old
	cp -R volume before
	last=$("$break_at" 0 "$how" "${start[@]}" 2>/dev/null | tail -n 1)
	((last > 100)) || fail "there are ${last:-no} calls"
	[[ -z ${FULL-} ]] || stride=1
	for ((number = 1 + RANDOM % stride; number <= last; number += stride)); do
		rm -rf volume
		cp -R before volume
		code=0
		"$break_at" "$number" "$how" "${start[@]}" >"$out" 2>"$err" || code=$?
		((code != 99)) || fail "call $number was not broken"
		[[ ! -e volume/new ]] || cmp files/f volume/new || fail "call $number: new"
		cmp files/f volume/old >/dev/null || [[ $(<volume/old) == old ]] ||
			fail "call $number: old"
		status 0 "${start[@]}"
		cmp files/f volume/new
		cmp files/f volume/old
		equal "new old" "$(cd volume && shopt -s dotglob && echo *)" "call $number"
	done
}

# timeout: 600
a_kill_leaves_what_the_next_start_completes() {
	sweep kill 43
}

# timeout: 600
a_full_disk_leaves_what_the_next_start_completes() {
	sweep 28 43
}

# timeout: 600
a_broken_disk_leaves_what_the_next_start_completes() {
	sweep 5 43
}
