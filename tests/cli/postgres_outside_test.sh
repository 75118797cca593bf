#!/bin/bash
# SPDX-License-Identifier: MIT
# Migrations of a PostgreSQL database that run outside of a transaction.
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

what_runs_outside_of_a_transaction_does() {
	server
	printf -- '-- migrate:up\nCREATE TABLE a(x int);\n' >m/001_a.sql
	printf -- '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON a(x);\nCREATE INDEX CONCURRENTLY j ON a(x);\n' >m/002_b.sql
	status 0 gw apply
	equal '001 002' "$(applied)"
	printf -- '-- migrate:up\nCREATE TABLE b(x int);\n' >m/003_b.sql
	printf -- '-- migrate:up\nCREATE INDEX CONCURRENTLY k ON a(x);\n' >m/004_c.sql
	status 100 gw check
	contains "$err" "004_c.sql:2: 'CREATE INDEX CONCURRENTLY"
	status 111 gw apply
	equal '001 002' "$(applied)"
	contains "$err" "004_c.sql:2: 'CREATE INDEX CONCURRENTLY k ON a(x);' cannot run in a transaction"
}

a_migration_of_what_no_transaction_can_have_needs_no_mark() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.up.sql
	echo 'CREATE INDEX CONCURRENTLY i ON a(x);' >m/002_b.up.sql
	status 0 gw apply
	equal '001 002' "$(applied)"
	printf 'ALTER TABLE a ADD y int;\nCREATE INDEX CONCURRENTLY j ON a(y);\n' >m/003_c.up.sql
	status 111 gw apply
	contains "$err" 'move it into a migration of its own'
	equal '001 002' "$(applied)"
}

diesel_says_in_a_file_that_there_is_no_transaction() {
	server
	mkdir m/2024-01-0{1_a,2_b}
	echo 'CREATE TABLE a(x int);' >m/2024-01-01_a/up.sql
	printf 'SET lock_timeout = 1000;\nCREATE INDEX CONCURRENTLY i ON a(x);\n' >m/2024-01-02_b/up.sql
	echo 'run_in_transactions = false' >m/2024-01-02_b/metadata.toml
	status 100 gw check
	contains "$err" "/2024-01-02_b/metadata.toml:1: diesel does not know 'run_in_transactions'"
	echo 'run_in_transaction = false' >m/2024-01-02_b/metadata.toml
	status 0 gw apply
	equal '2024-01-01 2024-01-02' "$(applied)"
}

what_has_begun_and_not_ended_is_an_error_with_advice() {
	server
	echo 'CREATE TABLE a(x int); INSERT INTO a VALUES (1), (1);' >m/001_a.sql
	printf -- '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY i ON a(x);\n' >m/002_b.sql
	status 111 gw apply
	contains "$err" 'could not create unique index'
	contains "$err" 'the next start refuses to run it again'
	contains "$err" '; an invalid index is left, unless another session is building it: DROP INDEX CONCURRENTLY public.i; what'
	contains "$err" "id = 'begun:d/002'"
	status 111 gw apply
	contains "$err" 'd/002 has begun outside of a transaction, and has not ended'
	contains "$err" '; an invalid index is left, unless another session is building it: DROP INDEX CONCURRENTLY public.i; see'
	sql "DROP INDEX i; DELETE FROM a; DELETE FROM public.groundwork_migrations WHERE module = '' AND id = 'begun:d/002'" >/dev/null
	status 0 gw apply
	equal '001 002' "$(applied)"
}

an_invalid_index_of_another_schema_was_not_named() {
	server
	echo 'CREATE SCHEMA "S"; CREATE TABLE "S".a(x int); INSERT INTO "S".a VALUES (1), (1);
		CREATE TABLE p(x int) PARTITION BY RANGE (x); CREATE TABLE q PARTITION OF p DEFAULT; CREATE INDEX ON ONLY p(x);' >m/001_a.sql
	printf -- '-- no-transaction\nSET search_path = "S";\nCREATE INDEX CONCURRENTLY i ON a(x);\nBEGIN;\nSELECT 1 / 0;\nCOMMIT;\n' >m/002_b.sql
	status 111 gw apply
	lacks "$err" 'invalid index'
	sql "DELETE FROM groundwork_migrations WHERE module = ''"
	printf -- '-- no-transaction\nSET search_path = "S";\nCREATE UNIQUE INDEX CONCURRENTLY j ON a(x);\n' >m/002_b.sql
	status 111 gw apply
	contains "$err" 'DROP INDEX CONCURRENTLY "S".j; what'
	lacks "$err" p_x_idx
}

a_role_that_is_set_outside_of_a_transaction_ends_with_its_migration() {
	server
	printf -- '-- no-transaction\nCREATE ROLE other;\nCREATE TEMPORARY TABLE gone(x int);\nSET ROLE other;\nSET SESSION AUTHORIZATION other;\n' >m/001_a.sql
	printf -- '-- no-transaction\nCREATE TEMPORARY TABLE gone(x int);\nVACUUM pg_class;\n' >m/002_b.sql
	status 0 gw apply
	equal '001 002' "$(applied)"
}

transactions_of_a_migration_outside_of_one_are_its_own() {
	server 'schema = public'
	printf -- '-- no-transaction\nBEGIN;\nCREATE TABLE a(x int);\nINSERT INTO a VALUES (1);\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON a(x);\nSTART TRANSACTION;\nINSERT INTO a VALUES (2);\nEND;\n' >m/001_a.sql
	status 0 gw apply
	equal 001 "$(applied)"
	printf -- '-- no-transaction\nBEGIN;\nCREATE TABLE b(x int);\nINSERT INTO b VALUES (1/0);\nCOMMIT;\n' >m/002_b.sql
	status 111 gw apply
	contains "$err" "002_b.sql:4: 'INSERT INTO b VALUES (1/0);': division by zero"
	equal 0 "$(sql "SELECT count(*) FROM pg_tables WHERE tablename = 'b'")"
	printf -- '-- no-transaction\nCOMMIT;\nBEGIN;\nBEGIN;\n' >m/002_b.sql
	status 100 gw check
	for place in 2:1 3:1 4:1; do
		contains "$err" "002_b.sql:$place: "
	done
	contains "$err" 'outside of a transaction each BEGIN has one COMMIT behind it'
}

a_plan_said_that_what_had_begun_would_be_applied() {
	server
	echo 'CREATE TABLE a(x int); INSERT INTO a VALUES (1), (1);' >m/001_a.sql
	printf -- '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY i ON a(x);\n' >m/002_b.sql
	status 111 gw apply
	status 111 gw --online plan
	contains "$out" 'd/002 has begun outside of a transaction, and has not ended'
	sql 'DROP INDEX i; DELETE FROM a' >/dev/null
	sql "DELETE FROM groundwork_migrations WHERE module = ''" >/dev/null
	printf -- '-- no-transaction\nSELECT pg_sleep(3);\n' >m/002_b.sql
	background "$GROUNDWORK" -c conf apply
	eventually sql "SELECT 1 / count(*) FROM groundwork_migrations WHERE module = ''"
	status 0 gw --online plan
	contains "$out" 'apply 1 of 2 migrations'
	wait "$pid"
}

# behind_pgbouncer [LINE…]: a pooler is between us and the server from now on, with one
# connection for all transactions, and these settings.
function behind_pgbouncer {
	command -v pgbouncer >/dev/null || skip 'pgbouncer is not installed'
	printf '%s\n' '[databases]' "d = host=$PWD user=postgres" '[pgbouncer]' 'auth_type = any' \
		'listen_addr =' 'listen_port = 6432' "unix_socket_dir = $PWD" 'pool_mode = transaction' >pooler.ini
	((EUID != 0)) || echo 'user = postgres' >>pooler.ini
	(($# == 0)) || printf '%s\n' "$@" >>pooler.ini
	background pgbouncer -q pooler.ini
	eventually test -S .s.PGSQL.6432
	sed -i "/^url = /s,\$,\&port=6432," conf/10.ini
}

no_settings_are_left_to_other_clients_of_a_pooler() {
	server 'schema = shop'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	printf -- '-- no-transaction\nINSERT INTO shop.a VALUES (1);\n' >m/002_b.sql
	on_postgres 'CREATE DATABASE d'
	behind_pgbouncer
	status 111 gw apply
	contains "$err" "/m/002_b.sql: \`schema\` does not hold outside of a transaction behind a pooler"
	equal 001 "$(PGOPTIONS='-c search_path=shop' psql -XAtq "$url" -c "SELECT id FROM groundwork_migrations WHERE module <> ''")"
	status 111 gw --online --rehearse plan
	contains "$out" "/m/002_b.sql: \`schema\` does not hold"
	on_postgres 'ALTER ROLE postgres SET search_path = shop'
	printf -- '-- no-transaction\nSET lock_timeout = 1000;\nINSERT INTO a VALUES (1);\n' >m/002_b.sql
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" >ended.log
	status 111 gw apply
	contains "$err" "/m/002_b.sql:2: 'SET lock_timeout = 1000;' does not hold"
	printf -- '-- no-transaction\nBEGIN;\nSET LOCAL lock_timeout = 1000;\nINSERT INTO a VALUES (1);\nCOMMIT;\n' >m/002_b.sql
	status 0 gw apply
	equal 1 "$(sql 'SELECT x FROM shop.a')"
}

a_pool_of_one_connection_was_waited_for_without_end() {
	server
	on_postgres 'CREATE DATABASE d'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	behind_pgbouncer 'default_pool_size = 1'
	status 111 timeout 30 "$GROUNDWORK" -c conf --timeout 2s apply
	contains "$err" 'a migration needs two connections, of which one holds the lock'
}
