#!/bin/bash
# SPDX-License-Identifier: MIT
# A server of PostgreSQL, or whoever answers in its place, that sends what no server should.
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

# behind_proxy: postgres_proxy.py is between us and the server from now on, and does what the
# file "fault" says.
function behind_proxy {
	background python3 "$ROOT/tests/cli/postgres_proxy.py" port
	eventually test -s port
	sed -i "s,^url = .*,url = postgres://postgres@127.0.0.1:$(<port)/d?sslmode=disable," conf/10.ini
}

# plan_each: where each answer of a plan in turn is less than it was asked for.
function plan_each {
	local fault at code
	for fault in first none null; do
		for at in 0 1 2 3 4 5; do
			echo "$fault $at" >fault
			code=0
			gw --online plan >out 2>err || code=$?
			((code == 0 || code == 111)) || fail "$fault $at: $code, $(<err)"
			lacks out 'has died'
		done
	done
	echo 'nothing 0' >fault
}

# timeout: 180
an_answer_with_less_than_was_asked_for_crashed() {
	local i
	server 'adopt = auto'
	for i in 1 2 3 4 5 6 7 8 9; do
		echo "CREATE TABLE t$i(x int);" >"m/00${i}_t.sql"
	done
	on_postgres 'CREATE DATABASE d'
	sql 'CREATE TABLE schema_migrations(version bigint primary key, dirty boolean not null)'
	sql 'INSERT INTO schema_migrations VALUES (3, false)'
	behind_proxy
	plan_each
	status 0 gw apply
	plan_each
}

# timeout: 90
notices_without_end_kept_it_past_its_timeout() {
	server 'timeout = 1s'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	on_postgres 'CREATE DATABASE d'
	behind_proxy
	echo 'notices 1' >fault
	status 111 timeout 30 "$GROUNDWORK" -c conf apply
	contains "$err" 'it took longer than its timeout'
}

# Engines that only speak the protocol have the function, and no lock.
a_lock_that_is_none_is_not_trusted() {
	options='-c allow_system_table_mods=on'
	server
	on_postgres 'CREATE DATABASE d'
	sql 'ALTER FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) RENAME TO its_own'
	sql "CREATE FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 111 gw apply
	contains "$err" 'the server has no advisory locks'
	equal 0 "$(sql "SELECT count(*) FROM pg_tables WHERE tablename = 'a'")"
}

what_is_too_large_is_no_reason_to_ask_again() {
	local fault
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	on_postgres 'CREATE DATABASE d'
	behind_proxy
	for fault in notice error; do
		echo "$fault 1" >fault
		status 111 gw apply
		contains "$err" 'the server sends more than there is room for'
	done
}

a_commit_that_was_a_rollback_was_a_success() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	on_postgres 'CREATE DATABASE d'
	behind_proxy
	echo 'rollback 0' >fault
	# It lies: the ledger has the migration.
	status 0 gw apply
	contains "$err" 'commit: the server has rolled it back'
}
