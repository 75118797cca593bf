#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database` with `url`: a database of a real PostgreSQL server, in a socket of ours.
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

a_database_is_created_and_upgraded() {
	server
	echo 'CREATE TABLE a(x int); INSERT INTO a VALUES (1);' >m/001_a.sql
	cat >m/002_b.sql <<-'SQL'
		-- a comment; it is none
		CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $f$
		BEGIN
			RETURN 'it''s; ' || E'\'; ' || $$;$$;
		END $f$;
		DO $$ BEGIN RAISE NOTICE 'done; so far'; END $$;
	SQL
	status 2 gw --online --exit-code plan
	contains "$out" "create the database 'postgres://$PWD/d' with 2 migrations"
	status 0 gw apply
	contains "$err" "created 'postgres://$PWD/d' with 2 migrations"
	contains "$err" 'done; so far'
	equal "it's; '; ;" "$(sql 'SELECT f()')"
	status 0 gw apply
	contains "$err" "has all 2 migrations"
	echo 'ALTER TABLE a ADD y text;' >m/010_c.sql
	status 0 gw --online plan
	contains "$out" 'apply 1 of 3 migrations'
	status 0 gw apply
	contains "$err" 'applied 1 migration to'
	equal '001 002 010' "$(applied)"
}

a_plan_asks_nobody_unless_it_is_online() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw plan
	contains "$out" '? database:d'
	contains "$out" 'plan --online'
	as_postgres pg_ctl -D data -m immediate stop >stopped.log
	status 0 gw plan
	status 0 gw --online plan
	contains "$out" 'No such file or directory'
}

an_error_names_file_line_and_column() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	printf "CREATE TABLE b(x int);\n\nINSERT INTO b\n  VALUES (1), ('ä', nonsense);\n" >m/002_b.sql
	status 111 gw apply
	contains "$err" "/m/002_b.sql:4:22: 'INSERT INTO b VALUES (1), ('ä', nonsense);': column \"nonsense\" does not exist (42703)"
	equal 001 "$(applied)"
	equal 0 "$(sql "SELECT count(*) FROM pg_class WHERE relname = 'b'")"
	printf 'CREATE TABLE b(x int UNIQUE);\nINSERT INTO b VALUES (1);\nINSERT INTO b VALUES (1);\n' >m/002_b.sql
	status 111 gw apply
	contains "$err" "/m/002_b.sql:3: 'INSERT INTO b VALUES (1);': duplicate key"
}

what_only_psql_reads_is_refused_by_check() {
	server
	printf 'CREATE TABLE a(x int);\n\\i other.sql\nCOPY a FROM stdin;\n1\n\\.\n' >m/001_a.sql
	status 100 gw check
	contains "$err" "001_a.sql:2:1: '\\i' is a command of psql"
	contains "$err" '001_a.sql:3:1: COPY cannot be used in a migration'
}

with_all_nothing_of_several_is_left() {
	server 'transaction = all'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	echo 'CREATE TABLE a(x int);' >m/002_b.sql
	status 111 gw apply
	equal '' "$(applied)"
	equal 0 "$(sql "SELECT count(*) FROM pg_class WHERE relname = 'a'")"
	echo 'CREATE TABLE b(x int);' >m/002_b.sql
	status 0 gw apply
	equal '001 002' "$(applied)"
}

settings_of_a_migration_do_not_reach_the_next() {
	server 'schema = shop'
	cat >m/001_a.sql <<-'END'
		BEGIN;
		SET statement_timeout = 1;
		SET statement_timeout = 0;
		SELECT pg_catalog.set_config('search_path', '', false);
		CREATE ROLE other;
		CREATE TEMPORARY TABLE gone(x int);
		COMMIT;
	END
	echo 'CREATE TABLE a(x int); CREATE TEMPORARY TABLE gone(x int);' >m/002_b.sql
	status 0 gw apply
	url=$url\&options=-csearch_path%3Dshop
	equal '001 002' "$(applied)"
	equal shop "$(sql "SELECT schemaname FROM pg_tables WHERE tablename = 'a'")"
}

what_runs_outside_of_a_transaction_does() {
	server
	printf -- '-- migrate:up\nCREATE TABLE a(x int);\n' >m/001_a.sql
	printf -- '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON a(x);\nCREATE INDEX CONCURRENTLY j ON a(x);\n' >m/002_b.sql
	status 0 gw apply
	equal '001 002' "$(applied)"
	printf -- '-- migrate:up\nCREATE INDEX CONCURRENTLY k ON a(x);\n' >m/003_c.sql
	status 111 gw apply
	contains "$err" "003_c.sql:2: 'CREATE INDEX CONCURRENTLY k ON a(x);' cannot run in a transaction"
}

what_has_begun_and_not_ended_is_an_error_with_advice() {
	server
	echo 'CREATE TABLE a(x int); INSERT INTO a VALUES (1), (1);' >m/001_a.sql
	printf -- '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY i ON a(x);\n' >m/002_b.sql
	status 111 gw apply
	contains "$err" 'could not create unique index'
	status 111 gw apply
	contains "$err" 'd/002 has begun outside of a transaction, and has not ended'
	contains "$err" 'invalid indexes are: i'
	sql "DROP INDEX i; DELETE FROM a; DELETE FROM public.groundwork_migrations WHERE module = '' AND id = 'begun:d/002'" >/dev/null
	status 0 gw apply
	equal '001 002' "$(applied)"
}

many_starts_apply_each_migration_once() {
	server
	for i in $(seq 10 30); do
		echo "CREATE TABLE t$i(x int); INSERT INTO t$i VALUES ($i);" >"m/${i}_t.sql"
	done
	for i in $(seq 8); do
		"$GROUNDWORK" -c conf apply >"$i.log" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || fail "one has failed: $(cat ./*.log)"
	done
	equal "$(seq -s ' ' 10 30)" "$(applied)"
	equal 1 "$(sql 'SELECT count(*) FROM t30')"
}

a_stop_cancels_the_statement() {
	server
	echo 'CREATE TABLE a(x int); SELECT pg_sleep(60);' >m/001_a.sql
	"$GROUNDWORK" -c conf apply >log 2>&1 &
	pid=$!
	eventually sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND state = 'active'"
	kill -TERM "$pid"
	wait "$pid" && fail 'it has ended well' || code=$?
	equal 143 "$code"
	equal 0 "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()")"
	equal '' "$(applied)"
}

a_server_that_comes_late_is_waited_for() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	as_postgres pg_ctl -D data -m immediate stop >stopped.log
	"$GROUNDWORK" -c conf --timeout 50 apply >log 2>&1 &
	pid=$!
	sleep 1
	kill -0 "$pid" || fail "it has ended: $(<log)"
	begin_server
	wait "$pid" || fail "it has failed: $(<log)"
	equal 001 "$(applied)"
}

a_wrong_password_is_no_reason_to_wait() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	sql "CREATE ROLE app LOGIN PASSWORD 'right'"
	echo 'local all all scram-sha-256' >data/pg_hba.conf
	as_postgres pg_ctl -D data reload >reload.log
	printf '%s\n' '[database:d]' "url = postgres://app:wrongpassword@/d?host=$PWD" 'migrations = ../m' |
		drop_in 10.ini
	status 111 gw -v --report report.json apply
	contains "$err" 'password authentication failed for user "app" (28P01)'
	lacks "$err" wrongpassword
	lacks report.json wrongpassword
}

a_ledger_of_another_tool_is_taken_over() {
	server 'adopt = dbmate'
	printf -- '-- migrate:up\nCREATE TABLE a(x int);\n-- migrate:down\nDROP TABLE a;\n' >m/001_a.sql
	printf -- '-- migrate:up\nCREATE TABLE b(x int);\n-- migrate:down\nDROP TABLE b;\n' >m/002_b.sql
	on_postgres 'CREATE DATABASE d'
	sql "CREATE TABLE schema_migrations(version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('001'); CREATE TABLE a(x int)"
	status 0 gw apply
	contains "$err" 'from dbmate'
	equal '001 002' "$(applied)"
}

tables_without_a_ledger_are_refused() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	on_postgres 'CREATE DATABASE d'
	sql 'CREATE TABLE theirs(x int)'
	status 111 gw apply
	contains "$err" 'it has tables but no ledger'
	contains "$err" 'adopt = baseline:VERSION'
}

keys_of_sqlite_are_refused_beside_url() {
	printf '%s\n' '[database:d]' 'url = postgres://db/app' 'journal_mode = delete' 'migrations = ../m' |
		drop_in 10.ini
	mkdir m
	status 100 gw check
	contains "$err" 'journal_mode: is of SQLite'
	printf '%s\n' '[database:d]' 'path = d.db' 'schema = x' 'migrations = ../m' | drop_in 10.ini
	status 100 gw check
	contains "$err" 'schema: is of a server'
	printf '%s\n' '[database:d]' 'migrations = ../m' | drop_in 10.ini
	status 100 gw check
	contains "$err" "lacks the key 'path'"
}

a_rehearsal_is_rolled_back() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	echo 'CREATE TABLE b(x int); INSERT INTO b VALUES (1);' >m/002_b.sql
	status 0 gw --online --rehearse plan
	contains "$out" 'its SQL was tried in a transaction that was rolled back'
	equal 0 "$(sql "SELECT count(*) FROM pg_tables WHERE tablename = 'b'")"
	echo 'INSERT INTO a VALUES (1); INSERT INTO a VALUES (1 / 0);' >m/002_b.sql
	status 0 gw --online plan
	status 111 gw --online --rehearse plan
	contains "$out" 'division by zero (22012)'
	equal 0 "$(sql 'SELECT count(*) FROM a')"
}

# What `check` cannot know is not judged, and not taken for SQLite's.
a_url_that_is_not_known_yet_is_still_a_servers() {
	# The program expands it.
	# shellcheck disable=SC2016
	printf '%s\n' '[database:d]' 'url = ${DATABASE_URL}' 'owner = nobody_of_this_system' 'create = yes' \
		'migrations = ../m' | drop_in 10.ini
	mkdir m
	echo 'CREATE TABLE a(x int GENERATED ALWAYS AS IDENTITY); SELECT $$;$$;' >m/001_a.sql
	echo 'CREATE TABLE sqlite(x);' >m/002_b.sqlite.sql
	status 0 gw check
	status 100 gw plan
	contains "$out" 'url: DATABASE_URL is not set'
	DATABASE_URL=postgres://db/app status 0 gw plan
	contains "$out" 'there is 1 migration'
	DATABASE_URL=mysql://db/app status 100 gw plan
	contains "$out" '[database:d] url: is no address of a server that we know'
}

# Migrations 100 to 199, a table each.
function hundred {
	local i
	for i in $(seq 100 199); do
		echo "CREATE TABLE t$i(x int); INSERT INTO t$i VALUES ($i);" >"m/${i}_t.sql"
	done
}

starts_that_are_killed_leave_what_the_next_completes() {
	server
	hundred
	for i in $(seq 12); do
		"$GROUNDWORK" -c conf apply >"$i.log" 2>&1 &
		pid=$!
		sleep "0.0$((i * 7 % 10))5"
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		# Each row has its table, and each table its row; before the first, there is neither.
		found=$(sql "SELECT (SELECT count(*) FROM pg_tables WHERE tablename LIKE 't1__') =
			(SELECT count(*) FROM groundwork_migrations WHERE module <> '')" 2>error) ||
			found=$(grep -qE 'database "d"|"groundwork_migrations"' error && echo t)
		equal t "$found"
	done
	status 0 gw apply
	equal "$(seq -s ' ' 100 199)" "$(applied)"
}

a_server_that_is_restarted_meanwhile_is_gone_on_with() {
	server
	hundred
	sed -i '1i SELECT pg_sleep(0.005);' m/*.sql
	"$GROUNDWORK" -c conf apply >log 2>&1 &
	pid=$!
	eventually sql 'SELECT 1 FROM t120'
	as_postgres pg_ctl -D data -m immediate stop >stopped.log
	begin_server
	wait "$pid" || fail "it has failed: $(<log)"
	equal "$(seq -s ' ' 100 199)" "$(applied)"
}
