# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# dbmate, from npm, below build/bench. What sources it has set `work`, a directory.

dbmate=''

# find_dbmate: sets `dbmate`; what cannot be installed is left out, with a message.
find_dbmate() {
	local found
	if ! compgen -G 'build/bench/node_modules/@dbmate/*/bin/dbmate' >/dev/null; then
		command -v npm >/dev/null || { echo "dbmate is left out: no npm here" >&2; return; }
		mkdir -p build/bench
		# shellcheck disable=SC2154 # as said
		npm install --prefix build/bench --no-audit --no-fund --silent dbmate \
			>"$work/npm" 2>&1 || true
	fi
	# The program itself: what npm links to starts node first.
	found=$(compgen -G 'build/bench/node_modules/@dbmate/*/bin/dbmate' | head -n 1) ||
		{ echo "dbmate is left out: npm could not install it: $(tail -n 1 "$work/npm")" >&2
			return; }
	# shellcheck disable=SC2034 # the caller's
	dbmate=$(realpath "$found")
}
