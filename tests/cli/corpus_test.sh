#!/bin/bash
# SPDX-License-Identifier: MIT
# Migrations made by chance, in the form of each tool, against the sqlite3 shell (corpus.py).
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# corpus TOOL: a few seeds, or with SEEDS so many.
function corpus {
	local rc=0
	python3 "$ROOT/tests/cli/corpus.py" "$GROUNDWORK" "$1" 1 "${SEEDS:-5}" >"$out" 2>&1 || rc=$?
	[[ $rc != 77 ]] || skip "this Python has no SipHash-1-3"
	[[ $rc == 0 ]] || fail "$(<"$out")"
}

dbmate_makes_the_same() {
	corpus dbmate
}

golang_migrate_makes_the_same() {
	corpus golang-migrate
}

goose_makes_the_same() {
	corpus goose
}

sqlx_makes_the_same() {
	corpus sqlx
}

diesel_makes_the_same() {
	corpus diesel
}

refinery_makes_the_same() {
	corpus refinery
}

flyway_makes_the_same() {
	corpus flyway
}

prisma_makes_the_same() {
	corpus prisma
}

drizzle_makes_the_same() {
	corpus drizzle
}

d1_makes_the_same() {
	corpus d1
}

sql_migrate_makes_the_same() {
	corpus sql-migrate
}
