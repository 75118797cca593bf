#!/bin/bash
# SPDX-License-Identifier: MIT
# The ledger on a PostgreSQL server: where it is, and what others may put in its way.
# Some servers here have no further keys.
# shellcheck disable=SC2119
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

# A role that may do what it wants in the schema public of the database d, and asks for more.
function a_role_of_others {
	on_postgres 'CREATE DATABASE d' "CREATE ROLE evil LOGIN"
	sql 'GRANT ALL ON SCHEMA public TO evil; ALTER SCHEMA public OWNER TO evil'
}

function as_evil {
	PGOPTIONS='-c client_min_messages=error' \
		psql -XAtqv ON_ERROR_STOP=1 "${url/postgres@/evil@}" -c "$1"
}

# CODE makes a function that makes evil a superuser, if it runs with our rights.
CODE="BEGIN BEGIN ALTER ROLE evil SUPERUSER; EXCEPTION WHEN OTHERS THEN NULL; END"

function evil_has_no_rights {
	equal f "$(sql "SELECT rolsuper FROM pg_roles WHERE rolname = 'evil'")" \
		"whether evil is a superuser"
}

a_schema_in_front_of_the_ledger_s_is_no_fresh_one() {
	server
	on_postgres 'CREATE DATABASE d'
	echo 'CREATE TABLE users(x int);' >m/001_users.sql
	echo 'CREATE SCHEMA IF NOT EXISTS postgres;' >m/002_schema.sql
	status 0 gw apply
	for command in apply '--online plan'; do
		# shellcheck disable=SC2086 # its words
		status 111 gw $command
		cat "$out" "$err" >said
		contains said "its ledger is in the schema 'public', and its search_path has 'postgres' in front"
		contains said "schema = public"
	done
	equal 1 "$(sql "SELECT count(*) FROM pg_class WHERE relname = 'users'")"
	printf '%s\n' '[database:d]' "url = $url" 'migrations = ../m' 'schema = public' | drop_in 10.ini
	status 0 gw apply
	contains "$err" 'has all 2 migrations'
}

the_ledger_of_another_tool_is_that_of_the_schema() {
	local id
	server
	on_postgres 'CREATE DATABASE d'
	for id in 1 2; do
		echo "CREATE TABLE t$id(x int);" >m/00${id}_t.up.sql
	done
	sql 'CREATE SCHEMA mine; CREATE TABLE mine.t1(x int); CREATE TABLE mine.t2(x int);
		CREATE TABLE mine.schema_migrations(version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
		INSERT INTO mine.schema_migrations VALUES (2, false);
		CREATE TABLE schema_migrations(version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
		INSERT INTO schema_migrations VALUES (1, false)'
	printf '%s\n' '[database:d]' "url = $url" 'migrations = ../m' 'schema = mine' 'adopt = auto' |
		drop_in 10.ini
	status 0 gw apply
	contains "$err" 'with 2 migrations recorded as applied'
}

a_ledger_beside_an_empty_schema_is_taken_over() {
	server
	on_postgres 'CREATE DATABASE d'
	echo "CREATE TABLE t1(x int);" >m/001_t.up.sql
	sql 'CREATE SCHEMA postgres; CREATE TABLE public.t1(x int);
		CREATE TABLE public.schema_migrations(version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
		INSERT INTO public.schema_migrations VALUES (1, false)'
	printf '%s\n' '[database:d]' "url = $url" 'migrations = ../m' \
		'adopt = golang-migrate:public.schema_migrations' | drop_in 10.ini
	status 0 gw apply
	contains "$err" 'with 1 migration recorded as applied'
}

a_name_that_the_server_would_cut_is_an_error() {
	printf '%s\n' '[database:d]' 'url = postgres://db/app' "schema = $(printf 's%.0s' {1..64})" \
		'migrations = ../m' | drop_in 10.ini
	mkdir m
	status 100 gw check
	contains "$err" 'schema: has 64 bytes, and a name of PostgreSQL at most 63'
}

a_schema_of_the_server_s_own_had_tables_of_another_tool() {
	local name
	for name in pg_catalog information_schema pg_foo; do
		printf '%s\n' '[database:d]' 'url = postgres://db/app' "schema = $name" 'migrations = ../m' |
			drop_in 10.ini
		mkdir -p m
		status 100 gw check
		contains "$err" "[database:d] schema: is the server's own"
	done
	server
	on_postgres 'CREATE DATABASE d'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	for name in pg_catalog pg_toast; do
		sed "s,^url.*,&\&options=-csearch_path=$name," conf/10.ini >conf/20.ini
		status 111 gw -c conf/20.ini apply
		contains "$err" "its search_path begins with '$name', which is the server's own: write \`schema\`"
	done
}

settings_of_the_database_do_not_reach_the_ledger() {
	server
	on_postgres 'CREATE DATABASE d' "ALTER DATABASE d SET bytea_output = 'escape'"
	echo 'CREATE TABLE users(x int);' >m/001_users.sql
	status 0 gw apply
	status 0 gw apply
	contains "$err" 'has its one migration'
}

an_operator_of_others_is_not_run() {
	local type
	server
	a_role_of_others
	for type in name text; do
		as_evil "CREATE FUNCTION cat_$type($type, $type) RETURNS text LANGUAGE plpgsql AS
			'$CODE; RETURN \$1::text || \$2::text; END';
			CREATE OPERATOR public.|| (LEFTARG = $type, RIGHTARG = $type, FUNCTION = cat_$type)" ||
			fail "evil could not plant it"
	done
	echo 'CREATE TABLE users(x int);' >m/001_users.sql
	status 0 gw apply
	status 0 gw apply
	status 0 gw --online plan
	evil_has_no_rights
}

# It fits better than the server's own where a number is beside an oid.
an_operator_of_others_is_not_run_to_name_who_has_the_lock() {
	server
	a_role_of_others
	as_evil "CREATE FUNCTION same(oid, integer) RETURNS boolean LANGUAGE plpgsql AS
		'$CODE; RETURN false; END';
		CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = integer, FUNCTION = same)" ||
		fail "evil could not plant it"
	echo 'CREATE TABLE users(x int); SELECT pg_sleep(5);' >m/001_users.sql
	background "$GROUNDWORK" -c conf apply
	eventually sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND pid <> pg_backend_pid() AND state = 'active'"
	status 0 gw apply
	contains "$err" "another process migrates it: process "
	wait
	evil_has_no_rights
}

what_others_have_made_of_the_ledger_is_refused() {
	local change
	server
	a_role_of_others
	echo 'CREATE TABLE users(x int);' >m/001_users.sql
	status 0 gw apply
	echo 'CREATE TABLE more(x int);' >m/002_more.sql
	sql "CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS '$CODE; RETURN NEW; END'"
	for change in \
		"CREATE TRIGGER t BEFORE INSERT ON groundwork_migrations FOR EACH ROW EXECUTE FUNCTION take()|has triggers" \
		"CREATE RULE r AS ON INSERT TO groundwork_migrations DO ALSO SELECT 1|has rules" \
		"ALTER TABLE groundwork_migrations ENABLE ROW LEVEL SECURITY|has row security" \
		"ALTER TABLE groundwork_migrations ALTER tool SET DEFAULT current_user|has default values" \
		"ALTER TABLE groundwork_migrations DROP CONSTRAINT groundwork_migrations_pkey|has no primary key" \
		"ALTER TABLE groundwork_migrations DROP tool|has other columns" \
		"ALTER TABLE groundwork_migrations OWNER TO evil|belongs to 'evil'"; do
		on_postgres 'DROP DATABASE IF EXISTS spare' 'CREATE DATABASE spare TEMPLATE d'
		printf '%s\n' '[database:d]' "url = ${url/\/d?//spare?}" 'migrations = ../m' | drop_in 10.ini
		PGOPTIONS='-c client_min_messages=error' \
			psql -XAtqv ON_ERROR_STOP=1 "${url/\/d?//spare?}" -c "${change%|*}"
		status 111 gw apply
		contains "$err" "its \"public\".groundwork_migrations is not the ledger"
		contains "$err" "it ${change#*|}"
	done
	evil_has_no_rights
}

a_ledger_of_another_tool_with_types_of_others_is_refused() {
	server 'adopt = auto'
	a_role_of_others
	as_evil "CREATE DOMAIN public.ct AS text;
		CREATE TABLE schema_migrations(version public.ct PRIMARY KEY)"
	printf -- '-- migrate:up\nCREATE TABLE a(x int);\n' >m/001_a.sql
	status 111 gw apply
	contains "$err" "its table 'schema_migrations' is not a ledger that we know"
}

function is_locked {
	[[ $(sql "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted
		AND relation = 'groundwork_migrations'::regclass") == 1 ]]
}

# timeout: 90
a_ledger_that_is_locked_is_no_silence() {
	local holder
	server
	echo 'CREATE TABLE users(x int);' >m/001_users.sql
	status 0 gw apply
	background psql -XAtq "$url" -c 'BEGIN; LOCK TABLE groundwork_migrations;
		SELECT pg_sleep(60)'
	holder=$pid
	eventually is_locked
	status 111 gw --deadline 30 apply
	contains "$err" 'another session has locked that table'
	kill "$holder"
}

a_migration_that_empties_the_ledger_had_all_others_run_again() {
	local text key
	server
	echo 'CREATE TABLE users(x int);' >m/001_users.sql
	status 0 gw apply
	echo 'CREATE TABLE more(x int);' >m/002_more.sql
	for text in 'TRUNCATE users, groundwork_migrations;' 'DELETE FROM groundwork_migrations;' \
		'DROP SCHEMA public CASCADE; CREATE SCHEMA public;' \
		'CREATE RULE r AS ON INSERT TO groundwork_migrations DO INSTEAD NOTHING;' \
		"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
			CREATE TRIGGER t BEFORE INSERT ON groundwork_migrations FOR EACH ROW EXECUTE FUNCTION f();" \
		'ALTER TABLE groundwork_migrations ENABLE ROW LEVEL SECURITY;' \
		'ALTER TABLE groundwork_migrations ADD COLUMN y int DEFAULT 3;'; do
		echo "$text" >m/003_all.sql
		for key in each all; do
			status 111 gw apply
			contains "$err" 'the migration has changed, emptied or dropped the ledger, "public".groundwork_migrations'
			[[ $key == all ]] || contains "$err" 'm/003_all.sql: the migration has'
			echo 'transaction = all' >>conf/10.ini
		done
		sed -i '/^transaction/d' conf/10.ini
		equal '001 002' "$(applied)"
		sql 'SELECT * FROM users, more'
	done
	echo 'TRUNCATE users;' >m/003_all.sql
	status 0 gw apply
	equal '001 002 003' "$(applied)"
}

# Neither the first row nor the last one: it ran again at the next start.
a_migration_that_changes_a_row_of_the_ledger_was_not_seen() {
	local text key
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	echo 'CREATE TABLE b(x int);' >m/002_b.sql
	echo 'CREATE TABLE c(x int);' >m/003_c.sql
	status 0 gw apply
	for text in "DELETE FROM groundwork_migrations WHERE id = '002';" \
		"DO \$\$ BEGIN EXECUTE 'UPDATE groundwork_migrations SET hash = NULL WHERE id = ''002'''; END \$\$;" \
		"INSERT INTO groundwork_migrations(module, id, name, hash) VALUES ('d', '005', 'e', '');" \
		'TRUNCATE groundwork_migrations;'; do
		printf 'ALTER TABLE b ADD y int; %s\n' "$text" >m/004_d.sql
		for key in each all; do
			status 111 gw apply
			contains "$err" 'the migration has changed, emptied or dropped the ledger'
			[[ $key == all ]] || contains "$err" 'm/004_d.sql: the migration has'
			status 111 gw --online --rehearse plan
			contains "$out" 'the migration has changed, emptied or dropped the ledger'
			[[ $key == all ]] || contains "$out" 'm/004_d.sql: the migration has'
			echo 'transaction = all' >>conf/10.ini
		done
		sed -i '/^transaction/d' conf/10.ini
		equal '001 002 003' "$(applied)"
	done
	echo 'LOCK TABLE groundwork_migrations; SELECT FROM groundwork_migrations FOR UPDATE;' >m/004_d.sql
	status 0 gw --online --rehearse plan
	status 0 gw apply
	equal '001 002 003 004' "$(applied)"
}

# It runs at COMMIT, which is behind all that the file has.
a_deferred_trigger_that_changes_the_ledger_was_not_seen() {
	local key
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	echo "CREATE TABLE b(x int);
		CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
			DELETE FROM groundwork_migrations WHERE id = '001'; RETURN NULL; END \$\$;
		CREATE CONSTRAINT TRIGGER late AFTER INSERT ON b DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW EXECUTE FUNCTION forget();" >m/002_b.sql
	status 0 gw apply
	echo 'INSERT INTO b VALUES (1);' >m/003_c.sql
	for key in each all; do
		status 111 gw apply
		contains "$err" 'the migration has changed, emptied or dropped the ledger'
		[[ $key == all ]] || contains "$err" 'm/003_c.sql: the migration has'
		status 111 gw --online --rehearse plan
		contains "$out" 'the migration has changed, emptied or dropped the ledger'
		[[ $key == all ]] || contains "$out" 'm/003_c.sql: the migration has'
		echo 'transaction = all' >>conf/10.ini
	done
	equal '001 002' "$(applied)"
}

# As in psql: it finds the tables by the search_path that the file has set, and a temporary
# table that has a constraint to check can be dropped.
what_is_deferred_runs_with_what_the_file_has_set() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw apply
	sql "CREATE SCHEMA mine; CREATE TABLE mine.b(x int); CREATE TABLE mine.log(x int);
		CREATE FUNCTION mine.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
			INSERT INTO log VALUES (NEW.x); SET search_path = nowhere; RETURN NULL; END';
		CREATE CONSTRAINT TRIGGER late AFTER INSERT ON mine.b DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW EXECUTE FUNCTION mine.note()"
	echo 'SET search_path = mine; INSERT INTO b VALUES (1);' >m/002_b.sql
	echo 'CREATE TABLE c(x int);
		CREATE TEMP TABLE t(id int PRIMARY KEY, up int REFERENCES t DEFERRABLE INITIALLY DEFERRED);
		INSERT INTO t VALUES (1, 2), (2, 1);' >m/003_c.sql
	echo 'CREATE TABLE e(x int);' >m/004_e.sql
	status 0 gw apply
	equal '1' "$(sql 'SELECT x FROM mine.log')"
	equal '001 002 003 004' "$(applied)"
	sql 'SELECT * FROM public.c, public.e'
}

outside_of_a_transaction_a_changed_row_is_said() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	echo 'CREATE TABLE b(x int);' >m/002_b.sql
	status 0 gw apply
	printf -- "-- no-transaction\nTRUNCATE groundwork_migrations;\n" >m/003_c.sql
	status 111 gw apply
	contains "$err" 'm/003_c.sql: the migration has changed, emptied or dropped the ledger'
	contains "$err" 'what the migration has done is not rolled back'
	status 111 gw apply
	contains "$err" 'd/003 has begun outside of a transaction, and has not ended'
}
