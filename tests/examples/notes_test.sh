#!/bin/bash
# SPDX-License-Identifier: MIT
# The notebook; its demonstration works for root and for other users.
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

root_its_readme_is_true() {
	command -v curl >/dev/null || skip "no curl"
	reads examples/notes
}

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
