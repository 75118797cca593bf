#!/bin/bash
# SPDX-License-Identifier: MIT
# The notebook's story holds, for root and for everybody else.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function tell {
	command -v python3 >/dev/null || skip "no python3"
	status 0 "$ROOT/examples/notes/demo.sh" "$GROUNDWORK"
	contains "$out" "All of this was checked"
}

root_demo() {
	tell
}

user_demo() {
	tell
}

a_lost_key_is_not_replaced() {
	command -v python3 >/dev/null || skip "no python3"
	cd "$ROOT/examples/notes"
	status 0 "$GROUNDWORK" -c conf.d -C "$HOME/ground" apply
	rm "$HOME/ground/data/signing.key"
	status 111 "$GROUNDWORK" -c conf.d -C "$HOME/ground" run
	contains "$err" "key:signing"
	missing "$HOME/ground/data/signing.key"
}
