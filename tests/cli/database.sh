# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What tests of migrations share; to be sourced behind lib.sh.

# one_database [LINE…]: the database d.db with the migrations of m/, and further keys.
one_database() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' "$@" | drop_in 10.ini
	mkdir -p m
}

# sql TEXT [DATABASE]: as the shell of SQLite runs it and prints its rows.
sql() {
	sqlite3 -bail "${2:-d.db}" "$1"
}
