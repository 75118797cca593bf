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

a_column_is_right_behind_statements_without_a_semicolon() {
	server
	printf 'CREATE TABLE a(x int)\n--> statement-breakpoint\nCREATE TABLE b(x int)--> statement-breakpoint\nSELECT 1\n--> statement-breakpoint\nSELECT\nnonsense\n' >m/001_a.sql
	status 111 gw apply
	contains "$err" "/m/001_a.sql:7:1: 'SELECT nonsense': column"
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

with_all_a_migration_outside_of_it_was_found_at_its_turn() {
	server 'transaction = all'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	echo 'CREATE INDEX CONCURRENTLY i ON a(x);' >m/002_b.sql
	status 100 gw check
	contains "$err" '002_b.sql:1: runs outside of a transaction'
}

with_all_an_error_of_several_names_the_key() {
	server 'transaction = all'
	echo "CREATE TYPE e AS ENUM ('a'); CREATE TABLE a(x e);" >m/001_a.sql
	status 0 gw apply
	echo "ALTER TYPE e ADD VALUE 'b';" >m/002_b.sql
	echo "INSERT INTO a VALUES ('b');" >m/003_c.sql
	status 111 gw apply
	contains "$err" '(55P04)'
	contains "$err" "with \`transaction = each\` they are committed first"
	echo 'CREATE TABLE b(x int PRIMARY KEY); CREATE TABLE c(x int REFERENCES b DEFERRABLE INITIALLY DEFERRED);
		INSERT INTO c VALUES (1); INSERT INTO b VALUES (1);' >m/002_b.sql
	echo 'ALTER TABLE c ADD y int;' >m/003_c.sql
	status 111 gw apply
	contains "$err" '(55006)'
	contains "$err" "with \`transaction = each\` they are committed first"
	sed -i s/all/each/ conf/10.ini
	status 0 gw apply
	lacks "$err" committed
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

strings_are_what_they_were_read_as_whatever_the_server_has_set() {
	server
	on_postgres 'CREATE DATABASE d' 'ALTER DATABASE d SET standard_conforming_strings = off'
	cat >m/001_a.sql <<-'END'
		CREATE TABLE a(x text); INSERT INTO a VALUES ('a\nb'), ('c\');
	END
	cat >m/002_b.sql <<-'END'
		INSERT INTO a VALUES ('d\'); -- ');
	END
	for key in each all; do
		status 0 gw --online --rehearse plan
		echo "transaction = $key" >>conf/10.ini
		status 0 gw apply
		equal 'a\nb, c\, d\.' "$(sql "SELECT string_agg(x, ', ') || '.' FROM a")"
		sql 'DROP TABLE a, groundwork_migrations'
		sed -i '/^transaction/d' conf/10.ini
	done
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

a_migration_takes_longer_than_a_server_is_waited_for() {
	server
	echo 'CREATE TABLE a(x int); SELECT pg_sleep(5);' >m/001_a.sql
	background "$GROUNDWORK" -c conf --timeout 2 apply
	eventually sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid() AND state = 'active'"
	status 0 gw --timeout 2 apply
	contains "$err" 'another process migrates it: process'
	wait "$pid"
	equal 001 "$(applied)"
}

# Each is a process of the server's, and with TLS several round trips.
a_start_that_migrates_connects_twice() {
	options='-c log_connections=on' server
	on_postgres 'CREATE DATABASE d'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	equal 2 "$(grep -c 'connection authorized.*application_name=groundwork' data/log)"
	status 0 gw apply
	equal 3 "$(grep -c 'connection authorized.*application_name=groundwork' data/log)"
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

# A key that is new, and is judged beside neither, is one of both on purpose, and listed here.
each_key_is_of_sqlite_or_a_server_or_both() {
	local keys key both=() said
	mapfile -t keys < <("$GROUNDWORK" explain database | sed -n '/^KEYS/,/^And/s/^  \([a-z_]*\) (.*/\1/p')
	for key in "${keys[@]}"; do
		[[ $key != url && $key != path ]] || continue
		printf '%s\n' '[database:d]' 'url = postgres://db/app' "$key = x" | drop_in 10.ini
		said=$("$GROUNDWORK" -c conf check 2>&1 || true)
		[[ $said != *"[database:d] $key: is of SQLite"* ]] || continue
		printf '%s\n' '[database:d]' 'path = d.db' "$key = x" | drop_in 10.ini
		said=$("$GROUNDWORK" -c conf check 2>&1 || true)
		[[ $said == *"[database:d] $key: is of a server"* ]] || both+=("$key")
	done
	equal "adopt dialect drift exclude migrations out_of_order owner placeholders stamp strict unknown" \
		"$(printf '%s\n' "${both[@]}" | sort | xargs)"
}

a_url_without_a_user_says_so_where_there_is_none() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	sed -i 's,//postgres@,//,' conf/10.ini
	((EUID == 0)) || skip 'the user may have a role'
	status 111 gw apply
	contains "$err" "role \"root\" does not exist (28000); \`url\` names no user"
}

rules_with_rows_shifted_the_line_of_an_error() {
	server
	echo 'CREATE TABLE a(x int); CREATE TABLE b(x int); INSERT INTO b VALUES (0);
		CREATE RULE r1 AS ON INSERT TO a DO ALSO SELECT 1; CREATE RULE r2 AS ON INSERT TO a DO ALSO SELECT 2;' >m/001_a.sql
	status 0 gw apply
	printf 'INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nSELECT 1 / x FROM b;\n' >m/002_b.sql
	status 111 gw apply
	contains "$err" "m/002_b.sql:3: 'SELECT 1 / x FROM b;': division by zero"
}

# The server counts letters, or bytes where it knows no encoding; a column is one of the file.
the_place_of_an_error_is_that_in_the_file() {
	local name
	server
	echo "SELECT 'ääää', nope;" >m/001_a.sql
	for name in "UTF8" "SQL_ASCII LOCALE 'C'"; do
		on_postgres 'DROP DATABASE IF EXISTS d' "CREATE DATABASE d TEMPLATE template0 ENCODING $name"
		status 111 gw apply
		contains "$err" 'm/001_a.sql:1:20: '
	done
}

what_another_contributor_may_make_later_is_said() {
	server
	printf '[migrations:z]\ndatabase = d\npath = ../z\n' | drop_in 20.ini
	mkdir z
	echo 'INSERT INTO z VALUES (1);' >m/1_d.sql
	echo 'CREATE TABLE z (z int);' >z/1_z.sql
	status 111 gw apply
	contains "$err" 'relation "z" does not exist'
	contains "$err" "if one makes it that comes later, name it by \`after\`: z"
}
