#!/bin/bash
# SPDX-License-Identifier: MIT
# The notebook's demonstration works, for root and for other users.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function demonstrate {
	command -v python3 >/dev/null || skip "no python3"
	status 0 "$ROOT/examples/notes/demo.sh" "$GROUNDWORK"
	contains "$out" "All of this was checked"
}

root_demo() {
	demonstrate
}

user_demo() {
	demonstrate
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
