#!/bin/bash
# SPDX-License-Identifier: MIT
# Which files of a directory are migrations, and in which order they go.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

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
	# shellcheck disable=SC2016
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
	matches "$err" "10.ini:4:11: \[database:d\] exclude: 'old/\*.sql' has a slash"
	one_database 'exclude = *.sql[a []x] [!]a] \\[x'
	status 100 gw check
	contains "$err" "10.ini:4:11: [database:d] exclude: '*.sql[a' has a '[' without its ']'"
	lacks "$err" "'[]x]'"
}

files_for_other_databases_are_left_out_and_logged() {
	one_database
	# Once a step has changed something, migrations are read again.
	printf '[directory:first]\npath = first\n' | drop_in 00.ini
	put 1_a.sql 'CREATE TABLE a (x);'
	put 2_b.postgres.sql 'DROP TABLE a;'
	put 2_b.sql 'DROP TABLE a;'
	put 2_b.sqlite.sql 'INSERT INTO a VALUES (1);'
	put 3_c.mysql.sql 'DROP TABLE a;'
	status 0 gw apply
	equal '1 2 ' "$(ids)"
	equal 1 "$(sql 'SELECT x FROM a')"
	equal "'$PWD/conf/../m': left out, since it is not for sqlite: 2_b.postgres.sql, 3_c.mysql.sql" \
		"$(grep -o "'.*left out.*not for.*" "$err")" "once"
	contains "$err" "left out, since there is a file for sqlite beside it: 2_b.sql"
}

# Its migration was passed over in silence.
a_directory_of_a_migration_that_is_empty_is_a_warning() {
	one_database
	mkdir -p m/1_a m/2_b
	echo 'CREATE TABLE a (x);' >m/1_a/up.sql
	status 0 gw apply
	matches "$err" "warning: .*/m': nothing is in 2_b/: put the migration back, or remove the directory"
}

two_contributors_with_one_directory_are_an_error() {
	one_database
	put 1_a.sql 'CREATE TABLE a (x);'
	ln -s m n
	printf '[migrations:more]\ndatabase = d\npath = ../n\n' | drop_in 20.ini
	status 100 gw apply
	contains "$err" "20.ini:3: [migrations:more] path: [database:d] has the same migrations, which would run twice"
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
	matches "$err" "10.ini:4:11: .*dialect: .*did you mean 'sqlite'"
	one_database 'dialect = access'
	status 100 gw check
	contains "$err" "'access' is no dialect that is known; there are sqlite, postgres, mysql, "
}

a_directory_of_directories_names_ours() {
	one_database
	put sqlite/1_a.sql 'CREATE TABLE a (x);'
	put postgres/1_a.sql 'CREATE TABLE a (x);'
	status 100 gw apply
	matches "$err" "10.ini:3: \\[database:d] migrations: there is no migration in '.*/m', but in '.*/m/sqlite': write that path"
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

# ---- each in its own tool's order ----

# same_as_by_hand FILE…: d.db is what the sqlite3 shell makes of these files of m, one by one.
function same_as_by_hand {
	local file database
	rm -f hand.db
	for file in "$@"; do
		sqlite3 -bail hand.db <"m/$file" || fail "by hand: $file"
	done
	for database in hand d; do
		sqlite3 $database.db .dump | grep -v groundwork_ >$database.dump
		sqlite3 $database.db "SELECT type, name, sql FROM sqlite_schema
			WHERE tbl_name NOT LIKE 'groundwork%' ORDER BY name" >>$database.dump
	done
	diff hand.dump d.dump >difference || fail "not as by hand:"$'\n'"$(cat difference)"
}

# Each says what it has found: the order shows.
function step {
	[[ $2 ]] && printf '%s\n' "$2"
	printf 'CREATE TABLE IF NOT EXISTS a (n INTEGER PRIMARY KEY, x);\n'
	printf "INSERT INTO a (x) SELECT '%s after ' || count(*) FROM a;\n" "$1"
}

# in_order FILE…: groundwork and the shell agree that this is the order of m.
function in_order {
	status 0 gw apply
	same_as_by_hand "$@"
	status 0 gw plan --exit-code
}

diesel_as_text() {
	local name
	one_database
	for name in 2024-01-01-000000_base 2024-03-01_clean 2023-10-06-{9_y,10000_x} \
		00000000000000_init; do
		put "$name/up.sql" "$(step "$name" '')"
		put "$name/down.sql" 'DROP TABLE a;'
	done
	in_order {00000000000000_init,2023-10-06-{10000_x,9_y},2024-01-01-000000_base,2024-03-01_clean}/up.sql
}

dbmate_as_text() {
	local name
	one_database
	for name in 20240101000000_base 20240301_clean 2_two 10_ten; do
		put "$name.sql" "$(step "$name" '-- migrate:up')"
	done
	in_order {10_ten,20240101000000_base,20240301_clean,2_two}.sql
}

prisma_as_text() {
	local name
	one_database
	for name in 20240101000000_base 20240301_clean 0_init 20240301_again; do
		put "$name/migration.sql" "$(step "$name" '')"
	done
	in_order {0_init,20240101000000_base,20240301_again,20240301_clean}/migration.sql
}

drizzle_as_its_journal() {
	local name
	one_database
	for name in 0000_init 0001_next 0010_ten; do
		put "$name.sql" "$(step "$name" '')"
	done
	put 0002_draft.sql 'DROP TABLE a;'
	put meta/_journal.json '{"dialect": "sqlite", "entries": [{"idx": 0, "tag": "0000_init"},
		{"idx": 1, "tag": "0010_ten"}, {"idx": 2, "tag": "0001_next"}]}'
	in_order {0000_init,0010_ten,0001_next}.sql
	matches "$err" "m': left out, since meta/_journal.json does not name it: 0002_draft.sql"
	rm m/0001_next.sql
	status 100 gw apply
	matches "$err" "_journal.json:2:.*: names '0001_next.sql', which is missing"
}

numbers_of_goose_and_sqlx() {
	local name
	one_database
	for name in 20240101000000_base 20240301_clean 2_two 010_ten; do
		put "$name.sql" "$(step "$name" '-- +goose Up')"
	done
	in_order {2_two,010_ten,20240301_clean,20240101000000_base}.sql
	rm -rf m d.db
	for name in 20240101000000_base 20240301_clean 2_two 010_ten; do
		put "$name.up.sql" "$(step "$name" '')"
		put "$name.down.sql" 'DROP TABLE a;'
	done
	in_order {2_two,010_ten,20240301_clean,20240101000000_base}.up.sql
}

sql_migrate_by_number_and_name() {
	local name
	one_database
	for name in 10-b 10-a 9-c 20240301-x; do
		put "$name.sql" "$(step "$name" '-- +migrate Up')"
	done
	in_order {9-c,10-a,10-b,20240301-x}.sql
}

flyway_by_parts() {
	local name
	one_database
	for name in V1.10__c V1.9__b V1__a R__z R__a; do
		put "$name.sql" "$(step "$name" '')"
	done
	put U1__a.sql 'DROP TABLE a;'
	in_order {V1__a,V1.9__b,V1.10__c,R__a,R__z}.sql
}

refinery_by_number() {
	local name
	one_database
	for name in V10__c V9__b U3__u; do
		put "$name.sql" "$(step "$name" '')"
	done
	in_order {U3__u,V9__b,V10__c}.sql
	contains "$err" "m/U3__u.sql' goes up, as refinery's do"
}

an_undo_script_that_is_left_over_never_runs() {
	local extra
	one_database
	put V1__a.sql 'CREATE TABLE last (a);'
	status 0 gw apply
	put U1.2__x.sql 'DROP TABLE last;'
	status 100 gw plan
	status 100 gw apply
	contains "$err" "m/U1.2__x.sql: reverts version 1.2, for which there is no up migration"
	rm m/U1.2__x.sql
	put U2__x.sql 'DROP TABLE last;'
	for extra in U1__a.sql R__v.sql V1.10__c.sql; do
		put "$extra" 'SELECT 1;'
		status 100 gw apply
		contains "$err" "m/U2__x.sql: reverts version 2, for which there is no up migration"
		rm "m/$extra"
	done
	one_database 'placeholders = a=b'
	status 100 gw apply
	contains "$err" "it is Flyway's, since \`placeholders\` is written"
	for extra in flyway d/flyway flyway:history; do
		one_database "adopt = $extra"
		status 100 gw apply
		contains "$err" "it is Flyway's, since \`adopt\` names Flyway"
	done
	equal last "$(sql "SELECT name FROM sqlite_schema WHERE name = 'last'")"
}

numbers_with_dashes() {
	local name
	one_database
	for name in 20220329-040000 20220329-120000 20220330 2022-03-29-5_x 01add_x; do
		put "$name.sql" "$(step "$name" '')"
	done
	in_order {01add_x,2022-03-29-5_x,20220329-040000,20220329-120000,20220330}.sql
}

# Down parts ran as part of the up migration, and success was reported.
a_down_part_never_runs() {
	one_database
	put 001-users.sql 'CREATE TABLE users (x);'
	put 002-age.sql $'-- adds the age\nCREATE TABLE ages (x);\n\n-- Down\nDROP TABLE users;\nDROP TABLE ages;'
	put 003-c.sql $'-- // c\nCREATE TABLE c (x);\n--//  @UNDO\nDROP TABLE c;'
	status 0 gw apply
	contains "$err" "/m': has markers of node-sqlite; what is behind a down marker is left out"
	contains "$err" "m/002-age.sql:4: this comment is taken for node-sqlite's down marker, so the SQL behind it is left out"
	equal 'users ages c' "$(sql "SELECT group_concat(name, ' ') FROM sqlite_master
		WHERE name IN ('users', 'ages', 'c')")"
}

# To node-sqlite it is a marker; what was behind it was left out, and success was reported.
prose_that_begins_with_down_is_an_error_in_a_file_with_a_plain_name() {
	local line
	for line in '-- Down: the number of downvotes' '-- Down (votes): x' '-- down -> up' '-- Down / Up counters' \
		'-- Down.' '-- down (since 2020)'; do
		rm -rf m conf d.db
		one_database
		put 1_a.sql "CREATE TABLE states (x);"$'\n'"$line"$'\n'"CREATE TABLE downs (x);"
		status 100 gw apply
		contains "$err" "m/1_a.sql:2: '$line' looks like the marker of a down part"
		[[ ! -e d.db ]] || fail 'there is a database'
	done
	put 1_a.sql $'-- Up\nCREATE TABLE states (x);\n-- Down: x\nDROP TABLE states;'
	status 0 gw apply
	contains "$err" "m/1_a.sql:3: this comment is taken for node-sqlite's down marker"
	equal states "$(sql "SELECT name FROM sqlite_master WHERE name = 'states'")"
}

# Where the format has no such marker, it is an error.
a_comment_that_looks_like_the_marker_of_a_down_part_is_an_error() {
	local name line
	for name in m/1_a.up.sql m/V1__a.sql m/1_a/up.sql m/1_a/migration.sql; do
		for line in '-- Down' '-- //@UNDO' '-- +goose Down' '-- migrate:down'; do
			rm -rf m conf d.db
			one_database
			mkdir -p "${name%/*}"
			printf '%s\n' 'CREATE TABLE a (x);' "$line" 'DROP TABLE a;' >"$name"
			status 100 gw apply
			contains "$err" "$name:2: '$line' looks like the marker of a down part"
			[[ ! -e d.db ]] || fail 'there is a database'
		done
	done
	for line in '-- rambler down' '-- +micrate Down' '# --- !Downs' '--Down' '/* down */' '-- [down]' \
		'---- create above / drop below ----' '-- goose Down' '-- ROLLBACK:' '-- // @undo' \
		'-- down.sql --' '-- 2 down' '-- BEGIN DOWN' '-- section: down' '-- To revert:' '-- Backward'; do
		rm -rf m conf d.db
		one_database
		put 1_a.sql "CREATE TABLE a (x);"$'\n'"$line"$'\n'"DROP TABLE a;"
		status 100 gw plan
		contains "$out" "m/1_a.sql:2: '$line' looks like the marker of a down part"
	done
}

prose_about_down_and_rollback_is_a_comment() {
	one_database
	put 1_a.sql 'CREATE TABLE a (x);
-- down payments of a customer
CREATE TABLE b (x);
-- rollback is not possible here
CREATE TABLE c (x);
-- Rollback: DROP TABLE c;
CREATE TABLE d (x);'
	status 0 gw apply
	equal 'a b c d' "$(sql "SELECT group_concat(name, ' ') FROM sqlite_master WHERE name < 'e'")"
}

# It was read as all of it was an up migration, and is not read again.
an_applied_migration_is_not_cut_again() {
	local hash
	one_database
	put 1_a.sql 'CREATE TABLE a (x);'
	status 0 gw apply
	put 1_a.sql $'CREATE TABLE a (x);\n-- rambler down\nDROP TABLE a;'
	hash=$(python3 -c 'import hashlib, sys
print(hashlib.blake2b(sys.stdin.buffer.read(), digest_size=32).hexdigest())' <m/1_a.sql)
	sql "UPDATE groundwork_migrations SET hash = x'$hash'"
	status 0 gw plan --exit-code
}

what_is_left_out_is_said() {
	one_database 'exclude = LATEST.sql LATST.sql'
	put 1_a.sql 'CREATE TABLE a (x);'
	put LATEST.sql 'no SQL;'
	put v2/2_b.sql 'no SQL;'
	status 0 gw apply
	contains "$err" "left out, since \`exclude\` has it: LATEST.sql"
	contains "$err" "nothing in it has a name that \`exclude\` has: LATST.sql"
	contains "$err" 'left out, since it is in a subdirectory: v2/'
	equal '1 ' "$(ids)"
}

what_drizzle_names_can_be_excluded() {
	one_database 'exclude = 0001*'
	put 0000_a.sql 'CREATE TABLE a (x);'
	put 0001_b.sql 'DROP TABLE a;'
	put meta/_journal.json '{"entries": [{"idx": 0, "tag": "0000_a"}, {"idx": 1, "tag": "0001_b"}]}'
	status 0 gw apply
	contains "$err" "left out, since \`exclude\` has it: 0001_b.sql"
	equal '0000 ' "$(ids)"
}

what_prisma_made_for_another_database_is_an_error() {
	one_database
	put 20240101000000_a/migration.sql 'CREATE TABLE a (x SERIAL);'
	put migration_lock.toml 'provider = "postgresql"'
	status 100 gw apply
	contains "$err" 'm/migration_lock.toml:1: these migrations are for postgresql, and we have sqlite'
	missing d.db
}
