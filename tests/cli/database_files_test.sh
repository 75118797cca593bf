#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database` where other users may write its directory: what is at the names
# of its files, and what is put there at the moment that SQLite opens them.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

owner=1000 other=1001 # of the database's directory, and of what they want to get at

function migration {
	mkdir -p m
	echo "CREATE TABLE t$1 (a); INSERT INTO t$1 VALUES ($1);" >"m/00$1_t$1.sql"
}

function as_owner {
	setpriv --reuid "$owner" --regid "$owner" --clear-groups "$@"
}

# database [KEY…]: v/d.db of $owner, in whose directory it is, with a migration pending.
function database {
	chmod 755 .
	mkdir v
	chown "$owner:$owner" v
	printf '%s\n' '[database:d]' 'path = v/d.db' 'migrations = ../m' "$@" | drop_in 10.ini
	migration 1
	status 0 as_owner "$GROUNDWORK" -c conf apply
	migration 2
}

# outside [COMMAND…]: what is not theirs, a file and a directory with another database in it;
# the command adds to it.
function outside {
	mkdir outside
	echo precious >outside/file
	sql 'CREATE TABLE x (a)' outside/d.db
	[[ $# == 0 ]] || "$@"
	chmod 600 outside/*
	chmod 700 outside
	chown -R "$other:$other" outside
	look_outside >"$TEST_DIR/outside"
}
# Not the time of the last change, which a second link moves.
function look_outside {
	find outside -printf '%p %y %m %U:%G %i %s %T@ %l\n' | sort
	find outside -type f -exec cksum {} + | sort
}
function outside_is_as_it_was {
	equal "$(cat "$TEST_DIR/outside")" "$(look_outside)" "outside"
}

# at MOMENT SCRIPT CODE [N]: an apply during which this happens, the Nth time (1).
function at {
	local act=${GROUNDWORK%/*}/act_before
	((EUID == 0)) || skip "only root may trace what is not dumpable"
	[[ -x $act ]] || skip "act_before was not built"
	"$act" open:none 0 true true 2>"$err" || skip "no ptrace here: $(tail -n 1 "$err")"
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
		status "$3" "$act" "$1" "${4-1}" "$2" "$GROUNDWORK" -c conf apply
}

# ---- the directory is exchanged for a link ----

exchange="mv v v.real && ln -s outside v && chown -h $owner v"

root_a_directory_exchanged_before_the_wal_is_opened() {
	database
	outside
	at open:d.db-wal "$exchange" 0
	outside_is_as_it_was
	equal 2 "$(sql 'SELECT a FROM t2' v.real/d.db)"
}

root_a_directory_exchanged_before_the_shared_memory_is_opened() {
	database
	outside
	at open:d.db-shm "$exchange" 0
	outside_is_as_it_was
	equal 2 "$(sql 'SELECT a FROM t2' v.real/d.db)"
}

root_a_directory_exchanged_before_the_journal_is_opened() {
	database 'journal_mode = delete'
	outside
	at open:d.db-journal "$exchange" 0
	outside_is_as_it_was
	equal 2 "$(sql 'SELECT a FROM t2' v.real/d.db)"
}

root_a_directory_exchanged_before_the_journal_is_removed() {
	database 'journal_mode = delete'
	outside cp outside/file outside/d.db-journal
	at unlink:d.db-journal "$exchange" 0
	outside_is_as_it_was
	equal 2 "$(sql 'SELECT a FROM t2' v.real/d.db)"
	missing v.real/d.db-journal
}

# A WAL of another user would be read into the database.
root_a_directory_exchanged_before_a_wal_is_recovered() {
	database
	python3 -c 'import os, sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.execute("INSERT INTO t1 VALUES (77)")
os._exit(0)'
	exists v/d.db-wal
	outside
	at open:d.db-wal "$exchange" 0 3 # it is only read the first times
	outside_is_as_it_was
	equal $'1\n77' "$(sql 'SELECT a FROM t1' v.real/d.db)"
	equal 2 "$(sql 'SELECT a FROM t2' v.real/d.db)"
}

root_a_directory_exchanged_before_a_journal_is_played_back() {
	database 'journal_mode = delete'
	python3 -c 'import os, sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN")
db.execute("INSERT INTO t1 WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
           " SELECT randomblob(1000) FROM n")
os._exit(0)'
	exists v/d.db-journal
	outside cp v/d.db-journal outside/d.db-journal
	at unlink:d.db-journal "$exchange" 0
	outside_is_as_it_was
	missing v.real/d.db-journal
	equal 1 "$(sql 'SELECT a FROM t1' v.real/d.db)"
	equal 2 "$(sql 'SELECT a FROM t2' v.real/d.db)"
}

# Another user could read a copy in their database.
root_a_directory_exchanged_before_the_backup_is_made() {
	database 'backup = before-migrate'
	outside
	at open:d.db "$exchange" 0 7 # six times it was looked at, read and upgraded
	outside_is_as_it_was
	equal 1 "$(sql 'SELECT a FROM t1' v.real/d.db.bak-*)"
}

# ---- something else at the name of a sidecar ----

# planted COMMAND…: makes what {} stands for of a sidecar; each is refused and left alone.
function planted {
	local ending before
	for ending in -wal -shm -journal; do
		"${@//\{\}/v/d.db$ending}"
		before=$(snapshot v)
		status 111 gw plan
		contains "$out" "'$PWD/v/d.db$ending' $refusal"
		status 111 gw apply
		contains "$err" "'$PWD/v/d.db$ending' $refusal"
		outside_is_as_it_was
		equal "$before" "$(snapshot v)"
		rm "v/d.db$ending"
		equal "" "$(sql "SELECT name FROM sqlite_schema WHERE name = 't2'" v/d.db)"
	done
}

root_a_link_in_place_of_a_sidecar_is_refused() {
	database
	outside
	local refusal="is a symbolic link, not a file of this database"
	planted ln -s "$PWD/outside/file" {}
}

# A file of root's: its owner is no reason to refuse it.
function of_root {
	chown 0:0 outside/file
	look_outside >"$TEST_DIR/outside"
}

root_a_hard_link_in_place_of_a_sidecar_is_refused() {
	database
	outside
	of_root
	local refusal="has 2 hard links, so it may be another file, too"
	planted ln outside/file {}
}

root_a_file_of_another_user_in_place_of_a_sidecar_is_refused() {
	database
	outside
	local refusal="belongs to user $other, but its database to user $owner"
	planted install -o "$other" -m 666 outside/file {}
}

root_a_pipe_in_place_of_a_sidecar_is_refused() {
	database
	outside
	local refusal="is a pipe, not a file of this database"
	planted mkfifo {}
}

# The same as late as possible: after everything was inspected.
function late {
	at "open:d.db$1" "$2" 111
	contains "$err" "'$PWD/v/d.db$1' $3"
	outside_is_as_it_was
	rm "v/d.db$1"
	equal "" "$(sql "SELECT name FROM sqlite_schema WHERE name = 't2'" v/d.db)"
}

root_a_link_that_is_planted_late_is_refused() {
	database
	outside
	late -wal 'ln -s ../outside/file v/d.db-wal' "is a symbolic link"
	late -shm 'ln -s ../outside/file v/d.db-shm' "is a symbolic link"
}

root_a_hard_link_that_is_planted_late_is_refused() {
	database
	outside
	of_root
	late -wal 'ln outside/file v/d.db-wal' "has 2 hard links"
	late -shm 'ln outside/file v/d.db-shm' "has 2 hard links"
}

# The link count is not enough: a file that was opened by a second name may have lost it.
root_a_hard_link_that_is_gone_when_links_are_counted_is_not_written() {
	database
	outside
	of_root
	ln outside/file v/.d.db.lock
	at stat:.d.db.lock 'rm v/.d.db.lock' 0
	outside_is_as_it_was
	equal 2 "$(sql 'SELECT a FROM t2' v/d.db)"
}

root_a_journal_that_is_planted_late_is_refused() {
	database 'journal_mode = delete'
	outside
	late -journal 'ln -s ../outside/file v/d.db-journal' "is a symbolic link"
	late -journal "install -o $other outside/file v/d.db-journal" "belongs to user $other"
}

# The owner of the directory can rename a file of root's; it must not become theirs.
root_a_file_of_roots_that_was_renamed_is_not_given_away() {
	database
	local ending
	for ending in -wal -shm; do
		echo secret >"v/d.db$ending"
		chmod 600 "v/d.db$ending"
		at "chown:d.db$ending" true 98
		contains "$err" "0 times"
		rm -f "v/d.db$ending"
		migration 3
	done
}

# Killed in between, there would be one that its owner cannot open.
root_a_sidecar_has_its_owner_before_its_name() {
	database
	at 'chown:#*' true 0
	local name number=3
	for name in d.db-wal d.db-shm .d.db.lock; do
		migration $number
		rm v/.d.db.lock
		at "chown:$name" true 98
		number=$((number + 1))
	done
	mode v/.d.db.lock 600 "$owner:$owner"
}

root_proc_is_not_needed() {
	database 'backup = before-migrate'
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer needs /proc"
	outside
	# The inner shell has its own arguments.
	# shellcheck disable=SC2016
	local without='umount -l /proc && ! test -e /proc/self && exec "$0" "$@"'
	unshare -m sh -c "$without" true 2>/dev/null || skip "/proc stays"
	status 0 unshare -m sh -c "$without" "$GROUNDWORK" -c conf apply
	equal 2 "$(sql 'SELECT a FROM t2' v/d.db)"
	rm v/d.db
	status 0 unshare -m sh -c "$without" "$GROUNDWORK" -c conf apply
	equal 2 "$(sql 'SELECT a FROM t2' v/d.db)"
}

# ---- the database itself, and its lock ----

root_a_database_that_is_a_link_is_refused() {
	database
	outside
	mv v/d.db v/real.db
	ln -s real.db v/d.db
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db' is a symbolic link, not a database"
	outside_is_as_it_was
}

a_database_with_two_names_is_refused() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' | drop_in 10.ini
	migration 1
	status 0 gw apply
	ln d.db twin.db
	local before
	before=$(snapshot d.db)
	status 111 gw apply
	contains "$err" "'$PWD/d.db' has 2 hard links, so it may be another file, too"
	equal "$before" "$(snapshot d.db)"
	rm twin.db
	status 0 gw apply
}

# If a file cannot be published with NOREPLACE, it has two names for a moment.
a_second_name_that_goes_away_is_waited_for() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' | drop_in 10.ini
	migration 1
	status 0 gw apply
	ln d.db twin.db
	at open:d.db 'rm twin.db' 0 2
}

root_a_lock_of_another_user_is_refused() {
	database
	outside
	install -o "$other" -m 666 /dev/null v/.d.db.lock
	status 111 gw apply
	contains "$err" "the lock: '$PWD/v/.d.db.lock' belongs to user $other"
	empty v/.d.db.lock
}

# ---- journals ----

# A file that a journal names as its super-journal would be read, and then removed.
root_a_journal_cannot_have_a_file_removed() {
	database 'journal_mode = delete'
	outside
	python3 - "$PWD/outside/file" <<-'END'
		import os, shutil, sqlite3, struct, sys
		victim = sys.argv[1].encode()
		db = sqlite3.connect("v/d.db", isolation_level=None)
		db.execute("PRAGMA cache_size = 1")
		db.execute("BEGIN")
		db.execute("CREATE TABLE big AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		           " WHERE i < 100) SELECT randomblob(1000) FROM n")
		shutil.copy("v/d.db-journal", "v/copy")
		db.execute("ROLLBACK")
		with open("v/copy", "ab") as file:
		    file.write(struct.pack(">I", 0x40000000 // 4096 + 1) + victim +
		               struct.pack(">II", len(victim), sum(victim)) +
		               bytes.fromhex("d9d505f920a163d7"))
		os.rename("v/copy", "v/d.db-journal")
	END
	chown "$owner" v/d.db-journal
	status 111 gw plan
	contains "$out" "is of a transaction over several databases"
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db-journal' is of a transaction over several databases"
	outside_is_as_it_was
	exists v/d.db-journal
}

a_transaction_over_several_databases_is_left_to_its_application() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' \
		'journal_mode = delete' | drop_in 10.ini
	migration 1
	status 0 gw apply
	local act=${GROUNDWORK%/*}/act_before work='import sqlite3
db = sqlite3.connect("d.db", isolation_level=None)
db.execute("ATTACH \"second.db\" AS second")
db.execute("CREATE TABLE IF NOT EXISTS second.s (a)")
db.execute("BEGIN")
db.execute("INSERT INTO t1 VALUES (2)")
db.execute("INSERT INTO second.s VALUES (2)")
db.execute("COMMIT")'
	at open:none true 98 # is there ptrace?
	# shellcheck disable=SC2016 # the script's own
	"$act" 'unlink:d.db-mj*' 1 'kill -KILL $PID' python3 -c "$work" || true
	exists d.db-journal
	status 111 gw apply
	contains "$err" "open '$PWD/d.db' with that application, or with sqlite3, and start again"
	sql 'SELECT count(*) FROM t1' d.db
	migration 2
	status 0 gw apply
	equal 2 "$(sql 'SELECT a FROM t2' d.db)"
	equal 1 "$(sql 'SELECT a FROM t1' d.db)" "what was not committed"
}
