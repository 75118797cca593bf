#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database` on an existing database: what its keys decide.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

# database [KEY…]: the step, with these lines.
function database {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' "$@" | drop_in 10.ini
}

# migration NUMBER: a table tNUMBER.
function migration {
	mkdir -p m
	echo "CREATE TABLE t$1 (a); INSERT INTO t$1 VALUES ($1);" >"m/00$1_t$1.sql"
}

function ledger {
	sql 'SELECT id || ":" || tool FROM groundwork_migrations ORDER BY rowid' | tr '\n' ' '
}

function backups {
	find . -maxdepth 1 -name '*.bak-*' | sort
}

# ---- at creation ----

pragmas_are_set_at_creation() {
	database 'pragma = page_size=8192 auto_vacuum=incremental' 'pragma += encoding=UTF-16le'
	migration 1
	status 0 gw apply
	equal 8192 "$(sql 'PRAGMA page_size')"
	equal 2 "$(sql 'PRAGMA auto_vacuum')"
	equal UTF-16le "$(sql 'PRAGMA encoding')"
	status 0 gw apply
	contains "$err" "has its one migration"
}

pragmas_are_checked_at_load() {
	database 'pragma = page_size=5000 synchronous=off journal_mode=wal x' \
		'application_id = twelve' 'adopt = dbmat'
	status 100 gw check
	matches "$err" '10.ini:4:10: .*pragma: page_size cannot be .5000.; it is one of 512, '
	contains "$err" "'synchronous' is not one of page_size, auto_vacuum, encoding"
	contains "$err" "journal_mode: it is a key of its own"
	contains "$err" "'x' is not of the form name=value"
	matches "$err" "10.ini:5:18: .*application_id: 'twelve' is not a number"
	matches "$err" "10.ini:6:9: .*adopt: 'dbmat' is neither none, auto, user_version, baseline:VERSION nor a tool .* did you mean 'dbmate'"
}

an_application_id_is_set_and_another_one_refused() {
	database 'application_id = 0x4e4f5445'
	migration 1
	status 0 gw apply
	equal 1313821765 "$(sql 'PRAGMA application_id')"
	database 'application_id = 7'
	migration 2
	local before
	before=$(snapshot d.db*)
	status 111 gw plan
	contains "$out" "another application's: its application_id is 1313821765, not 7"
	status 111 gw apply
	equal "$before" "$(snapshot d.db*)"
}

an_application_id_that_is_lacking_is_set_once() {
	database
	migration 1
	status 0 gw apply
	database 'application_id = 4294967295'
	status 0 gw plan
	contains "$out" "set the application_id of '$PWD/d.db'"
	lacks "$out" backup
	database 'application_id = 4294967295' 'backup = before-migrate'
	status 0 gw plan
	contains "$out" "set the application_id of '$PWD/d.db', after a backup"
	database 'application_id = 4294967295'
	status 0 gw apply
	contains "$err" "application_id set"
	equal -1 "$(sql 'PRAGMA application_id')"
	status 0 gw plan
	contains "$out" "has its one migration"
}

a_migration_that_sets_another_application_id_is_rolled_back() {
	database 'application_id = 7'
	migration 1
	status 0 gw apply
	echo 'CREATE TABLE x (a); PRAGMA application_id = 8;' >m/002_x.sql
	status 111 gw apply
	contains "$err" "is as it was: the migrations set the application_id to 8"
	equal "001:groundwork " "$(ledger)"
	equal 7 "$(sql 'PRAGMA application_id')"
}

# ---- backup ----

a_backup_is_what_the_migrations_began_from() {
	database 'backup = before-migrate' 'mode = 0600'
	migration 1
	status 0 gw apply
	equal "" "$(backups)"
	sql 'INSERT INTO t1 VALUES (99)'
	migration 2
	status 0 gw plan
	contains "$out" "apply 1 of 2 migrations to '$PWD/d.db', after a backup: d: 002_t2"
	status 0 gw apply
	local backup
	backup=$(backups)
	[[ $backup =~ ^\./d\.db\.bak-[0-9]{8}T[0-9]{6}\.[0-9]{3}Z$ ]] || fail "no: $backup"
	contains "$err" "backup '$PWD/${backup#./}'"
	mode "$backup" 600
	equal $'1\n99' "$(sql 'SELECT a FROM t1' "$backup")"
	equal 0 "$(sql 'SELECT count(*) FROM sqlite_master WHERE name = "t2"' "$backup")"
	status 0 gw apply
	equal "$backup" "$(backups)" "after a start with nothing to do"
}

the_newest_backups_stay() {
	database 'backup = before-migrate' 'keep_backups = 2'
	migration 1
	status 0 gw apply
	touch d.db.bak-mine d.db.bak-20200101T000000.000Z d.db.bak-20200101T000000.000Zx
	migration 2
	status 0 gw apply
	exists d.db.bak-20200101T000000.000Z
	migration 3
	status 0 gw plan
	contains "$out" "d: 003_t3; remove the old backup 'd.db.bak-20200101T000000.000Z'"
	status 0 gw apply
	missing d.db.bak-20200101T000000.000Z
	exists d.db.bak-mine d.db.bak-20200101T000000.000Zx
	equal 4 "$(backups | wc -l)"
}

a_migration_that_fails_leaves_no_backup_and_prunes_none() {
	database 'backup = before-migrate' 'keep_backups = 1'
	migration 1
	status 0 gw apply
	touch d.db.bak-20200101T000000.000Z d.db.bak-20200102T000000.000Z
	echo 'CREATE TABLE y (a); INSERT INTO nowhere VALUES (1);' >m/002_y.sql
	status 111 gw apply
	matches "$err" "'$PWD/d.db' is as it was: .*/m/002_y.sql:1: 'INSERT INTO nowhere .*no such"
	equal $'./d.db.bak-20200101T000000.000Z\n./d.db.bak-20200102T000000.000Z' "$(backups)"
	equal "001:groundwork " "$(ledger)"
}

what_a_killed_attempt_left_is_removed() {
	database 'backup = before-migrate'
	migration 1
	status 0 gw apply
	touch d.db.bak-20200101T000000.000Z.upgrading \
		.d.db.bak-20200101T000000.000Z.upgrading.groundwork-0abcde \
		other.db.bak-20200101T000000.000Z.upgrading
	migration 2
	status 0 gw apply
	missing d.db.bak-20200101T000000.000Z.upgrading \
		.d.db.bak-20200101T000000.000Z.upgrading.groundwork-0abcde
	exists other.db.bak-20200101T000000.000Z.upgrading
}

a_backup_that_cannot_be_made_stops_the_upgrade() {
	database 'backup = before-migrate'
	migration 1
	status 0 gw apply
	sql 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
		INSERT INTO t1 SELECT randomblob(1000) FROM n'
	migration 2
	# The upgrade alone would fit.
	# shellcheck disable=SC2016
	status 111 bash -c 'ulimit -f 200; trap "" XFSZ; exec "$0" "$@"' \
		"$GROUNDWORK" -c conf apply
	contains "$err" "'$PWD/d.db' is as it was: no backup could be made"
	equal "001:groundwork " "$(ledger)"
	equal "" "$(backups)"
	status 0 gw apply
}

a_database_that_is_in_use_is_backed_up() {
	database 'backup = before-migrate'
	migration 1
	status 0 gw apply
	mkfifo go_on
	background python3 -c 'import sqlite3
db = sqlite3.connect("d.db")
db.execute("INSERT INTO t1 VALUES (2)"); db.commit()
db.execute("SELECT * FROM t1").fetchone()
open("ready", "w"); open("go_on").read()'
	until [[ -e ready ]]; do read -rt 0.02 <> <(:) || true; done
	exists d.db-wal
	migration 2
	status 0 gw apply
	equal $'1\n2' "$(sql 'SELECT a FROM t1' "$(backups)")"
	echo >go_on
}

root_a_backup_belongs_to_whom_the_database_belongs() {
	database 'backup = before-migrate' 'owner = 10001' 'group = 10002'
	migration 1
	status 0 gw apply
	migration 2
	status 0 gw apply
	mode "$(backups)" 640 10001:10002
	mode d.db 640 10001:10002
}

# ---- what is verified ----

# A child whose parent the next migration deletes.
function orphan {
	mkdir -p m
	echo 'CREATE TABLE p (id INTEGER PRIMARY KEY);
		CREATE TABLE c (p REFERENCES p(id) ON DELETE CASCADE);
		INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1), (2);' >m/001_a.sql
}

foreign_keys_are_checked_whatever_verify_says() {
	local how
	orphan
	for how in quick full none; do
		database "verify = $how"
		rm -f d.db m/002*
		status 0 gw apply
		echo 'DELETE FROM p WHERE id = 2;' >m/002_b.sql
		status 111 gw apply
		contains "$err" "is as it was: the migrations leave a broken foreign key"
		equal $'1\n2' "$(sql 'SELECT id FROM p')"
	done
}

rebuilding_a_parent_keeps_its_children() {
	orphan
	database
	status 0 gw apply
	echo 'PRAGMA foreign_keys = OFF;
		BEGIN;
		CREATE TABLE p_new (id INTEGER PRIMARY KEY, name TEXT);
		INSERT INTO p_new (id) SELECT id FROM p;
		DROP TABLE p;
		ALTER TABLE p_new RENAME TO p;
		COMMIT;
		PRAGMA foreign_keys = ON;' >m/002_rebuild.sql
	status 0 gw apply
	equal $'1\n2' "$(sql 'SELECT p FROM c ORDER BY p')"
	equal "" "$(sql 'PRAGMA foreign_key_check')"
}

# A page of an index is overwritten: what integrity_check sees and quick_check does not.
full_verification_sees_an_index_that_does_not_match() {
	mkdir m
	echo 'CREATE TABLE t (a); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1), (2);' \
		>m/001_a.sql
	database 'journal_mode = delete'
	status 0 gw apply
	python3 -c 'import sqlite3
db = sqlite3.connect("d.db", isolation_level=None)
root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", "i").fetchone()[0]
size = db.execute("PRAGMA page_size").fetchone()[0]
db.close()
with open("d.db", "r+b") as file:
    file.seek((root - 1) * size + 3)
    file.write(bytes([0, 1]))  # one cell of two'
	migration 2
	database 'journal_mode = delete' 'verify = full'
	status 111 gw apply
	contains "$err" "is as it was: the database is damaged: "
	database 'journal_mode = delete' 'verify = none'
	status 0 gw apply
}

# ---- ledger and migrations disagree ----

drift_is_an_error_a_warning_or_nothing() {
	database
	migration 1
	status 0 gw apply
	echo '-- changed' >>m/001_t1.sql
	status 111 gw apply
	matches "$err" "d/001 .*001_t1.sql.*: changed since it was applied"
	database 'drift = warn'
	status 0 gw apply
	matches "$err" "warning: .*changed since it was applied"
	status 0 gw plan
	matches "$err" "warning: .*changed since it was applied"
	database 'drift = ignore'
	status 0 gw apply
	lacks "$err" "changed since"
}

an_unknown_migration_is_a_warning_or_an_error() {
	database
	migration 1
	migration 2
	status 0 gw apply
	rm m/002*
	status 0 gw apply
	matches "$err" "warning: .*d/002 \(t2\): applied, but not among our migrations"
	database 'unknown = error'
	status 111 gw plan
	contains "$out" "applied, but not among our migrations"
	status 111 gw apply
}

a_late_migration_is_rejected_or_applied() {
	database
	migration 1
	migration 3
	status 0 gw apply
	migration 2
	status 111 gw apply
	contains "$err" "comes before one that is already applied"
	contains "$err" "out_of_order = apply"
	database 'out_of_order = warn'
	status 0 gw plan
	matches "$err" "warning: .*before 003.*comes before one"
	database 'out_of_order = apply'
	status 0 gw apply
	lacks "$err" "comes before"
	equal "001:groundwork 003:groundwork 002:groundwork " "$(ledger)"
}

# ---- adopt ----

a_foreign_database_is_taken_over() {
	sql 'CREATE TABLE t1 (a)'
	sql 'CREATE TABLE t2 (a)'
	migration 1
	migration 2
	migration 3
	database
	status 111 gw plan
	contains "$out" "write \`adopt = baseline:VERSION\`"
	database 'adopt = baseline:9'
	status 111 gw apply
	contains "$err" "there is no migration d/9, which \`adopt\` names; it was left as it is"
	database 'adopt = baseline:2'
	status 0 gw plan
	contains "$out" "take over '$PWD/d.db', recording 2 migrations as applied: d: 001_t1, 002_t2"
	contains "$out" "apply 1 of 3 migrations to '$PWD/d.db': d: 003_t3"
	status 0 gw apply
	contains "$err" "took over '$PWD/d.db' with 2 migrations recorded as applied"
	equal "001:baseline 002:baseline 003:groundwork " "$(ledger)"
	equal 0 "$(sql 'SELECT count(*) FROM t2')"
	status 0 gw apply
	contains "$err" "has all 3 migrations"
}

taking_over_with_nothing_to_run() {
	sql 'CREATE TABLE t1 (a)'
	migration 1
	database 'adopt = baseline:001'
	status 0 gw apply
	equal "001:baseline " "$(ledger)"
}

contributors_have_baselines_of_their_own() {
	mkdir a b
	echo 'CREATE TABLE a1 (a);' >a/1_a.sql
	echo 'CREATE TABLE a2 (a);' >a/2_a.sql
	echo 'CREATE TABLE b1 (a);' >b/1_b.sql
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		adopt = baseline:a/1
		[migrations:a]
		database = d
		path = ../a
		[migrations:b]
		database = d
		path = ../b
	END
	sql 'CREATE TABLE a1 (a)'
	status 0 gw plan
	contains "$out" "recording 1 migration as applied: a: 1_a"
	contains "$out" "apply 2 of 3 migrations to '$PWD/d.db': a: 2_a; b: 1_b"
	status 0 gw apply
	equal "1:baseline 2:groundwork 1:groundwork " "$(ledger)"
	drop_in 20.ini <<-'END'
		[database:d]
		adopt = baseline:1
	END
	status 100 gw plan
	contains "$out" "there are 2 contributors; write CONTRIBUTOR/baseline:1"
}

a_baseline_says_nothing_of_a_new_database() {
	migration 1
	database 'adopt = baseline:1'
	status 0 gw apply
	equal "001:groundwork " "$(ledger)"
	exists d.db
	equal 1 "$(sql 'SELECT a FROM t1')"
}

# ---- the journal mode ----

the_journal_mode_is_switched_only_where_it_is_written() {
	database 'journal_mode = delete'
	migration 1
	status 0 gw apply
	equal delete "$(sql 'PRAGMA journal_mode')"
	database
	status 0 gw apply
	equal delete "$(sql 'PRAGMA journal_mode')"
	printf '%s\n' '[defaults:database]' 'journal_mode = wal' | drop_in 05.ini
	status 0 gw apply
	equal delete "$(sql 'PRAGMA journal_mode')"
	rm conf/05.ini
	database 'journal_mode = wal'
	status 0 gw plan
	contains "$out" "switch '$PWD/d.db' to journal_mode wal"
	status 0 gw apply
	contains "$err" "switched to journal_mode wal"
	equal wal "$(sql 'PRAGMA journal_mode')"
	database 'journal_mode = truncate'
	status 0 gw apply
	equal delete "$(sql 'PRAGMA journal_mode')"
	status 0 gw apply
	lacks "$err" "switched"
}

a_journal_mode_that_cannot_be_switched_is_a_warning() {
	database
	migration 1
	status 0 gw apply
	mkfifo go_on
	background python3 -c 'import sqlite3
db = sqlite3.connect("d.db", isolation_level=None)
db.execute("BEGIN"); db.execute("SELECT * FROM t1").fetchone()
open("ready", "w"); open("go_on").read()'
	until [[ -e ready ]]; do read -rt 0.02 <> <(:) || true; done
	database 'journal_mode = delete'
	migration 2
	status 0 gw apply
	matches "$err" "warning: .*was not switched to journal_mode delete, and works as it is"
	equal "001:groundwork 002:groundwork " "$(ledger)"
	echo >go_on
}

# wal_on TYPE CODE: with the type of file system that strace puts in the kernel's place.
function wal_on {
	((EUID == 0)) || skip "only root may trace what is not dumpable"
	last_command="apply on file system $1"
	local got=0
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -f -o trace \
		-e trace=fstatfs -e "inject=fstatfs:poke_exit=@arg2=$1" \
		"$GROUNDWORK" -c conf apply >"$out" 2>"$err" || got=$?
	equal "$2" "$got"
}

wal_on_a_network_file_system_is_an_error() {
	strace -o /dev/null -e inject=fstatfs:poke_exit=@arg2=6969000000000000 true 2>/dev/null ||
		skip "this strace cannot poke"
	migration 1
	database
	wal_on 6969000000000000 111
	contains "$err" "is on a network file system (nfs), where WAL cannot work; write \`journal_mode = delete\`"
	missing d.db
	database 'journal_mode = delete'
	wal_on 6969000000000000 0
	database 'journal_mode = wal'
	wal_on 424d53fe00000000 111
	contains "$err" "(smb2)"
	equal delete "$(sql 'PRAGMA journal_mode')"
	rm d.db
	wal_on 4655736500000000 0
	contains "$err" "is on a fuse file system"
}

# ---- on a read-only mount, on a terminal ----

root_nothing_is_written_on_a_read_only_mount() {
	database
	migration 1
	migration 2
	mkdir data
	printf '%s\n' '[database:d]' 'path = data/d.db' 'migrations = ../m' | drop_in 10.ini
	status 0 gw apply
	local before
	before=$(snapshot data)
	status 0 read_only data "$GROUNDWORK" -c conf apply
	contains "$err" "has all 2 migrations"
	equal "$before" "$(snapshot data)"
	printf '%s\n' '[database:d]' 'journal_mode = delete' | drop_in 20.ini
	status 0 read_only data "$GROUNDWORK" -c conf apply
	matches "$err" "warning: .*was not switched"
	equal "$before" "$(snapshot data)"
}

# A journal that the mode "persist" leaves must not be rolled back.
a_persistent_journal_needs_no_recovery() {
	database 'journal_mode = persist'
	migration 1
	status 0 gw apply
	python3 -c 'import sqlite3
db = sqlite3.connect("d.db")
db.execute("PRAGMA journal_mode = persist")
db.execute("INSERT INTO t1 VALUES (2)"); db.commit()'
	exists d.db-journal
	local before
	before=$(snapshot . | grep -v conf)
	status 0 gw apply
	equal "$before" "$(snapshot . | grep -v conf)"
}

a_terminal_sees_what_takes_long() {
	command -v script >/dev/null || skip "script(1) is missing"
	mkdir m
	echo 'CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
		INSERT INTO t SELECT count(*) FROM n;' >m/001_endless.sql
	database
	mkdir elsewhere
	background "$GROUNDWORK" -c conf -C elsewhere apply 2>elsewhere/log
	local first=$pid
	background script -qefc "echo \$\$ >pid; exec '$GROUNDWORK' -c conf apply" typed >/dev/null
	eventually grep -q "d/001 endless (1 of 1), [1-9]" typed
	# Without a terminal, a line.
	eventually grep -qE "^groundwork: \[database:d\] is still at work: d/001 endless \(1 of 1\), [1-9]" elsewhere/log
	lacks typed "still at work"
	kill "$first" "$(cat pid)"
	wait "$first" "$pid" || true
}

# ---- stamp ----

# Waits until the files were changed so long ago that a stamp is taken of them.
function settled {
	while [[ -n $(find m -newerct '0.2 seconds ago') ]]; do sleep 0.05; done
}

function stamps {
	sql "SELECT id FROM groundwork_migrations WHERE module = ''"
}

a_stamp_is_recorded_with_migrations_and_not_without() {
	database
	migration 1
	settled
	status 0 gw apply
	equal '' "$(stamps)"
	database 'stamp = yes'
	status 0 gw apply
	contains "$err" "has its one migration"
	equal '' "$(stamps)"
	migration 2
	settled
	status 0 gw apply
	equal stamp:d "$(stamps)"
	touch m/001_t1.sql
	status 0 gw apply
	contains "$err" "has all 2 migrations"
}

a_change_is_found_with_and_without_a_stamp() {
	local stamp before
	for stamp in no yes; do
		rm -rf d.db m
		database "stamp = $stamp"
		migration 1
		settled
		status 0 gw apply
		before=$(stat -c %y m/001_t1.sql)
		sed -i 's/t1/t2/' m/001_t1.sql
		touch -d "$before" m/001_t1.sql
		settled
		status 111 gw apply
		contains "$err" "001_t1.sql'): changed since it was applied"
	done
}

# ---- the ledger by hand, as the manual says ----

the_ledger_can_be_changed_by_hand_as_the_manual_says() {
	local hash
	database
	migration 1
	migration 2
	status 0 gw apply
	echo '-- a comment' >>m/002_t2.sql
	status 111 gw apply
	hash=$(b2sum -l 256 m/002_t2.sql | cut -d' ' -f1)
	sql "UPDATE groundwork_migrations SET hash = x'$hash' WHERE module = 'd' AND id = '002'"
	status 0 gw apply
	contains "$err" "has all 2 migrations"
	sql "DELETE FROM groundwork_migrations WHERE module = 'd' AND id = '002'"
	sql 'DROP TABLE t2'
	status 0 gw apply
	contains "$err" "d: 002_t2"
	echo 'ALTER TABLE t2 ADD COLUMN b;' >m/003_b.sql
	sql 'ALTER TABLE t2 ADD COLUMN b'
	hash=$(b2sum -l 256 m/003_b.sql | cut -d' ' -f1)
	sql "INSERT INTO groundwork_migrations (module, id, name, hash, applied_at, tool)
		VALUES ('d', '003', 'b', x'$hash', strftime('%s'), 'hand')"
	database 'schema_drift = error'
	status 0 gw apply
	contains "$err" "has all 3 migrations"
}
