#!/bin/bash
# SPDX-License-Identifier: MIT
# What the README shows.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# block NUMBER: that block of code between ``` and ``` of the README's twelve lines.
function block {
	awk -v n="$1" '/^## / { on = /Twelve lines/; at = 0 } on && /^```/ { at++; next }
		on && at == 2 * n - 1' "$ROOT/README.md"
}

the_twelve_lines_have_the_plan_that_is_shown() {
	mkdir conf.d migrations
	block 1 >conf.d/app.ini
	equal 12 "$(wc -l <conf.d/app.ini)" "lines"
	echo 'CREATE TABLE user (name TEXT);' >migrations/001_users.sql
	echo 'CREATE TABLE post (text TEXT);' >migrations/002_posts.sql
	status 0 "$GROUNDWORK" -c conf.d plan
	equal "$(block 2)" "$(sed "s|$PWD|/srv|g" "$out")" "the plan"
	status 0 "$GROUNDWORK" -c conf.d -- printenv SESSION_KEY
	status 0 "$GROUNDWORK" -c conf.d plan --exit-code
}
