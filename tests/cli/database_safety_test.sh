#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database`: what is done for safety alone, and would not be missed until
# a disk fails, a page is damaged or two processes work at once.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"
database_file=v/d.db

function migration {
	mkdir -p m
	echo "CREATE TABLE t$1 (a); INSERT INTO t$1 VALUES ($1);" >"m/00$1_t$1.sql"
}

# database [KEY…]: v/d.db, with a migration pending.
function database {
	mkdir v
	printf '%s\n' '[database:d]' 'path = v/d.db' 'migrations = ../m' "$@" | drop_in 10.ini
	migration 1
	status 0 gw apply
	migration 2
}

function ledger {
	sql 'SELECT id FROM groundwork_migrations ORDER BY rowid' | tr '\n' ' '
}

# traced COMMAND…: what traces cannot look for leaks.
function traced {
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" "$@"
}

# sync_fails PATH CODE [WHEN [ERROR]]: an apply for which flushing that file fails.
function sync_fails {
	((EUID == 0)) || skip "only root may trace what is not dumpable"
	local inject="inject=fsync,fdatasync:error=${4-EIO}${3+:when=$3}"
	traced strace -o /dev/null -e "$inject" true 2>/dev/null || skip "no strace here"
	status "$2" traced strace -f -o "$TEST_DIR/trace" -P "$1" -e trace=fsync,fdatasync \
		-e "$inject" "$GROUNDWORK" -c conf apply
	contains "$TEST_DIR/trace" INJECTED
}

# at MOMENT N SCRIPT CODE COMMAND…: runs the script when the command comes to that.
function at {
	local act=${GROUNDWORK%/*}/act_before moment=$1 n=$2 script=$3 code=$4
	shift 4
	((EUID == 0)) || skip "only root may trace what is not dumpable"
	[[ -x $act ]] || skip "act_before was not built"
	"$act" open:none 0 true true 2>"$err" || skip "no ptrace here: $(tail -n 1 "$err")"
	status "$code" traced "$act" "$moment" "$n" "$script" "$@"
}

# ---- what a migration may not do ----

an_upgrade_cannot_touch_the_ledger() {
	database
	local text
	for text in 'DELETE FROM groundwork_migrations' 'DROP TABLE groundwork_migrations' \
		"UPDATE groundwork_migrations SET hash = x'00'" \
		'ALTER TABLE groundwork_migrations ADD COLUMN x' \
		'CREATE TRIGGER t AFTER INSERT ON groundwork_migrations BEGIN SELECT 1; END'; do
		echo "$text;" >m/002_t2.sql
		status 111 gw apply
		contains "$err" "'groundwork_migrations' is groundwork's own"
		equal "001 " "$(ledger)"
	done
	sql 'CREATE VIEW groundwork_v AS SELECT 1'
	sql 'CREATE INDEX groundwork_i ON t1 (a)'
	sql 'CREATE TRIGGER groundwork_t AFTER INSERT ON t1 BEGIN SELECT 1; END'
	sql 'CREATE VIRTUAL TABLE groundwork_f USING fts4(a)'
	for text in 'DROP VIEW groundwork_v' 'DROP INDEX groundwork_i' 'DROP TRIGGER groundwork_t' \
		'DROP TABLE groundwork_f'; do
		echo "$text;" >m/002_t2.sql
		status 111 gw apply
		contains "$err" "'${text##* }' is groundwork's own"
		equal "001 " "$(ledger)"
	done
	# Where the database before cannot be read beside this one, the temporary tables are ours.
	echo 'DROP TABLE temp.groundwork_keys;' >m/002_t2.sql
	status 111 gw plan --rehearse
	contains "$out" "'groundwork_keys' is groundwork's own"
}

# ---- what must be on the disk ----

an_upgrade_whose_log_cannot_be_flushed_fails() {
	database
	sync_fails "$PWD/v/d.db-wal" 111
	contains "$err" "commit: disk I/O error"
	equal "001 " "$(ledger)"
	status 0 gw apply
}

an_upgrade_whose_journal_cannot_be_flushed_fails() {
	database 'journal_mode = delete'
	sync_fails "$PWD/v/d.db-journal" 111
	equal "001 " "$(ledger)"
	sync_fails "$PWD/v/d.db" 111
	equal "001 " "$(ledger)"
	status 0 gw apply
}

# Once for the new copy, and again when it is given the name by which it is kept.
a_backup_whose_directory_cannot_be_flushed_stops_the_upgrade() {
	database 'backup = before-migrate'
	sync_fails "$PWD/v" 111 1
	contains "$err" "no backup could be made"
	sync_fails "$PWD/v" 111 2+
	contains "$err" "keep the backup '$PWD/v/d.db.bak-"
	equal "001 " "$(ledger)"
	equal "" "$(find v -name '*.bak-*')"
	status 0 gw apply
}

user_backups_that_cannot_be_listed_stay_and_are_reported() {
	database 'backup = before-migrate' 'keep_backups = 1'
	status 0 gw apply
	migration 3
	chmod 300 v
	status 0 gw apply
	contains "$err" "warning: '$PWD/v/d.db': read which of its backups are old: Permission denied"
	chmod 700 v
	equal 2 "$(find v -name '*.bak-*' | wc -l)"
}

a_backup_in_a_directory_that_knows_no_flush_is_kept() {
	database 'backup = before-migrate'
	sync_fails "$PWD/v" 0 1+ EOPNOTSUPP
	equal 1 "$(find v -name '*.bak-*' | wc -l)"
	equal "001 002 " "$(ledger)"
}

a_database_whose_directory_cannot_be_flushed_is_an_error() {
	database
	rm v/d.db
	sync_fails "$PWD/v" 111
}

# ---- what an application may take away ----

# Its last connection removes the log when it is closed.
a_log_that_is_gone_when_modes_are_put_right_is_no_error() {
	local last
	database
	status 0 gw apply
	printf '%s\n' '[database:d]' 'mode = 0600' | drop_in 20.ini
	python3 -c 'import os, sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.execute("INSERT INTO t1 VALUES (77)")
os._exit(0)'
	chmod 644 v/d.db v/d.db-wal
	at open:d.db-wal 99 true 98 "$GROUNDWORK" -c conf apply
	last=$(sed -n 's/^act_before: .* \([0-9]*\) times.*/\1/p' "$err")
	equal 600 "$(stat -c %a v/d.db-wal)"
	chmod 644 v/d.db v/d.db-wal
	at open:d.db-wal "$last" 'rm v/d.db-wal' 0 "$GROUNDWORK" -c conf apply
	equal 600 "$(stat -c %a v/d.db)"
	missing v/d.db-wal
}

# ---- where what does not fit into memory goes ----

# A sort that is larger than what SQLite keeps in memory.
an_upgrade_has_temporary_files_that_have_no_name() {
	database
	echo 'CREATE TABLE big AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < 20000) SELECT hex(randomblob(300)) AS a FROM n;
		CREATE INDEX sorted ON big (a);' >m/002_t2.sql
	mkdir tmp
	status 0 env SQLITE_TMPDIR="$PWD/tmp" "$GROUNDWORK" -c conf apply
	equal "" "$(find tmp -newer m/002_t2.sql -mindepth 1)"
	equal 20000 "$(sql 'SELECT count(*) FROM big INDEXED BY sorted')"
	sql 'DROP INDEX sorted'
	echo 'CREATE INDEX again ON big (a);' >m/003_t3.sql
	at 'pwrite:#*' 1 true 0 env SQLITE_TMPDIR="$PWD/tmp" "$GROUNDWORK" -c conf apply
	sql 'DROP INDEX again'
	echo 'CREATE INDEX again ON big (a);' >m/004_t4.sql
	status 0 env SQLITE_TMPDIR=/nowhere "$GROUNDWORK" -c conf apply
}

# ---- what must be undamaged ----

an_upgrade_is_verified_without_a_backup() {
	database 'verify = none'
	sql 'CREATE TABLE rotten AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < 100) SELECT i, randomblob(500) FROM n'
	python3 -c 'import sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", ("rotten",)).fetchone()[0]
size = db.execute("PRAGMA page_size").fetchone()[0]
db.close()
with open("v/d.db", "r+b") as file:
    file.seek((root - 1) * size)
    file.write(bytes(size))'
	local how
	for how in quick full; do
		printf '%s\n' '[database:d]' "verify = $how" | drop_in 20.ini
		status 111 gw apply
		contains "$err" "is as it was: the database is damaged: "
		equal "001 " "$(ledger)"
	done
	rm conf/20.ini
	status 0 gw apply
	equal "001 002 " "$(ledger)"
}

# theirs MIB: tables of an application that has functions and collations of its own.
function theirs {
	python3 - "$1" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect("v/d.db", isolation_level=None)
		db.create_function("own", 1, lambda a: a, deterministic=True)
		db.create_collation("own", lambda a, b: (a > b) - (a < b))
		db.executescript("""
			CREATE TABLE large AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
			WHERE i < 256 * %s) SELECT randomblob(4000) FROM n;
			CREATE TABLE checked (a, CHECK (own(a) IS NOT NULL));
			CREATE TABLE collated (a TEXT COLLATE own);
			CREATE INDEX collated_a ON collated (a);
			CREATE TABLE last (a CHECK (a > 0));
			INSERT INTO checked VALUES (1);
			INSERT INTO collated VALUES ('x'), ('y');
			INSERT INTO last VALUES (1);""" % sys.argv[1])
		db.close()
	END
}

# damage TABLE: its first page becomes zeros.
function damage {
	python3 - "$1" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect("v/d.db", isolation_level=None)
		root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", sys.argv[1:]).fetchone()[0]
		size = db.execute("PRAGMA page_size").fetchone()[0]
		db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
		db.close()
		with open("v/d.db", "r+b") as file:
		    file.seek((root - 1) * size)
		    file.write(bytes(size))
	END
}

what_only_the_application_has_is_no_damage() {
	local mib table
	for mib in 1 6; do
		rm -rf v m conf
		database 'backup = before-migrate'
		theirs "$mib"
		cp v/d.db kept
		status 0 gw apply
		contains "$err" "quick_check passed over the table 'collated', since only the application has what that needs: no such collation sequence: own"
		matches "$err" "v/d.db.bak-[^ ]*': quick_check made no check across tables .*, since only the application has what that needs: no such collation sequence: own"
		equal "001 002 " "$(ledger)"
		# Small, all of it is verified, too.
		if ((mib == 1)); then
			contains "$err" "quick_check passed over the CHECK constraints of the table 'checked', since only the application has what that needs: unknown function: own()"
		fi
		# The rest is checked all the same, and the pages of what has CHECK constraints.
		for table in last checked; do
			rm -f v/d.db-wal v/d.db-shm
			cp kept v/d.db
			damage "$table"
			status 111 gw apply
			contains "$err" "no backup could be made: the database is damaged: "
			equal "001 " "$(ledger)"
		done
	done
}

what_a_full_check_cannot_do_is_left_to_a_quick_one() {
	database 'verify = full'
	theirs 1
	python3 -c 'import sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.create_function("own", 1, lambda a: a, deterministic=True)
db.execute("CREATE TABLE indexed (a)")
db.execute("CREATE INDEX by_own ON indexed (own(a))")
db.close()'
	cp v/d.db kept
	status 0 gw apply
	contains "$err" "integrity_check did no more than a quick_check of the table 'indexed', since"
	contains "$err" "integrity_check passed over the table 'collated', since"
	contains "$err" "v/d.db': integrity_check made no check across tables (of free pages, and of pages that two tables have, or none), since"
	cp kept v/d.db
	python3 -c 'import sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.execute("PRAGMA ignore_check_constraints = ON")
db.execute("INSERT INTO last VALUES (0)")
db.close()'
	status 111 gw apply
	contains "$err" "the database is damaged: CHECK constraint failed in last"
}

# Two tables have it; each of them is as it should be.
a_page_that_is_used_twice_is_found_where_a_quick_check_suffices() {
	database 'verify = full'
	theirs 1
	python3 -c 'import sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.create_function("own", 1, lambda a: a, deterministic=True)
db.create_collation("own", lambda a, b: (a > b) - (a < b))
db.executescript("""DROP TABLE collated; DROP TABLE checked;
    CREATE TABLE indexed (a); CREATE INDEX by_own ON indexed (own(a));
    CREATE TABLE b (x); CREATE TABLE d (x); PRAGMA writable_schema = ON;
    UPDATE sqlite_master SET rootpage =
        (SELECT rootpage FROM sqlite_master WHERE name = \x27b\x27) WHERE name = \x27d\x27""")
db.close()'
	status 111 gw apply
	contains "$err" "the database is damaged: "
	contains "$err" "2nd reference to page"
	lacks "$err" "made no check across tables"
}

# ---- what other processes do meanwhile ----

# SQLite would read it into the new database.
a_wal_that_appears_while_a_database_is_made_is_an_error() {
	database
	rm v/d.db
	local ending
	for ending in -wal -journal; do
		at pwrite 1 "echo old >v/d.db$ending" 111 "$GROUNDWORK" -c conf apply
		contains "$err" "'$PWD/v/d.db' is missing, but now it has 'd.db$ending'"
		missing v/d.db
		equal old "$(cat v/d.db$ending)"
		rm v/d.db$ending
	done
	empty v
	status 0 gw apply
}

a_database_that_appears_while_one_is_made_stays() {
	database
	mv v/d.db first.db
	at pwrite 1 "mv first.db v/d.db" 0 "$GROUNDWORK" -c conf apply
	equal "001 002 " "$(ledger)"
}

# What was read without locks is read again if the file has changed.
a_database_that_changes_while_it_is_read_is_read_again() {
	database
	status 0 gw plan
	contains "$out" "apply 1 of 2 migrations"
	# The third time it is opened to see whether it still is what was read.
	at open:d.db 3 "'$GROUNDWORK' -c conf apply >other 2>&1" 0 "$GROUNDWORK" -c conf plan
	contains other "applied 1 migration "
	contains "$out" "has all 2 migrations"
}

the_journal_mode_is_switched_under_the_lock() {
	database
	status 0 gw apply
	background python3 -c '
import fcntl, struct, time
file = open("v/.d.db.lock", "w+")
file.write("host=here pid=1 step=another\n")
file.flush()
fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK
open("held", "w").close()
time.sleep(60)'
	eventually test -e held
	printf '%s\n' '[database:d]' 'journal_mode = delete' | drop_in 20.ini
	status 111 gw --deadline 500ms apply
	contains "$err" deadline
	equal wal "$(sql 'PRAGMA journal_mode')"
	kill "$pid"
	wait "$pid" || true
	status 0 gw apply
	equal delete "$(sql 'PRAGMA journal_mode')"
}
