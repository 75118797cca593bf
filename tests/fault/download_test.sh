#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while a file is downloaded and another replaced: each is whole, and the
# next start completes what is missing.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

start=("$GROUNDWORK" -q -c conf -C volume apply)

function judge {
	[[ ! -e volume/new ]] || cmp files/f volume/new || fail "call $1: new"
	cmp files/f volume/old >/dev/null || [[ $(<volume/old) == old ]] || fail "call $1: old"
	status 0 "${start[@]}"
	cmp files/f volume/new
	cmp files/f volume/old
	equal "new old" "$(cd volume && shopt -s dotglob && echo *)" "call $1"
}

# sweep HOW STRIDE
function sweep {
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
	break_some "$1" "$2" judge "${start[@]}"
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
