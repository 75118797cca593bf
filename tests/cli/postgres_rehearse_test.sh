#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database` with `url`: `plan --online --rehearse`.
# Some servers here have no further keys, and what is said has quotes in it.
# shellcheck disable=SC2119,SC2016
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

a_rehearsal_is_rolled_back() {
	server
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw --rehearse plan
	contains "$out" 'is not asked for its ledger, and nothing is tried, which `plan --online` does'
	status 0 gw --online --rehearse plan
	contains "$out" 'its SQL was not tried, since the database is missing'
	on_postgres 'CREATE DATABASE d'
	status 0 gw --online --rehearse plan
	contains "$out" 'its SQL was tried in a transaction that was rolled back'
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

a_rehearsal_lacked_the_schema_that_is_to_be_created() {
	server 'schema = app'
	on_postgres 'CREATE DATABASE d' 'CREATE ROLE guest LOGIN'
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
	status 0 gw --online --rehearse plan
	contains "$out" 'its SQL was tried in a transaction that was rolled back'
	equal 0 "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname = 'app'")"
	sed -i 's,//postgres@,//guest@,' conf/10.ini
	status 111 gw --online --rehearse plan
	contains "$out" 'create the ledger: permission denied for database d (42501); GRANT CREATE'
}

a_rehearsal_and_a_commit_check_deferred_constraints() {
	server
	echo 'CREATE TABLE a(x int PRIMARY KEY); CREATE TABLE b(x int REFERENCES a DEFERRABLE INITIALLY DEFERRED);' >m/001_a.sql
	echo 'INSERT INTO b VALUES (1); INSERT INTO a VALUES (1);' >m/002_b.sql
	echo 'INSERT INTO b VALUES (2); INSERT INTO a VALUES (2);' >m/003_b.sql
	status 0 gw apply
	echo 'INSERT INTO b VALUES (3); INSERT INTO a VALUES (3);' >m/004_c.sql
	echo 'INSERT INTO b VALUES (5);' >m/005_d.sql
	echo 'transaction = all' >>conf/10.ini
	status 111 gw --online --rehearse plan
	contains "$out" ': commit: insert or update on table "b" violates foreign key'
	sed -i s/all/each/ conf/10.ini
	echo 'ALTER TABLE b ADD y int; INSERT INTO b VALUES (5);' >m/005_d.sql
	status 111 gw --online --rehearse plan
	contains "$out" '/m/005_d.sql: commit: insert or update on table "b" violates foreign key'
	status 111 gw apply
	contains "$err" '/m/005_d.sql: commit: insert or update on table "b" violates foreign key'
	equal '001 002 003 004' "$(applied)"
}

a_rehearsal_ends_where_those_before_would_be_committed() {
	server
	echo "CREATE TYPE e AS ENUM ('a'); CREATE TABLE a(x e);" >m/001_a.sql
	status 0 gw apply
	echo "ALTER TYPE e ADD VALUE 'b';" >m/002_b.sql
	echo "INSERT INTO a VALUES ('b');" >m/003_c.sql
	status 0 gw --online --rehearse plan
	contains "$out" 'up to d/003, which may need those before it to be committed'
	status 0 gw apply
	echo "ALTER TYPE e ADD VALUE 'c'; INSERT INTO a VALUES ('c');" >m/004_d.sql
	status 111 gw --online --rehearse plan
	contains "$out" '(55P04)'
}
