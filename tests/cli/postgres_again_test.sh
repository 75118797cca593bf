#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database` with `url`: what is tried again, what is waited for, and for how long.
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

a_migration_that_ends_its_connection_ran_until_the_timeout() {
	server 'transaction = each'
	echo 'CREATE SEQUENCE s;' >m/001_a.sql
	echo "SELECT nextval('s'); SELECT pg_terminate_backend(pg_backend_pid());" >m/002_b.sql
	status 111 gw apply
	contains "$err" 'the connection was lost 5 times in d/002, which is not run again'
	equal 5 "$(sql 'SELECT last_value FROM s')"
	equal 001 "$(applied)"
}

# What would wait for ever, or for ten times its lock_timeout, for the lock of who migrates.
# It is no retry of the step: that would begin with all it does.
a_connection_that_is_lost_once_is_made_again() {
	server 'transaction = each' 'retries = 0'
	echo 'CREATE SEQUENCE s;' >m/001_a.sql
	echo "SELECT CASE nextval('s') WHEN 1 THEN pg_terminate_backend(pg_backend_pid()) END;" >m/002_b.sql
	status 0 gw apply
	contains_once "$err" 'the ledger says how far it came: again'
	equal '001 002' "$(applied)"
}

# The COMMIT of one whose connection was lost comes late, while the next one runs the same.
a_migration_that_another_has_committed_meanwhile_is_done() {
	local holder
	server 'transaction = each'
	echo 'CREATE TABLE held(x int);' >m/001_a.sql
	echo 'LOCK TABLE held; CREATE TABLE b(x int);' >m/002_b.sql
	status 0 gw apply
	sql "COPY (SELECT * FROM groundwork_migrations WHERE id = '002') TO STDOUT" >row
	sql "DELETE FROM groundwork_migrations WHERE id = '002'"
	sql 'DROP TABLE b'
	hold held 30
	holder=$pid
	background "$GROUNDWORK" -c conf apply
	eventually sql "SELECT 1 / count(*) FROM pg_locks WHERE relation = 'held'::regclass AND NOT granted"
	sql 'CREATE TABLE b(x int)'
	psql -XAtqv ON_ERROR_STOP=1 "$url" -c 'COPY groundwork_migrations FROM STDIN' <row
	kill "$holder"
	sql "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'held'::regclass AND granted"
	wait "$pid" || fail "it has failed"
	equal '001 002' "$(applied)"
}

a_migration_of_all_tables_waited_for_our_own_lock() {
	server 'lock_timeout = 1s'
	echo 'CREATE TABLE a(x int PRIMARY KEY);' >m/001_a.sql
	printf -- '-- no-transaction\nVACUUM FULL;\nREINDEX SCHEMA CONCURRENTLY public;\n' >m/002_b.sql
	echo 'LOCK TABLE groundwork_migrations;' >m/003_c.sql
	status 0 timeout 20 "$GROUNDWORK" -c conf apply
	lacks "$err" again
	equal '001 002 003' "$(applied)"
}

# refused [WHAT]: the log has too many connections, behind the first line of it, or of WHAT.
function refused {
	sed "1,/${1-.}/d" data/log | grep -q 'too many connections for database'
}

# What was to be done counted as nothing then, which no later loss was further than.
a_server_that_is_lost_before_the_lock_is_waited_for_anew_later() {
	server 'transaction = each'
	on_postgres 'CREATE ROLE app LOGIN' 'CREATE DATABASE d OWNER app CONNECTION LIMIT 1'
	sed -i 's,//postgres@,//app@,' conf/10.ini
	echo 'CREATE SEQUENCE s; SELECT pg_sleep(9);' >m/001_a.sql
	echo "SELECT CASE nextval('s') WHEN 1 THEN pg_terminate_backend(pg_backend_pid()) END;
		ALTER DATABASE d CONNECTION LIMIT 0;" >m/002_b.sql
	echo "SELECT CASE nextval('s') WHEN 3 THEN pg_terminate_backend(pg_backend_pid()) END;" >m/003_c.sql
	background "$GROUNDWORK" --timeout 8 -c conf apply 2>log
	eventually refused
	on_postgres 'ALTER DATABASE d CONNECTION LIMIT -1'
	eventually refused 'CASE.*WHEN 3'
	on_postgres 'ALTER DATABASE d CONNECTION LIMIT -1'
	wait "$!" || fail "$(<log)"
	equal '001 002 003' "$(applied)"
}

# PostgreSQL calls it 0, and takes no -1.
a_timeout_of_none_is_none_of_the_server_s_either() {
	server 'lock_timeout = none' 'statement_timeout = none'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	printf -- '-- no-transaction\nVACUUM;\n' >m/002_b.sql
	status 0 gw apply
	equal '001 002' "$(applied)"
}

who_waits_for_another_start_says_for_which() {
	server 'transaction = each'
	echo 'CREATE TABLE a(x int); SELECT pg_sleep(5);' >m/001_a.sql
	background "$GROUNDWORK" -c conf apply
	eventually sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid() AND state = 'active'"
	pid=$(sql "SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
	status 0 gw apply
	contains "$err" "another process migrates it: process $pid of 'postgres' (groundwork), idle in transaction for 00:00:0"
	wait
}

who_has_the_lock_past_the_deadline_is_in_the_error() {
	local class number holder
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	# What the next one waits for is taken until its own lock was seen.
	hold a 30
	holder=$pid
	echo 'ALTER TABLE a ADD y int;' >m/002_b.sql
	background "$GROUNDWORK" -c conf apply
	eventually sql "SELECT 1 / count(*) FROM pg_locks WHERE locktype = 'advisory'"
	IFS='|' read -r class number < <(sql "SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory'")
	kill "$holder"
	sql "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'a'::regclass AND granted"
	wait "$pid"
	sql 'CREATE ROLE evil LOGIN'
	PGAPPNAME=app background psql -XAtq "${url/postgres@/evil@}" -c "SELECT pg_sleep(20) FROM
		(SELECT pg_advisory_lock(($class::bigint << 32) | $number)) AS has"
	eventually sql "SELECT 1 / count(*) FROM pg_locks WHERE locktype = 'advisory'"
	echo 'CREATE TABLE b(x int);' >m/003_c.sql
	status 111 gw --deadline 3 apply
	contains "$err" "it waited for the lock of another: process"
	contains "$err" "of 'evil' (app)"
	kill "$pid"
}

# hold TABLE SECONDS: a transaction of another that has its lock, which is taken on return.
function hold {
	background sql "BEGIN; LOCK TABLE $1; SELECT pg_sleep($2);"
	eventually sql "SELECT 1 / count(*) FROM pg_locks WHERE relation = '$1'::regclass AND granted AND pid <> pg_backend_pid()"
}

with_all_a_lock_was_not_tried_for_again() {
	server 'lock_timeout = 100ms' 'transaction = all'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	hold a 2
	echo 'CREATE TABLE b(x int);' >m/002_b.sql
	echo 'ALTER TABLE a ADD y int;' >m/003_c.sql
	status 0 gw apply
	contains "$err" 'd/003 does not get a lock within lock_timeout, and is tried again'
	equal '001 002 003' "$(applied)"
}

who_waits_for_a_lock_says_who_has_it() {
	server 'lock_timeout = 100ms'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	hold a 2
	echo 'ALTER TABLE a ADD y int;' >m/002_b.sql
	status 0 gw apply
	contains "$err" "of 'postgres' (psql), active for 00:00:0"
	contains "$err" ': public.a'
	contains "$err" 'and is tried again; locks of tables have: process'
	equal '001 002' "$(applied)"
}

outside_of_a_transaction_no_timeout_held() {
	server 'lock_timeout = 100ms' 'statement_timeout = 3s'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	hold a 2
	printf -- '-- no-transaction\nALTER TABLE a ADD y int;\nCREATE TABLE b(x int);\n' >m/002_b.sql
	# It waits for others, and nobody for it; and it would leave an invalid index.
	printf -- '-- no-transaction\nCREATE INDEX CONCURRENTLY ON a(x);\n' >m/003_c.sql
	status 0 gw apply
	contains "$err" 'd/002 does not get a lock within lock_timeout, and is tried again'
	lacks "$err" 'd/003 does not'
	equal '001 002 003' "$(applied)"
	printf -- '-- no-transaction\nSELECT pg_sleep(20);\n' >m/004_d.sql
	status 111 gw apply
	contains "$err" 'm/004_d.sql:2: '
	contains "$err" 'canceling statement due to statement timeout (57014)'
}

an_index_that_is_made_concurrently_waits_longer_than_lock_timeout() {
	server 'lock_timeout = 100ms'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	hold a 2
	echo 'CREATE INDEX CONCURRENTLY ON a(x);' >m/002_b.sql
	status 0 gw apply
	lacks "$err" again
	equal '001 002' "$(applied)"
}

rows_that_nobody_reads_were_too_many() {
	server 'lock_timeout = 1s'
	echo 'SELECT i FROM generate_series(1, 1000001) i;' >m/001_a.sql
	status 0 gw apply
	equal 001 "$(applied)"
}

what_the_user_may_not_do_says_what_to_do() {
	server 'lock_timeout = 1s'
	on_postgres 'CREATE DATABASE d' 'CREATE ROLE app LOGIN'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	sed -i 's,//postgres@,//app@,' conf/10.ini
	status 111 gw apply
	contains "$err" "create the ledger: permission denied for schema public (42501); GRANT CREATE ON SCHEMA 'public'"
	sql 'ALTER DATABASE d SET default_transaction_read_only = on; ALTER DATABASE d OWNER TO app'
	status 111 gw apply
	contains "$err" '(25006); where the server is a standby'
}

a_full_disk_of_the_server_says_what_to_do() {
	server 'retries = 0'
	# shellcheck disable=SC2016 # PostgreSQL's quotes
	printf '%s\n' 'DO $$ BEGIN RAISE EXCEPTION' "'could not extend file: No space left on device'" \
		"USING ERRCODE = '53100'; END \$\$;" >m/001_a.sql
	status 111 gw apply
	contains "$err" "(53100)"
	contains "$err" "; the server's disk is full: make room there and start again"
}

one_connection_is_too_few_and_says_so() {
	server 'lock_timeout = 1s'
	on_postgres 'CREATE ROLE app LOGIN CONNECTION LIMIT 1' 'CREATE DATABASE d OWNER app'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	sed -i 's,//postgres@,//app@,' conf/10.ini
	status 111 gw --timeout 3 apply
	contains "$err" '(53300); a migration needs two connections, of which one holds the lock'
}
