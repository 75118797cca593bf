#!/bin/bash
# SPDX-License-Identifier: MIT
# The key `adopt`: databases that another tool has migrated until now.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

# database [KEY…]: the step, with these lines.
function database {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' "$@" | drop_in 10.ini
}

# apply_by TOOL FILE…: to d.db, as the tool does it.
function apply_by {
	local rc=0
	python3 "$ROOT/tests/cli/adopt_ledger.py" "$1" d.db "${@:2}" || rc=$?
	[[ $rc != 77 ]] || skip "this Python has no SipHash-1-3"
	[[ $rc == 0 ]] || fail "$1 cannot be simulated"
}

# migrations TOOL: m/, with four migrations under names of the tool's; sets $files.
function migrations {
	local up=
	mkdir m
	case $1 in
	golang-migrate) files=(m/00000{1,2,3,4}_t.up.sql) ;;
	diesel) files=(m/2024-01-0{1,2,3,4}-000000_t/up.sql) ;;
	prisma) files=(m/2024010{1,2,3,4}000000_t/migration.sql) ;;
	refinery | flyway) files=(m/V{1,2,3,4}__t.sql) ;;
	*) files=(m/000{1,2,3,4}_t.sql) ;;
	esac
	case $1 in
	dbmate) up='-- migrate:up' ;;
	goose) up='-- +goose Up' ;;
	sql-migrate) up='-- +migrate Up' ;;
	esac
	local i=0 file
	for file in "${files[@]}"; do
		i=$((i + 1))
		mkdir -p "${file%/*}"
		printf '%s\n' "$up" "CREATE TABLE t$i (a);" "INSERT INTO t$i VALUES ($i);" >"$file"
	done
	[[ $1 != drizzle ]] || journal "${files[@]}"
}

# journal FILE…: Drizzle's list of what is to run.
function journal {
	local i=0 entries=() file
	mkdir m/meta
	for file in "$@"; do
		file=${file##*/}
		entries+=("{\"idx\": $i, \"version\": \"6\", \"when\": $((i + 1)), \"tag\": \"${file%.sql}\"}")
		i=$((i + 1))
	done
	(IFS=, && echo "{\"version\": \"7\", \"entries\": [${entries[*]}]}") >m/meta/_journal.json
}

# compare TOOL: all.db and d.db, schema and rows of the four tables; and who applied what.
function compare {
	python3 - "$1" <<-'END' || fail "$1: half and half is not the same as all"
		import sqlite3, sys
		def content(name):
		    db = sqlite3.connect(name)
		    queries = ["SELECT name, sql FROM sqlite_master WHERE name GLOB 't[1-4]' ORDER BY name",
		        "SELECT module, id, name, hash FROM groundwork_migrations WHERE module <> '' ORDER BY rowid"]
		    queries += [f"SELECT * FROM t{i}" for i in (1, 2, 3, 4)]
		    return [db.execute(query).fetchall() for query in queries]
		print(content("all.db"), content("d.db"), sep="\n")
		db = sqlite3.connect("d.db")
		who = [row[0] for row in db.execute("SELECT tool FROM groundwork_migrations WHERE module <> '' ORDER BY rowid")]
		print(who)
		sys.exit(content("all.db") != content("d.db") or who != 2 * [sys.argv[1]] + 2 * ["groundwork"])
	END
}

# half_and_half TOOL ADOPT: two by the tool, two by us, is what four by us would be.
function half_and_half {
	local tool=$1
	rm -rf m d.db all.db conf
	migrations "$tool"
	database
	status 0 gw apply
	mv d.db all.db
	apply_by "$tool" "${files[@]:0:2}"
	database "adopt = $2"
	status 0 gw plan
	contains "$out" "take over '$PWD/d.db' from $tool, recording 2 migrations as applied: d: "
	contains "$out" "; apply 2 of 4 migrations to '$PWD/d.db': d: "
	status 0 gw apply
	contains "$err" "took over '$PWD/d.db' from $tool with 2 migrations recorded as applied"
	compare "$tool"
	status 0 gw apply
	contains "$err" "has all 4 migrations"
}

half_by_the_tool_and_half_by_us_is_all_by_us() {
	local tool
	for tool in dbmate golang-migrate goose sqlx diesel d1; do
		half_and_half "$tool" auto
	done
}

half_by_other_tools_and_half_by_us_is_all_by_us() {
	local tool
	for tool in refinery flyway prisma drizzle sql-migrate user_version; do
		half_and_half "$tool" "$tool"
	done
}

# by_hand FILE: the application runs it.
function by_hand {
	python3 -c 'import sqlite3, sys
sqlite3.connect("d.db").executescript(open(sys.argv[1]).read())' "$1"
}

a_user_version_that_our_migrations_set_takes_over_nothing() {
	local version
	mkdir m
	for version in 1 2 4 5; do
		echo "CREATE TABLE t$version(x); PRAGMA user_version = $version;" >"m/00${version}_t.sql"
	done
	by_hand m/001_t.sql
	by_hand m/002_t.sql
	mkdir later
	mv m/004* m/005* later
	database 'adopt = user_version'
	status 0 gw apply
	contains "$err" "from user_version with 2 migrations recorded as applied"
	for version in 4 5; do
		mv "later/00${version}_t.sql" m
		status 0 gw apply
		contains "$err" "applied 1 migration to '$PWD/d.db': d: 00${version}_t"
		equal 0 "$(sql "SELECT count(*) FROM t$version")"
	done
}

the_error_names_the_ledger_and_the_line_to_write() {
	migrations diesel
	apply_by diesel "${files[0]}"
	database
	status 111 gw plan
	contains "$out" "it has tables but no ledger: something else has created it"
	contains "$out" "it has the ledger of diesel ('__diesel_schema_migrations'): write"
	contains "$out" "write \`adopt = diesel\`"
}

a_file_that_was_changed_is_an_error() {
	local tool before
	for tool in sqlx refinery flyway prisma; do
		rm -rf m d.db
		migrations "$tool"
		apply_by "$tool" "${files[@]:0:2}"
		database "adopt = $tool"
		echo '-- changed' >>"${files[0]}"
		before=$(snapshot d.db*)
		status 111 gw apply
		contains "$err" "/${files[0]}' was applied by $tool with another content (checksum "
		contains "$err" "put the file back as it was, or accept it as it is with"
		equal "$before" "$(snapshot d.db*)"
		database "adopt = $tool" 'drift = warn'
		status 0 gw apply
		contains "$err" "was applied by $tool with another content"
	done
}

what_was_not_applied_as_a_whole_is_refused() {
	migrations sqlx
	apply_by sqlx "${files[@]:0:2}"
	sql 'UPDATE _sqlx_migrations SET success = 0 WHERE version = 2'
	database 'adopt = auto'
	status 111 gw apply
	contains "$err" "says that 2 was not applied as a whole (success = 0); the database was left"
	contains "$err" "set \`success\` of its row to 1, or delete the row"
	equal 0 "$(sql "SELECT count(*) FROM sqlite_master WHERE name LIKE 'groundwork%'")"
}

# Drizzle's ledger has no names: the time of the entry shows which one it was.
a_changed_file_of_drizzle_is_found_by_the_time_of_its_entry() {
	migrations drizzle
	apply_by drizzle "${files[@]:0:2}"
	echo '-- changed' >>"${files[1]}"
	database 'adopt = drizzle'
	status 111 gw apply
	contains "$err" "/${files[1]}' was applied by drizzle with another content (checksum "
	contains "$err" "accept it as it is with \`drift = warn\`"
	database 'adopt = drizzle' 'drift = warn'
	status 0 gw apply
	contains "$err" "/${files[1]}' was applied by drizzle with another content"
	contains "$err" "it counts as applied"
	lacks "$err" "accept it"
	equal "drizzle drizzle groundwork groundwork" \
		"$(sql 'SELECT tool FROM groundwork_migrations ORDER BY rowid' | xargs)"
}

a_text_of_drizzle_from_another_time_is_unknown() {
	migrations drizzle
	apply_by drizzle "${files[@]:0:2}"
	sql "INSERT INTO __drizzle_migrations(hash, created_at) VALUES ('00', 77)"
	database 'adopt = drizzle' 'unknown = error'
	status 111 gw apply
	contains "$err" "d/00 (of drizzle): applied, but not among our migrations"
	contains "$err" "\`adopt = baseline:VERSION\`"
	# To Drizzle, what has an earlier time than that has run.
	database 'adopt = drizzle' 'unknown = warn'
	status 111 gw apply
	contains "$err" "before 00), d/0004 ('"
	database 'adopt = drizzle' 'unknown = warn' 'out_of_order = apply'
	status 0 gw apply
	contains "$err" "d/00 (of drizzle): applied, but not among our migrations"
}

an_empty_ledger_is_a_warning() {
	migrations dbmate
	apply_by dbmate "${files[@]:0:2}"
	sql 'DELETE FROM schema_migrations'
	database 'adopt = dbmate'
	status 111 gw apply
	contains "$err" "the ledger of dbmate, 'schema_migrations', is empty: all migrations of 'd'"
	matches "$err" 'table t1 already exists; the ledger of dbmate, .* is empty: all migrations'
	status 111 gw plan
	matches "$out" 'table t1 already exists; the ledger of dbmate, .* is empty: all migrations'
}

a_baseline_without_its_zeros_names_the_version() {
	migrations drizzle
	sql 'CREATE TABLE a (a)'
	database 'adopt = baseline:1'
	status 111 gw plan
	contains "$out" "there is no migration d/1, which \`adopt\` names; it was left as it is;"
	contains "$out" "did you mean '0001'?"
}

rows_of_other_migrations_are_unknown() {
	migrations d1
	apply_by d1 "${files[0]}"
	sql "INSERT INTO d1_migrations(name) VALUES ('0009_later.sql')"
	database 'adopt = d1' 'unknown = error' 'out_of_order = warn'
	status 111 gw apply
	contains "$err" "d/0009_later.sql (of d1): applied, but not among our migrations"
	database 'adopt = d1'
	status 111 gw apply
	contains "$err" "d/0002 ('"
	contains "$err" "before 0009_later): comes before one that is already applied"
	database 'adopt = d1' 'out_of_order = warn'
	status 0 gw apply
	contains "$err" "d/0009_later.sql (of d1): applied, but not among our migrations"
	contains "$err" "(d: 1 on trust) and 1 without a file here; applied 3 migrations"
	equal '0009_later ' "$(sql 'SELECT id, name FROM groundwork_migrations WHERE hash IS NULL')"
	status 0 gw apply
	contains "$err" "d/0009_later: applied, but not among our migrations"
}

# An older image takes over a newer database; then the newer image comes.
an_older_image_records_what_only_a_newer_one_has() {
	local tool file
	for tool in dbmate golang-migrate goose sqlx diesel refinery flyway prisma d1 sql-migrate; do
		rm -rf m d.db newer conf
		migrations "$tool"
		apply_by "$tool" "${files[@]}"
		cp -r m newer
		for file in "${files[@]:2}"; do rm -r "$file"; done
		find m -type d -empty -delete
		database "adopt = $tool"
		status 0 gw apply
		contains "$err" "applied, but not among our migrations"
		contains "$err" "without a file here"
		cp -r newer/. m
		status 0 gw apply
		contains "$err" "from $tool with 2 migrations recorded as applied (d: 2 "
		lacks "$err" "applied 2"
		status 0 gw apply
		contains "$err" "has all 4 migrations"
		lacks "$err" warning
	done
}

# The tool's image comes once more, applies a migration, and then ours is back.
what_the_tool_has_applied_since_is_not_run_again() {
	migrations sqlx
	rm "${files[3]}"
	apply_by sqlx "${files[0]}" "${files[1]}"
	database 'adopt = sqlx'
	status 0 gw apply
	contains "$err" "recorded as applied (d: 2 verified by checksum); applied 1 migration"
	cp "${files[0]}" "${files[3]}"
	sed -i s/t1/t4/ "${files[3]}"
	sql "INSERT INTO _sqlx_migrations VALUES (4, 't', datetime(), 1,
		x'$(sha384sum <"${files[3]}" | cut -d ' ' -f 1)', 1)"
	sql 'CREATE TABLE t4 (a)'
	database
	status 111 gw plan
	contains "$out" "d/0004 ('"
	contains "$out" "of sqlx: \`adopt = d/sqlx\`): pending here, and applied by that tool after"
	database 'adopt = d/sqlx'
	status 0 gw plan
	contains "$out" "recording 1 migration as applied: d: 0004_t (d: 1 verified by checksum)"
	status 0 gw apply
	equal 0 "$(sql 'SELECT count(*) FROM t4')"
}

what_has_no_file_here_is_recorded_with_what_is_pending() {
	migrations dbmate
	mv "${files[3]}" later.sql
	apply_by dbmate "${files[@]:0:3}"
	database 'adopt = dbmate'
	status 0 gw apply
	mv later.sql "${files[3]}"
	sql 'CREATE TABLE t7 (a)'
	sql "INSERT INTO schema_migrations VALUES ('0007')"
	status 111 gw plan
	contains "$out" "before 0007): comes before one that is already applied"
	database 'adopt = dbmate' 'out_of_order = apply'
	status 0 gw plan
	contains "$out" "; record 1 migration of dbmate without a file here"
	status 0 gw apply
	contains "$err" "d: 0004_t; recorded 1 migration of dbmate without a file here"
	sql 'DROP TABLE schema_migrations'
	printf '%s\n' '-- migrate:up' 'CREATE TABLE t7 (a);' >m/0007_t.sql
	status 0 gw apply
	contains "$err" "from dbmate with 1 migration recorded as applied (d: 1 on trust)"
}

a_contributor_that_comes_later_is_taken_over() {
	migrations dbmate
	apply_by dbmate "${files[0]}"
	database 'adopt = dbmate'
	status 0 gw apply
	mkdir n
	printf '%s\n' 'CREATE TABLE n1 (a);' >n/1_n.sql
	python3 "$ROOT/tests/cli/adopt_ledger.py" d1 d.db n/1_n.sql
	printf '%s\n' '[migrations:n]' 'database = d' 'path = ../n' | drop_in 20.ini
	status 111 gw apply
	contains "$err" "table n1 already exists"
	database 'adopt = dbmate n/d1'
	status 0 gw apply
	contains "$err" "from d1 with 1 migration recorded as applied (n: 1 on trust)"
}

foreign_keys_that_the_tool_has_on_are_a_warning() {
	local tool
	for tool in sqlx d1 drizzle dbmate; do
		rm -rf m d.db
		migrations "$tool"
		apply_by "$tool" "${files[0]}"
		database "adopt = $tool"
		status 0 gw plan
		case $tool in
		dbmate) lacks "$err" "foreign keys" ;;
		drizzle) contains "$err" "and drizzle has them on in most of its builds: write" ;;
		*)
			contains "$err" "foreign keys are off while the migrations of 'd' run, and $tool"
			contains "$err" "has them on: write \`foreign_keys = on\`"
			;;
		esac
		database "adopt = $tool" 'foreign_keys = off'
		status 0 gw apply
		lacks "$err" "foreign keys"
	done
}

an_undo_script_beside_flyways_ledger_never_runs() {
	mkdir m
	echo 'CREATE TABLE t1 (a);' >m/V1__t.sql
	apply_by flyway m/V1__t.sql
	echo 'DROP TABLE t1;' >m/U2__t.sql
	database 'adopt = auto'
	status 111 gw apply
	contains "$err" "/U2__t.sql' is no migration to flyway, whose ledger it has, but reverts"
	database 'adopt = flyway'
	status 100 gw apply
	equal 1 "$(sql "SELECT count(*) FROM sqlite_master WHERE name = 't1'")"
}

two_ledgers_are_an_error_that_names_both() {
	migrations d1
	apply_by d1 "${files[0]}"
	apply_by sql-migrate "${files[1]}"
	database 'adopt = auto'
	status 111 gw plan
	contains "$out" "ledgers of d1 ('d1_migrations') and sql-migrate ('gorp_migrations'): write"
	database 'adopt = d1'
	status 111 gw plan
	contains "$out" 'table t2 already exists'
	sql 'DROP TABLE t2' >/dev/null
	status 0 gw plan
	contains "$out" "from d1, recording 1 migration as applied"
}

# The same name of a table is the ledger of two tools, and of others.
look_alikes_are_distinguished() {
	migrations golang-migrate
	apply_by golang-migrate "${files[0]}"
	database 'adopt = dbmate'
	status 111 gw plan
	contains "$out" "its 'schema_migrations' cannot be the ledger of dbmate: it has other columns"
	contains "$out" "write \`adopt = golang-migrate\`"
	sql 'ALTER TABLE schema_migrations RENAME dirty TO inserted_at'
	database 'adopt = auto'
	status 111 gw plan
	contains "$out" "its table 'schema_migrations' is not a ledger that we know"
}

a_contributor_is_named_before_the_tool() {
	migrations sqlx
	apply_by sqlx "${files[0]}"
	mkdir n
	echo 'CREATE TABLE n1 (a);' >n/1_n.sql
	sql 'CREATE TABLE n1 (a)'
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		[migrations:auth]
		database = d
		path = ../m
		[migrations:other]
		database = d
		path = ../n
	END
	status 111 gw apply
	contains "$err" "the ledger of sqlx ('_sqlx_migrations'): write \`adopt = CONTRIBUTOR/sqlx\`"
	sql 'ALTER TABLE _sqlx_migrations RENAME TO _auth_migrations'
	sed -i '2a adopt = auth/sqlx:_auth_migrations other/baseline:1_n' conf/10.ini
	status 0 gw apply
	equal 'auth 0001 sqlx' "$(sql 'SELECT module, id, tool FROM groundwork_migrations
		WHERE tool <> "groundwork" AND module = "auth"')"
	equal 'other 1 baseline' "$(sql 'SELECT module, id, tool FROM groundwork_migrations
		WHERE module = "other"')"
}

adopt_is_checked_at_load() {
	local value wrong
	mkdir m
	echo 'CREATE TABLE a (a);' >m/1_a.sql
	while IFS='|' read -r value wrong; do
		database "adopt = $value"
		status 100 gw check
		matches "$err" "10.ini:4(:9)?: \[database:d\] adopt: .*$wrong"
	done <<-'END'
		squlx|did you mean 'sqlx'
		sqlx:|lacks the name of a table
		baseline|lacks a version: write baseline:VERSION
		baseline:|lacks a version
		auto:x|nothing may follow auto
		user_version:2|nothing may follow user_version
		/sqlx|has no contributor before its slash
		app/|'app/' lacks the name of a tool
		none sqlx|nothing may stand beside it
		auto none|nothing may stand beside it
		auth/sqlx|'auth' does not contribute to this database
		sqlx goose|'goose' is the second one for 'd'
	END
}

# One of several contributors cannot be read: the items of adopt are for nobody then.
adopt_for_a_contributor_that_is_wrong_is_no_crash() {
	database 'adopt = sqlx dbmate' '[migrations:x]' 'database = d'
	sed -i /migrations.=/d conf/10.ini
	status 100 gw plan
	contains "$err" "[migrations:x] path: missing, and it is required"
	lacks "$err" "crashed"
	status 100 gw apply
	contains "$err" "[migrations:x] path: missing, and it is required"
	lacks "$err" "crashed"
}
