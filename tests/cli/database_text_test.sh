#!/bin/bash
# SPDX-License-Identifier: MIT
# What is in a migration file: when it is read, and how it is cut into statements.
# shellcheck disable=SC2016 # ${…} here is for the migrations
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

# same_as_by_hand: d.db has the tables and rows of hand.db.
function same_as_by_hand {
	equal "$(sql .dump hand.db)" "$(sql .dump | grep -v groundwork_migrations)"
}

# ---- when it is read ----

what_was_applied_is_not_cut() {
	one_database 'drift = ignore'
	echo 'CREATE TABLE one (a);' >m/001_one.sql
	status 0 gw apply
	echo "CREATE TABLE 'one" >m/001_one.sql
	status 0 gw apply
	contains "$err" "nothing to do, 1 in place"
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	status 0 gw apply
	contains "$err" "applied 1 migration "
}

# Such files are in use, and cannot be changed: a fresh start was impossible.
settings_pragmas_are_passed_over() {
	one_database
	cat >m/001_a.sql <<-'END'
		PRAGMA journal_mode = WAL;
		PRAGMA synchronous = NORMAL; PRAGMA busy_timeout(5000); PRAGMA temp_store=2;
		PRAGMA encoding="UTF-8"; PRAGMA page_size=4096; PRAGMA journal_mode;
		CREATE TABLE a (x);
		COMMIT; PRAGMA main.cache_size = -2000; PRAGMA foreign_keys = OFF; BEGIN;
	END
	status 0 gw -v apply
	contains "$err" "m/001_a.sql': passed over: PRAGMA synchronous = NORMAL (line 2), PRAGMA busy_timeout(5000) (line 2)"
	status 0 gw plan --exit-code
	echo 'PRAGMA page_size = 4096; PRAGMA journal_mode = wal; CREATE TABLE b (x);' >m/002_b.sql
	status 0 gw apply
	equal wal "$(sql 'PRAGMA journal_mode')"
}

a_settings_pragma_that_asks_for_something_else_is_an_error() {
	local line
	one_database
	echo 'CREATE TABLE a (x); PRAGMA journal_mode = DELETE;' >m/001_a.sql
	status 111 gw apply
	contains "$err" "m/001_a.sql:1: PRAGMA journal_mode = DELETE is not what the database has, 'wal'; write \`journal_mode = delete\`"
	[[ ! -e d.db ]] || fail "there is a database"
	printf '[database:d]\njournal_mode = delete\n' | drop_in 20.ini
	status 0 gw apply
	for line in 'page_size = 8192' 'auto_vacuum = 1' 'encoding = "UTF-16be"'; do
		echo "PRAGMA $line;" >m/002_b.sql
		status 111 gw plan
		contains "$out" "m/002_b.sql:1: PRAGMA ${line%% *} = "
		contains "$out" "write \`pragma = ${line%% *}="
	done
}

# One without a marker beside others that have one would run both directions.
a_pending_file_has_the_markers_of_those_that_were_applied() {
	one_database
	printf '%s\n' '-- migrate:up' 'CREATE TABLE one (a);' >m/001_one.sql
	status 0 gw apply
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	status 100 gw apply
	contains "$err" "m/002_two.sql: has no '-- migrate:up', but '"
	equal one "$(sql .tables | tr ' ' '\n' | grep -x 'one\|two')"
}

what_is_pending_is_cut_before_the_first_step() {
	one_database 'requires = directory:x'
	echo 'CREATE TABLE one (a);' >m/001_one.sql
	printf '%s\n' '[directory:x]' 'path = x' | drop_in 20.ini
	status 0 gw apply
	rmdir x
	echo 'CREATE TABLE two (' >m/002_two.sql
	status 100 gw apply
	contains "$err" "m/002_two.sql:1:1: the statement that begins here has an open parenthesis"
	missing x
}

# A command may write the migrations, so they are read when it has run.
what_a_command_writes_is_cut_before_the_database_is_changed() {
	one_database 'requires = exec:write' 'backup = before-migrate'
	echo 'CREATE TABLE one (a);' >m/001_one.sql
	printf '%s\n' '[exec:write]' 'command = sh write.sh' | drop_in 20.ini
	echo 'touch written' >write.sh
	status 0 gw apply
	echo 'echo "CREATE TABLE two (" >m/002_two.sql; echo "SELECT 1;" >m/003_three.sql' >write.sh
	status 111 gw apply
	matches "$err" "1 error in the migrations; the database was not touched \([0-9.]+[a-z]+\):$"
	contains "$err" "m/002_two.sql:1:1: the statement that begins here has an open parenthesis"
	equal "d.db" "$(ls d.db*)"
	equal 001 "$(sql 'SELECT id FROM groundwork_migrations')"
}

# ---- size ----

a_migration_of_40_mib_with_statements_of_10() {
	one_database
	python3 -c 'print("CREATE TABLE t (a TEXT);")
for c in "abcd": print("INSERT INTO t VALUES (\x27%s\x27);" % (c * 10485760))' >m/001_t.sql
	echo 'CREATE TABLE u (a);' >m/002_u.sql
	status 0 gw apply
	equal "4 41943040" "$(sql 'SELECT count(*), sum(length(a)) FROM t')"
	status 0 gw apply
	contains "$err" "nothing to do, 1 in place"
}

# What the schema stores is read at each start, within limits.
a_create_statement_that_is_too_long_is_an_error() {
	one_database
	python3 -c 'print("CREATE VIEW v AS SELECT \x27%s\x27;" % ("x" * 8400000))' >m/001_v.sql
	status 100 gw apply
	contains "$err" "m/001_v.sql:1:1: this statement is longer than 8388608 bytes"
	missing d.db
}

# ---- transactions ----

# sqlx runs a file inside a transaction, which is left to switch foreign keys.
a_transaction_that_is_left_and_entered_again() {
	one_database
	cat >m/001_parent.sql <<-'SQL'
		CREATE TABLE p (id INTEGER PRIMARY KEY, a);
		CREATE TABLE c (p REFERENCES p (id) ON DELETE CASCADE);
		INSERT INTO p VALUES (1, 'x');
		INSERT INTO c VALUES (1);
	SQL
	cat >m/002_again.sql <<-'SQL'
		-- sqlx has begun a transaction, in which the pragma does nothing.
		COMMIT TRANSACTION;
		PRAGMA foreign_keys = OFF; /* so leave it */
		BEGIN IMMEDIATE;

		CREATE TABLE q (id INTEGER PRIMARY KEY, a, b);
		INSERT INTO q SELECT id, a, 1 FROM p;
		DROP TABLE p;
		ALTER TABLE q RENAME TO p;

		END;
		PRAGMA foreign_keys = ON;
		BEGIN;
		INSERT INTO p VALUES (2, 'y', 2);
		COMMIT; PRAGMA foreign_keys = OFF; BEGIN TRANSACTION;
		INSERT INTO c VALUES (2);
		COMMIT; PRAGMA foreign_keys = ON; BEGIN; -- for sqlx to commit
	SQL
	status 0 gw apply
	for file in m/*.sql; do
		echo "BEGIN;"
		cat "$file"
		echo "COMMIT;"
	done | sqlite3 -bail hand.db
	same_as_by_hand
}

another_transaction_command_in_mid_file_is_an_error() {
	one_database
	printf '%s\n' 'CREATE TABLE a (a);' 'COMMIT;' 'CREATE TABLE b (b);' 'BEGIN;' >m/001_a.sql
	printf '%s\n' 'BEGIN;' 'CREATE TABLE c (a);' >m/002_b.sql
	status 100 gw apply
	contains "$err" "m/001_a.sql:2:1: COMMIT cannot be used in a migration"
	contains "$err" "m/002_b.sql:1:1: BEGIN cannot be used in a migration"
	missing d.db
}

# ---- the last statement ----

a_last_statement_needs_no_semicolon() {
	one_database
	printf 'CREATE TABLE a (a);\nINSERT INTO a VALUES (1)' >m/001_a.sql
	printf 'CREATE TRIGGER t INSERT ON a BEGIN SELECT 1; END -- of it\n' >m/002_t.sql
	status 0 gw apply
	cat m/001_a.sql <(echo ';') m/002_t.sql <(echo ';') | sqlite3 -bail hand.db
	same_as_by_hand
	rm m/*.sql d.db
	printf -- '-- migrate:up\nCREATE TABLE a (a)\n-- migrate:down\nDROP TABLE a' >m/001_a.sql
	status 0 gw apply
	equal a "$(sql .tables | tr ' ' '\n' | grep -x a)"
}

strict_wants_its_semicolon() {
	one_database 'strict = yes'
	printf 'CREATE TABLE a (a);\nINSERT INTO a VALUES (1)' >m/001_a.sql
	status 100 gw apply
	contains "$err" "m/001_a.sql:2:1: the statement that begins here has no ';' at its end"
	missing d.db
	echo ';' >>m/001_a.sql
	status 0 gw apply
	one_database 'strict = maybe'
	status 100 gw check
	contains "$err" "10.ini:4"
}

what_is_cut_short_is_an_error() {
	one_database
	printf "CREATE TABLE a (a" >m/001_a.sql
	printf "INSERT INTO a VALUES ('b" >m/002_b.sql
	printf "SELECT 1; /* c" >m/003_c.sql
	printf "CREATE TRIGGER d INSERT ON a BEGIN SELECT 1;" >m/004_d.sql
	status 100 gw apply
	contains "$err" "m/001_a.sql:1:1: the statement that begins here has an open parenthesis"
	contains "$err" "m/002_b.sql:1:23: the quote that begins here is never closed"
	contains "$err" "m/003_c.sql:1:11: the comment that begins here is never closed"
	contains "$err" "m/004_d.sql:1:1: the trigger that begins here has no 'END;'"
	missing d.db
}

# Drizzle ends a statement by a comment, wherever it stands.
a_breakpoint_ends_a_statement() {
	one_database 'strict = yes'
	printf '%s\n' 'CREATE TABLE `a` (' '	`a` text' ')' '--> statement-breakpoint' \
		"INSERT INTO a VALUES ('--> statement-breakpoint');--> statement-breakpoint" \
		'INSERT INTO a VALUES (2)--> statement-breakpoint INSERT INTO a VALUES (3);' \
		>m/0000_a.sql
	status 0 gw apply
	equal $'--> statement-breakpoint\n2\n3' "$(sql 'SELECT a FROM a')"
}

# ---- placeholders ----

function flyway {
	cat >m/V1__a.sql <<-'SQL'
		CREATE TABLE ${table} (a TEXT); -- ${table}
		INSERT INTO ${table} VALUES ('${text}');
	SQL
}

placeholders_are_replaced_once() {
	one_database 'placeholders =' '  table=notes' '  text=$${table}'
	flyway
	status 0 gw apply
	equal '${table}' "$(sql 'SELECT a FROM notes')"
}

# The hash is of the text as it is written.
another_value_is_no_drift() {
	one_database 'placeholders =' '  table=notes' '  text=a'
	flyway
	status 0 gw apply
	sed -i 's/text=a/text=b/' conf/10.ini
	status 0 gw apply
	contains "$err" "nothing to do, 1 in place"
	sed -i 's/text/word/' m/V1__a.sql
	status 111 gw apply
	contains "$err" "changed since it was applied"
}

a_placeholder_without_a_value_is_an_error() {
	one_database 'placeholders = table=notes'
	flyway
	echo 'SELECT 1; -- ${flyway:user}' >m/V2__b.sql
	status 100 gw apply
	contains "$err" "m/V1__a.sql:2:31: '\${text}' has no value; write \`text=VALUE\` into the key \`placeholders\`"
	contains "$err" "m/V2__b.sql:1:14: '\${flyway:user}' is known to Flyway alone"
	missing d.db
}

# To Flyway it is an error, too; here it was text.
without_the_key_it_is_an_error_that_says_how_it_stays_text() {
	one_database
	printf '%s\n' 'SELECT 1;' "CREATE TABLE a (a DEFAULT '\${b.c}');" >m/V1__a.sql
	status 100 gw apply
	contains "$err" "m/V1__a.sql:2:28: '\${b.c}' has no value; write \`b.c=VALUE\` into the key \`placeholders\`"
	contains "$err" 'or `b.c=$${b.c}` to keep it as it is'
	missing d.db
	one_database 'placeholders = b.c=$${b.c}'
	status 0 gw apply
	sql .schema >schema
	contains schema "'\${b.c}'"
}

# The file was blamed.
a_quote_in_the_value_of_a_placeholder_is_named() {
	one_database "placeholders = who=O'Brien"
	echo "CREATE TABLE a (x DEFAULT '\${who}');" >m/V1__a.sql
	status 100 gw apply
	contains "$err" "V1__a.sql:1:35: the quote that begins here is never closed; a value of \`placeholders\` has a quote"
	echo "CREATE TABLE a (x DEFAULT '\${who}', y DEFAULT 'z'');" >m/V1__a.sql
	status 111 gw apply
	matches "$err" "V1__a.sql:1: .*syntax error; a value of .placeholders. has a quote"
}

names_of_other_tools_have_no_placeholders() {
	one_database 'placeholders = b=c'
	echo "CREATE TABLE a (a DEFAULT '\${b}');" >m/001_a.sql
	status 0 gw apply
	contains "$err" "10.ini:4: [database:d] placeholders: no migration has one of Flyway's names, so nothing is replaced"
	sql .schema >schema
	contains schema "'\${b}'"
}

a_placeholder_that_no_migration_has_is_a_warning() {
	one_database 'placeholders =' '  table=notes' '  text=a' '  tabel=b' '  other=c'
	flyway
	echo 'SELECT 1; -- {other} $other ${text}' >m/V2__b.sql
	# What has changed something has migrations read again.
	printf '[directory:first]\npath = first\n' | drop_in 00.ini
	status 0 gw apply
	contains_once "$err" "10.ini:4: [database:d] placeholders: no migration has '\${tabel}'; did you mean 'table'?"
	contains_once "$err" "placeholders: no migration has '\${other}'"
	lacks "$err" "'\${text}'"
	# Nothing is read where nothing is pending.
	status 0 gw apply
	lacks "$err" "placeholders"
	# One that was applied counts, too.
	sed -i '/tabel=b/d; /other=c/d' conf/10.ini
	echo 'SELECT 1;' >m/V3__c.sql
	status 0 gw apply
	contains "$err" "applied 1 migration"
	lacks "$err" "placeholders"
}

names_of_placeholders_have_no_space_and_are_there_once() {
	one_database 'placeholders =' '  table = notes' '  a=b' '  text=a' '  text=c' '  ab=d'
	status 100 gw check
	contains "$err" "10.ini:5:3: [database:d] placeholders: expected NAME=value, not 'table ' in front of '='"
	contains "$err" "10.ini:8:3: [database:d] placeholders: the name 'text' is in it twice: keep one of them"
	one_database 'placeholders = a=1'
	printf '%s\n' '[database:d]' 'placeholders += a=2' | drop_in 20.ini
	status 100 gw check
	contains "$err" "20.ini:2:17: [database:d] placeholders: the name 'a' is in it twice"
}

contributors_have_placeholders_of_their_own() {
	one_database 'placeholders = table=notes'
	printf '%s\n' '[migrations:x]' 'database = d' 'path = ../x' 'placeholders = table=x' \
		'[migrations:y]' 'database = d' 'path = ../y' 'after = x' | drop_in 20.ini
	mkdir x y
	echo 'CREATE TABLE ${table} (a);' | tee m/V1__a.sql >x/V1__a.sql
	echo 'INSERT INTO ${table} VALUES (1);' >y/V1__a.sql
	status 0 gw apply
	equal 1 "$(sql 'SELECT count(*) FROM notes')"
	equal 0 "$(sql 'SELECT count(*) FROM x')"
	one_database 'placeholders = notes'
	status 100 gw check
	contains "$err" "10.ini:4:16: [database:d] placeholders: expected NAME=value"
}

# Those of the database are of all contributors together.
a_placeholder_that_another_contributor_has_is_used() {
	one_database 'placeholders =' '  table=notes' '  gone=x'
	printf '%s\n' '[migrations:x]' 'database = d' 'path = ../x' '[migrations:y]' 'database = d' \
		'path = ../y' 'placeholders = mine=y' | drop_in 20.ini
	mkdir x y
	echo 'CREATE TABLE a (a);' >m/V1__a.sql
	echo 'CREATE TABLE ${table} (a);' >x/V1__a.sql
	echo 'CREATE TABLE b (a);' >y/V1__a.sql
	status 0 gw apply
	contains_once "$err" "10.ini:4: [database:d] placeholders: no migration has '\${gone}'"
	contains_once "$err" "20.ini:7: [migrations:y] placeholders: no migration has '\${mine}'"
	lacks "$err" "'\${table}'"
}

# It is shown up to 60 bytes.
a_failing_statement_is_cut_between_characters() {
	local begin='INSERT INTO missing VALUES ("' pad
	one_database
	for pad in 28 29 30 31; do
		printf '%s%s%s\n' "$begin" "$(printf 'x%.0s' $(seq "$pad"))" '€", "and so on");' >m/001_a.sql
		status 111 gw apply
		contains "$err" '…'
		[[ $pad -gt 28 ]] || contains "$err" '€…'
		iconv -f UTF-8 -t UTF-8 "$err" >/dev/null || fail "cut in a character after $pad"
	done
	printf '%s%s\n' "$begin" "$(printf 'x%.0s' $(seq 27))\");" >m/001_a.sql
	status 111 gw apply
	lacks "$err" '…'
}
