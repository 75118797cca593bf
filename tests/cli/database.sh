# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What tests of migrations share; to be sourced behind lib.sh.

# one_database [LINE…]: the database d.db with the migrations of m/, and further keys.
one_database() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' "$@" | drop_in 10.ini
	mkdir -p m
}

# one_migration: the same with a first one.
one_migration() {
	one_database '# no further key'
	echo 'CREATE TABLE one (a);' >m/001_one.sql
}

# sql TEXT [DATABASE]: as the shell of SQLite runs it, which waits for locks for 5 s; words of
# a row have a space between them. Without a database it is $database_file, or d.db.
sql() {
	sqlite3 -bail -cmd '.timeout 5000' -separator ' ' -nullvalue None \
		"${2:-${database_file:-d.db}}" "$1"
}
