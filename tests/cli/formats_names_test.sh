#!/bin/bash
# SPDX-License-Identifier: MIT
# Which files of a directory are migrations, and in which order they go.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function gw {
	"$GROUNDWORK" -c conf "$@"
}

# one_database [KEY…]: further lines of its section.
function one_database {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' "$@" | drop_in 10.ini
	mkdir -p m
}

# sql TEXT [DATABASE]
function sql {
	sqlite3 -bail "${2:-d.db}" "$1"
}

function ids {
	sql 'SELECT id FROM groundwork_migrations ORDER BY rowid' | tr '\n' ' '
}

# put FILE TEXT: in m.
function put {
	mkdir -p "$(dirname "m/$1")"
	printf '%s\n' "$2" >"m/$1"
}

# ---- exclude, dialect ----

a_snapshot_is_excluded_by_the_line_that_the_error_proposes() {
	local line
	one_database
	put 1_a.sql 'CREATE TABLE a (x);'
	put LATEST.sql 'CREATE TABLE a (x);'
	put schema.sql 'CREATE TABLE a (x);'
	status 100 gw apply
	line=$(sed -n '/LATEST.sql: /s/.*`\(exclude = [^`]*\)`.*/\1/p' "$err")
	equal 'exclude = LATEST.sql schema.sql' "$line"
	one_database "$line"
	status 0 gw apply
	equal '1 ' "$(ids)"
}

exclude_of_a_contributor() {
	one_database
	put 1_a.sql 'CREATE TABLE a (x);'
	mkdir more
	echo 'CREATE TABLE b (x);' >more/1_b.sql
	echo 'CREATE TABLE c (x);' >more/2_c.wip.sql
	printf '%s\n' '[migrations:more]' 'database = d' 'path = ../more' 'exclude = *.wip.sql' |
		drop_in 20.ini
	status 0 gw apply
	equal '1 1 ' "$(ids)"
}

a_glob_is_the_name_of_a_file() {
	one_database 'exclude = old/*.sql'
	put 1_a.sql 'SELECT 1;'
	status 100 gw check
	matches "$err" "10.ini:4: \[database:d\] exclude: 'old/\*.sql' has a slash"
}

files_for_other_databases_are_left_out_and_logged() {
	one_database
	put 1_a.sql 'CREATE TABLE a (x);'
	put 2_b.postgres.sql 'DROP TABLE a;'
	put 2_b.sql 'DROP TABLE a;'
	put 2_b.sqlite.sql 'INSERT INTO a VALUES (1);'
	put 3_c.mysql.sql 'DROP TABLE a;'
	status 0 gw apply
	equal '1 2 ' "$(ids)"
	equal 1 "$(sql 'SELECT x FROM a')"
	equal "'$PWD/conf/../m': left out, since it is not for sqlite: 2_b.postgres.sql, 2_b.sql, 3_c.mysql.sql" \
		"$(grep -o "'.*left out.*" "$err")" "once"
}

the_dialect_says_whose_files_are_read() {
	one_database 'dialect = h2'
	put 1_a.sql 'CREATE TABLE a (x);'
	put 2_b.h2.sql 'INSERT INTO a VALUES (2);'
	put 2_b.sqlite.sql 'DROP TABLE a;'
	status 0 gw apply
	equal 2 "$(sql 'SELECT x FROM a')"
	one_database 'dialect = sqlit'
	status 100 gw check
	matches "$err" "10.ini:4: .*dialect: .*did you mean 'sqlite'"
}

a_directory_of_directories_names_ours() {
	one_database
	put sqlite/1_a.sql 'CREATE TABLE a (x);'
	put postgres/1_a.sql 'CREATE TABLE a (x);'
	status 100 gw apply
	matches "$err" "10.ini:1: there is no migration in '.*/m', but in '.*/m/sqlite': write that path"
}

# ---- ledgers of former versions ----

# A version was cut at its second dash, and the rest of it was the name.
a_ledger_of_a_former_version_stays_valid() {
	one_database
	put 2023-10-06-10000_x/up.sql 'CREATE TABLE a (x);'
	put 2024-01-31-120000_y/up.sql 'CREATE TABLE b (x);'
	status 0 gw apply
	sql "UPDATE groundwork_migrations SET id = '2023-10-06', name = '10000_x'
		WHERE id = '2023-10-06-10000'"
	status 0 gw plan --exit-code
	lacks "$err" unknown
	lacks "$err" 'not among our'
	put 2024-02-01_z/up.sql 'CREATE TABLE c (x);'
	status 0 gw apply
	equal '2023-10-06 2024-01-31-120000 2024-02-01 ' "$(ids)"
}
