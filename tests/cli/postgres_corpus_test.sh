#!/bin/bash
# SPDX-License-Identifier: MIT
# Migrations of PostgreSQL made by chance, in the form of each tool, against psql (postgres_corpus.py).
# A server here has no further keys.
# shellcheck disable=SC2119
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

# corpus TOOL: 20 migrations, or with MIGRATIONS so many; SEED makes others.
function corpus {
	server
	PGHOST=$PWD python3 "$ROOT/tests/cli/postgres_corpus.py" "$GROUNDWORK" "$1" \
		"${MIGRATIONS:-20}" "${SEED:-1}" >"$out" 2>"$err" || fail "$(<"$out")"
}

dbmate_makes_the_same() {
	corpus dbmate
}

goose_makes_the_same() {
	corpus goose
}

sqlx_makes_the_same() {
	corpus sqlx
}

golang_migrate_makes_the_same() {
	corpus golang-migrate
}

flyway_makes_the_same() {
	corpus flyway
}

diesel_makes_the_same() {
	corpus diesel
}

prisma_makes_the_same() {
	corpus prisma
}
