#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database`: created and upgraded completely or not at all, and never lost.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

function ledger {
	sql 'SELECT module, id FROM groundwork_migrations ORDER BY rowid'
}

a_database_is_made_with_all_its_migrations() {
	one_migration
	echo 'CREATE TABLE ten (a);' >m/10_ten.sql
	echo 'INSERT INTO one VALUES (2);' >m/002_two.sql
	echo 'not a migration' >m/README.md
	status 0 gw apply
	mode d.db 640
	equal $'d 001\nd 002\nd 10' "$(ledger)"
	equal 2 "$(sql 'SELECT a FROM one')"
	equal wal "$(sql 'PRAGMA journal_mode')"
	equal $'conf\nd.db\nm' "$(ls -A)"
}

directories_on_the_way_are_named_and_made() {
	one_migration
	sed -i 's|^path = d.db|path = v/w/d.db|' conf/10.ini
	status 0 gw plan
	contains "$out" "create the database '$PWD/v/w/d.db' (0640) with 1 migration: d: 001_one, \
and on the way '$PWD/v', '$PWD/v/w'"
	status 0 gw apply
	exists v/w/d.db
}

contributors_go_in_the_order_of_after_then_by_name() {
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		[migrations:aaa]
		database = d
		path = ../aaa
		after = migrations:zzz
		[migrations:bbb]
		database = d
		path = ../bbb.sql
		[migrations:zzz]
		database = d
		path = ../zzz
	END
	mkdir aaa zzz
	echo 'INSERT INTO z VALUES (1);' >aaa/001_a.sql
	echo 'CREATE TABLE b (a);' >bbb.sql
	echo 'CREATE TABLE z (a);' >zzz/001_z.sql
	status 0 gw apply
	equal "bbb zzz aaa" "$(ledger | cut -d ' ' -f 1 | tr '\n' ' ' | sed 's/ $//')"
}

# Cold, in a plan and in a start, and with one of them in.
what_another_contributor_may_make_later_is_said() {
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		[migrations:a]
		database = d
		path = ../a
		[migrations:b]
		database = d
		path = ../b
		[migrations:c]
		database = d
		path = ../c
	END
	mkdir a b c
	echo 'INSERT INTO c VALUES (1);' >a/001_a.sql
	echo 'CREATE TABLE b (a);' >b/001_b.sql
	echo 'CREATE TABLE c (a);' >c/001_c.sql
	status 111 gw plan
	contains "$out" "no such table: c; if one makes it that comes later, name it by \`after\`: b, c"
	status 111 gw apply
	contains "$err" "no such table: c; if one makes it that comes later, name it by \`after\`: b, c"
	echo 'CREATE TABLE a (a);' >a/001_a.sql
	status 0 gw apply
	echo 'INSERT INTO e VALUES (1);' >b/002_e.sql
	echo 'CREATE TABLE e (a);' >c/002_e.sql
	status 111 gw apply
	contains "$err" "no such table: e; if one makes it that comes later, name it by \`after\`: c"
	echo 'INSERT INTO f VALUES (1);' >c/002_e.sql
	rm b/002_e.sql
	status 111 gw apply
	contains "$err" "no such table: f"
	lacks "$err" "by \`after\`"
}

contributors_are_named_with_their_kind_or_without() {
	local after
	for after in d database:d "d migrations:b" "database:d b"; do
		rm -rf d.db conf
		drop_in 10.ini <<-END
			[database:d]
			path = d.db
			migrations = ../d.sql
			[migrations:a]
			database = d
			path = ../a.sql
			after = $after
			[migrations:b]
			database = d
			path = ../b.sql
		END
		echo 'CREATE TABLE d (a); INSERT INTO d VALUES (1);' >d.sql
		echo 'CREATE TABLE a AS SELECT * FROM d;' >a.sql
		echo 'CREATE TABLE b (a);' >b.sql
		status 0 gw apply
		equal 1 "$(sql 'SELECT * FROM a')" "$after"
	done
}

a_requirement_of_a_contributor_is_called_after() {
	one_migration
	drop_in 20.ini <<-'END'
		[migrations:more]
		database = d
		path = ../m
		requires = d
	END
	status 100 gw apply
	matches "$err" "20.ini:4: \\[migrations:more] requires: unknown key: .* write after = "
	sed -i 's/requires = d/after = key:d/' conf/20.ini
	mkdir -p m
	echo 'SELECT 1;' >m/1_a.sql
	status 100 gw apply
	matches "$err" "20.ini:4: \\[migrations:more] after: 'key:d' does not contribute to this database"
	status 100 gw check
	contains "$err" "20.ini:4: [migrations:more] after: 'key:d' does not contribute"
	sed -i 's/after = key:d/adopt = sqlx/' conf/20.ini
	status 100 gw check
	contains "$err" "[migrations:more] adopt: unknown key: it is a key of [database:NAME]"
}

errors_in_migrations_name_the_key_of_their_directory() {
	one_migration
	mkdir -p m
	touch m/schema.sql
	status 100 gw apply
	matches "$err" "10.ini:3: \\[database:d] migrations: .*/m/schema.sql: is not a name of a migration"
}

errors_in_nested_directories_name_the_nearest_key() {
	one_migration
	drop_in 20.ini <<-'END'
		[migrations:more]
		database = d
		path = ../m/more
	END
	mkdir -p m/more
	echo 'SELECT 1;' >m/1_a.sql
	touch m/more/schema.sql
	status 100 gw apply
	matches "$err" "20.ini:3: \\[migrations:more] path: .*/m/more/schema.sql: is not a name of a migration"
}

# It printed an order in which they never run.
list_says_what_is_wrong_with_the_order_of_contributors() {
	mkdir -p conf/sql
	echo 'CREATE TABLE a(x);' >conf/sql/001_a.sql
	drop_in 10.ini <<-'END'
		[database:app]
		path = app.db
		[migrations:users]
		database = app
		path = sql
		after = orders
	END
	local format
	status 100 gw check
	for format in text json dot; do
		status 100 gw list --format "$format"
		contains "$err" "conf/10.ini:6: [migrations:users] after: 'orders' does not contribute to this database"
		[[ $format == json ]] || equal "" "$(<"$out")"
	done
	printf '[migrations:app]\ndatabase = app\npath = sql\n[database:app]\nmigrations = sql\n' | drop_in 20.ini
	sed -i '/^after/d' conf/10.ini
	status 100 gw list
	contains "$err" "conf/20.ini:3: [migrations:app] path: 'app' contributes to this database twice"
}

a_contribution_to_an_unknown_database_is_an_error() {
	one_migration
	drop_in 20.ini <<-'END'
		[migrations:more]
		database = b
		path = ../m
	END
	status 100 gw apply
	matches "$err" "20.ini:2: .*there is no step 'database:b'"
	missing d.db
}

what_is_pending_is_applied_in_one_transaction() {
	one_migration
	status 0 gw apply
	sql "INSERT INTO one VALUES ('precious')"
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	printf 'CREATE TABLE three (a);\nINSERT INTO nowhere VALUES (1);\n' >m/003_three.sql
	status 111 gw apply
	matches "$err" 'm/003_three.sql:2.*nowhere'
	equal "d 001" "$(ledger)"
	equal 0 "$(sql "SELECT count(*) FROM sqlite_schema WHERE name = 'two'")" "tables"
	echo 'CREATE TABLE three (a);' >m/003_three.sql
	status 0 gw plan
	contains "$out" "apply 2 of 3 migrations to '$PWD/d.db': d: 002_two, 003_three"
	status 0 gw apply
	equal $'d 001\nd 002\nd 003' "$(ledger)"
	equal precious "$(sql 'SELECT a FROM one')"
	status 0 gw plan --exit-code
}

a_cold_database_that_fails_leaves_nothing() {
	one_migration
	echo 'INSERT INTO nowhere VALUES (1);' >m/002_two.sql
	status 111 gw apply
	contains "$err" "m/002_two.sql:1"
	equal $'conf\nm' "$(ls -A)"
}

a_migration_that_changed_is_drift() {
	one_migration
	status 0 gw apply
	echo 'CREATE TABLE one (a, b);' >m/001_one.sql
	cksum d.db >before
	status 111 gw plan
	status 111 gw apply
	contains "$err" "m/001_one.sql"
	equal "$(cat before)" "$(cksum d.db)" "the database"
	# Other line ends and a byte order mark are no change.
	printf '\xef\xbb\xbfCREATE TABLE one (a);\r\n' >m/001_one.sql
	status 0 gw apply
	contains "$err" "1 in place"
}

a_migration_of_a_newer_image_is_a_warning() {
	one_migration
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	status 0 gw apply
	rm m/002_two.sql
	status 0 gw apply
	contains "$err" "002"
	equal $'d 001\nd 002' "$(ledger)"
}

rows_of_contributors_that_are_not_configured_are_left_alone() {
	one_migration
	status 0 gw apply
	sql "INSERT INTO groundwork_migrations SELECT 'gone', id, name, hash, applied_at,
		duration_us, tool FROM groundwork_migrations"
	status 0 gw apply
	contains "$err" "1 in place"
	lacks "$err" gone
}

# All its migrations ran a second time.
a_renamed_section_or_file_is_drift() {
	one_migration
	echo 'INSERT INTO one VALUES (7);' >m/002_seed.sql
	status 0 gw apply
	sed -i 's/database:d/database:main/' conf/10.ini
	status 111 gw apply
	contains "$err" "main/001 ('"
	contains "$err" "was applied as d/001"
	contains "$err" "UPDATE groundwork_migrations SET module = 'main' WHERE module = 'd';"
	equal 1 "$(sql 'SELECT count(*) FROM one')"
	sql "UPDATE groundwork_migrations SET module = 'main' WHERE module = 'd'"
	status 0 gw plan --exit-code
	mv m/002_seed.sql m/20240101_seed.sql
	status 111 gw apply
	contains "$err" "was applied as main/002"
	sql "$(sed -n 's/.* rename the row in the database: \(UPDATE .*;\) to run .*/\1/p' "$err" | head -n 1)"
	status 0 gw plan --exit-code
	# The same text once more is no error where it is written.
	mv m/20240101_seed.sql m/20240102_seed.sql
	printf '[database:main]\ndrift = warn\n' | drop_in 20.ini
	status 0 gw apply
	matches "$err" 'warning: .*was applied as main/20240101: .* now, so it runs again\. .*;$'
	equal 2 "$(sql 'SELECT count(*) FROM one')"
}

# refused TEXT: the file d.db is refused with that message, and stays as it is.
function refused {
	local before
	before=$(snapshot d.db*; cksum d.db 2>/dev/null || true)
	status 111 gw plan
	contains "$out" "$1"
	status 111 gw sh -c 'touch started'
	contains "$err" "$1"
	equal "$before" "$(snapshot d.db*; cksum d.db 2>/dev/null || true)" "what is there"
	missing started
}

a_zero_byte_file_is_refused() {
	one_migration
	: >d.db
	refused "'$PWD/d.db'"
}

a_file_that_is_no_database_is_refused() {
	one_migration
	yes 'some text' | head -n 1000 >d.db || true
	refused "'$PWD/d.db'"
}

a_directory_is_refused() {
	one_migration
	mkdir d.db
	refused "'$PWD/d.db'"
}

a_link_is_refused() {
	one_migration
	ln -s nowhere d.db
	refused "'$PWD/d.db'"
	missing nowhere
}

a_database_with_tables_and_no_ledger_is_refused() {
	one_migration
	sql 'CREATE TABLE foreign_one (a)'
	refused 'has tables but no ledger'
}

sidecars_without_their_database_are_refused() {
	one_migration
	local ending
	for ending in -wal -journal; do
		rm -f d.db-*
		echo data >d.db$ending
		refused "d.db$ending"
		missing d.db
	done
}

an_incomplete_statement_is_an_error_before_anything_runs() {
	one_migration
	printf 'CREATE TABLE two (a);\nCREATE TABLE three (a\n' >m/002_two.sql
	status 100 gw apply
	matches "$err" 'm/002_two.sql:2'
	missing d.db
}

all_errors_of_all_sql_files_are_reported_at_once() {
	one_migration
	echo "ATTACH 'other.db' AS other;" >m/002_attach.sql
	printf 'SELECT 1;\nCOMMIT;\n' >m/003_commit.sql
	printf 'CREATE TABLE nul (a);\0' >m/004_nul.sql
	status 100 gw apply
	matches "$err" 'm/002_attach.sql:1'
	matches "$err" 'm/003_commit.sql:2'
	matches "$err" 'm/004_nul.sql:1'
	missing d.db other.db
}

a_migration_cannot_touch_the_ledger() {
	one_migration
	echo 'DELETE FROM groundwork_migrations;' >m/002_two.sql
	status 111 gw apply
	missing d.db
	echo 'DROP TABLE groundwork_migrations;' >m/002_two.sql
	status 111 gw apply
	missing d.db
}

one_version_twice_is_an_error() {
	one_migration
	echo 'CREATE TABLE two (a);' >m/1_two.sql
	status 100 gw apply
	contains "$err" "001_one.sql"
	contains "$err" "1_two.sql"
	missing d.db
}

a_trigger_with_semicolons_is_one_statement() {
	one_migration
	cat >m/002_trigger.sql <<-'SQL'
		CREATE TRIGGER t AFTER INSERT ON one BEGIN
			UPDATE one SET a = a || ';' WHERE a NOT LIKE '%;';
			SELECT 1;
		END;
		INSERT INTO one VALUES ('x');
	SQL
	status 0 gw apply
	equal "x;" "$(sql 'SELECT a FROM one')"
}

a_foreign_key_that_a_migration_breaks_is_an_error() {
	one_migration
	cat >m/001_one.sql <<-'END'
		CREATE TABLE parent (id INTEGER PRIMARY KEY);
		CREATE TABLE child (parent REFERENCES parent (id));
		INSERT INTO parent VALUES (1);
		INSERT INTO child VALUES (1);
	END
	status 0 gw apply
	echo 'DELETE FROM parent;' >m/002_two.sql
	status 111 gw apply
	contains "$err" child
	equal "d 001" "$(ledger)"
	equal 1 "$(sql 'SELECT count(*) FROM parent')" "rows"
}

every_journal_mode_starts_free_a_second_time() {
	one_migration
	local mode
	for mode in wal delete truncate persist; do
		rm -f d.db*
		printf '[database:d]\njournal_mode = %s\n' $mode | drop_in 20.ini
		status 0 gw apply
		snapshot . >"$TEST_DIR/before"
		status 0 gw apply
		contains "$err" "1 in place"
		equal "" "$(snapshot . | diff "$TEST_DIR/before" -)" "what was touched in $mode"
	done
}

a_writer_that_holds_the_database_is_waited_for() {
	one_migration
	status 0 gw apply
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	background python3 -c '
import os, sqlite3, time
db = sqlite3.connect("d.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
db.execute("INSERT INTO one VALUES (1)")
open("holds", "w").close()
while not os.path.exists("go"): time.sleep(0.02)
db.execute("COMMIT")'
	eventually test -e holds
	(sleep 0.3 && touch go) &
	status 0 gw apply
	equal $'d 001\nd 002' "$(ledger)"
	equal 1 "$(sql 'SELECT count(*) FROM one')" "rows"
}

a_writer_that_never_lets_go_is_an_error_after_the_busy_timeout() {
	one_migration
	status 0 gw apply
	printf '[database:d]\nbusy_timeout = 50ms\nretries = 1\nretry_delay = 1ms\n' |
		drop_in 20.ini
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	background python3 -c '
import sqlite3, time
db = sqlite3.connect("d.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("holds", "w").close()
time.sleep(60)'
	eventually test -e holds
	SECONDS=0
	status 111 gw apply
	((SECONDS < 9)) || fail "it has waited $SECONDS s: twice the default"
	contains "$err" "trying again"
	equal "d 001" "$(ledger)"
}

# It was taken for less than no time.
a_busy_timeout_of_none_has_no_limit_but_the_deadline() {
	one_migration
	status 0 gw apply
	printf '[database:d]\nbusy_timeout = none\nretries = 0\n' | drop_in 20.ini
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	background python3 -c '
import sqlite3, time
db = sqlite3.connect("d.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("holds", "w").close()
time.sleep(60)'
	eventually test -e holds
	status 111 gw --deadline 500ms apply
	contains "$err" "the deadline of 500ms (--deadline) has passed"
	equal "d 001" "$(ledger)"
}

# One of d.db, with a row that is in the -wal alone.
function crash {
	python3 -c '
import os, sqlite3
db = sqlite3.connect("d.db", isolation_level=None)
db.execute("INSERT INTO one VALUES (7)")
os._exit(1)' || true
	exists d.db-wal
}

a_crashed_writers_wal_is_recovered() {
	one_migration
	status 0 gw apply
	crash
	status 0 gw apply
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	status 0 gw apply
	equal 7 "$(sql 'SELECT a FROM one')"
	equal $'d 001\nd 002' "$(ledger)"
}

# Without the index of its -wal a database cannot be read but by who writes a new one.
a_plan_recovers_nothing() {
	local before
	one_migration
	status 0 gw apply
	crash
	rm d.db-shm
	before=$(snapshot .)
	status 0 gw plan
	contains "$out" "? database:d"
	contains "$out" "d.db' must be recovered before it shows what is pending"
	equal "$before" "$(snapshot .)"
	status 0 gw apply
	equal 7 "$(sql 'SELECT a FROM one')"
}

a_written_mode_is_put_right_and_another_is_kept() {
	one_migration
	status 0 gw apply
	chmod 600 d.db
	status 0 gw apply
	mode d.db 600
	printf '[database:d]\nmode = 0660\n' | drop_in 20.ini
	status 0 gw apply
	mode d.db 660
}

root_the_owner_of_a_database() {
	one_migration
	printf '[database:d]\nowner = 10001\ngroup = 10002\n' | drop_in 20.ini
	status 0 gw apply
	mode d.db 640 10001:10002
	echo 'CREATE TABLE two (a);' >m/002_two.sql
	status 0 gw apply
	local file
	for file in d.db*; do
		mode "$file" 640 10001:10002
	done
}

sql_for_a_newer_sqlite_never_stores_null_in_silence() {
	one_migration
	cat >m/002_two.sql <<-'END'
		INSERT INTO one
		VALUES (datetime('2024-01-01 00:00:00.5', 'subsec'));
	END
	if "$GROUNDWORK" --version | grep -Eq '^SQLite 3\.(3.|4[01])\.'; then
		status 111 gw apply
		contains "$err" "002_two.sql:2: 'subsec' needs SQLite 3.42"
		missing d.db
	else
		status 0 gw apply
		equal "2024-01-01 00:00:00.500" "$(sql 'SELECT a FROM one')"
	fi
}

an_address_is_no_name_of_a_file() {
	local url
	# The program expands it.
	# shellcheck disable=SC2016
	printf '%s\n' '[database:d]' 'path = ${DATABASE_URL}' | drop_in 10.ini
	for url in sqlite:data/app.db 'file:data/app.db?mode=rwc' 'app.db?_fk=1' postgres://u:geheim@h/db; do
		DATABASE_URL=$url status 100 gw apply
		contains "$err" '[database:d] path: is an address'
		lacks "$err" geheim
	done
	DATABASE_URL='a b: c?.db' status 0 gw apply
	exists 'a b: c?.db'
}
