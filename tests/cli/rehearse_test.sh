#!/bin/bash
# SPDX-License-Identifier: MIT
# Trying migrations on a copy: `rehearse` before an upgrade, and `plan --rehearse`.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"
database_file=v/d.db

# traced COMMAND…: what traces cannot look for leaks.
function traced {
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" "$@"
}

# database [KEY…]: v/d.db with two equal names, which no unique index can be made of.
function database {
	mkdir v m
	printf '%s\n' '[database:d]' 'path = v/d.db' 'migrations = ../m' "$@" | drop_in 10.ini
	cat >m/001_a.sql <<-'END'
		CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);
		INSERT INTO a (name) VALUES ('same'), ('same');
	END
	status 0 gw apply
}

function unique_names {
	printf '%s\n' 'ALTER TABLE a ADD COLUMN x TEXT;' 'CREATE UNIQUE INDEX u ON a (name);' >m/002_u.sql
}

# A NULL where its table has none.
function damage {
	sql 'UPDATE a SET name = NULL WHERE id = 2'
	python3 - <<-'END'
		import sqlite3
		db = sqlite3.connect("v/d.db", isolation_level=None)
		db.execute("PRAGMA writable_schema = ON")
		db.execute("UPDATE sqlite_master SET sql = replace(sql, 'name TEXT',"
		    " 'name TEXT NOT NULL') WHERE name = 'a'")
	END
}

# Its bytes, and what is in its directory.
function state {
	sha256sum v/d.db
	find v ! -name '.*.lock' | sort
}

# ---- plan --rehearse ----

a_plan_finds_what_fails_on_the_data() {
	local before
	database
	unique_names
	before=$(snapshot .)
	status 0 gw plan
	status 111 gw plan --rehearse
	contains "$out" "m/002_u.sql:2: 'CREATE UNIQUE INDEX u ON a (name);': UNIQUE constraint failed"
	equal "$before" "$(snapshot .)"
}

a_plan_shows_how_the_schema_would_change() {
	local before
	database
	cat >m/002_b.sql <<-'END'
		CREATE TABLE b (x REFERENCES a);
		ALTER TABLE a RENAME COLUMN name TO title;
		CREATE INDEX i ON b (x);
	END
	before=$(snapshot .)
	status 2 gw --exit-code plan --rehearse
	contains "$out" 'rehearsed on a copy: it would work, and change the schema by'
	contains "$out" '+ table b'
	contains "$out" '+ index i'
	contains "$out" '~ table a: - name TEXT, + title TEXT'
	equal "$before" "$(snapshot .)"
	status 0 gw --format json plan --rehearse
	contains "$out" '+ table b'
	status 0 gw apply
	status 0 gw plan --rehearse
	lacks "$out" rehearsed
}

a_plan_tries_a_new_database_in_memory() {
	drop_in 10.ini <<-'END'
		[database:d]
		path = v/d.db
		migrations = ../m
	END
	mkdir m
	echo 'CREATE TABLE a (x UNIQUE); INSERT INTO a VALUES (1);' >m/001_a.sql
	status 0 gw plan --rehearse
	contains "$out" 'rehearsed in memory: it would work, and change the schema by'
	echo 'INSERT INTO a VALUES (1);' >m/002_b.sql
	status 111 gw plan --rehearse
	contains "$out" '/m/002_b.sql:1: '
	missing v
}

a_plan_reads_what_it_may_not_write() {
	database
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	chmod 0555 v
	chmod 0444 v/d.db
	status 0 gw plan --rehearse
	contains "$out" '+ table b'
	chmod 0755 v
}

# The rows that are still in its -wal count, and it is not disturbed.
a_plan_reads_beside_an_application_that_writes() {
	database
	unique_names
	python3 - <<-'END' || fail "the application was disturbed"
		import os, sqlite3, subprocess, sys
		db = sqlite3.connect("v/d.db", isolation_level=None)
		db.execute("UPDATE a SET name = 'other' WHERE id = 2")
		assert os.path.getsize("v/d.db-wal") > 0
		plan = [os.environ["GROUNDWORK"], "-c", "conf", "plan", "--rehearse"]
		db.execute("BEGIN IMMEDIATE")
		db.execute("INSERT INTO a (name) VALUES ('same')")
		before = open("v/d.db-wal", "rb").read()
		done = subprocess.run(plan, stdout=subprocess.PIPE)
		sys.stderr.buffer.write(done.stdout)
		assert done.returncode == 0 and b"+ index u" in done.stdout
		assert before == open("v/d.db-wal", "rb").read()
		db.execute("COMMIT")
		assert subprocess.run(plan, stdout=subprocess.PIPE).returncode == 111
	END
}

no_other_command_takes_it_for_a_plan() {
	database
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	status 100 gw apply --rehearse
	contains "$err" "--rehearse is of 'plan': write \`groundwork plan --rehearse\`, or \`rehearse = yes\`"
	status 100 gw check --rehearse
	matches "$err" "write .groundwork plan --rehearse.\$"
	status 100 gw run --rehearse true
	equal "001" "$(sql 'SELECT max(id) FROM groundwork_migrations')"
}

# ---- rehearse = yes ----

what_fails_on_the_copy_is_not_done() {
	local before
	database 'rehearse = yes' 'backup = before-migrate'
	unique_names
	before=$(state)
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db' is as it was: rehearsed on a copy: "
	contains "$err" "/m/002_u.sql:2: "
	equal "$before" "$(state)"
	sql "UPDATE a SET name = id" >/dev/null
	status 0 gw plan
	contains "$out" ', after a rehearsal and a backup: d: 002_u'
	status 0 gw apply
	equal "002" "$(sql 'SELECT max(id) FROM groundwork_migrations')"
}

# Taking over is an upgrade, too.
what_is_only_taken_over_is_rehearsed() {
	database 'adopt = baseline:001' 'rehearse = yes' 'backup = before-migrate'
	sql 'DROP TABLE groundwork_migrations'
	status 0 gw plan --rehearse
	contains "$out" 'rehearsed on a copy: it would work'
	contains "$out" ', after a rehearsal and a backup, recording 1 migration'
	status 0 gw apply
	contains "$err" '; rehearsed before'
	contains "$err" "; backup '"
}

# What was read without locks is about a state that is gone.
a_database_that_is_changed_while_it_is_copied_is_an_error() {
	local act=${GROUNDWORK%/*}/act_before
	((EUID == 0)) || skip "only root may trace what is not dumpable"
	[[ -x $act ]] || skip "act_before was not built"
	"$act" open:none 0 true true 2>"$err" || skip "no ptrace here: $(tail -n 1 "$err")"
	database
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	# The last time it is opened to see whether it still is what was copied.
	status 111 traced "$act" open:d.db 6 "'$GROUNDWORK' -c conf apply >other 2>&1" \
		"$GROUNDWORK" -c conf plan --rehearse
	contains other 'applied 1 migration '
	contains "$out" "'$PWD/v/d.db' was changed while it was copied"
}

# A backup is checked whole, and so its rehearsal is.
a_plan_finds_that_no_backup_can_be_made() {
	database 'backup = before-migrate' 'verify = none'
	damage
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	status 0 gw plan
	status 111 gw plan --rehearse
	contains "$out" 'no backup could be made: the database is damaged: NULL value in a.name'
	contains "$out" 'or write'
	status 111 gw apply
	contains "$err" 'no backup could be made: the database is damaged: NULL value in a.name'
}

# What is broken at the end is found as an upgrade finds it.
the_copy_is_verified() {
	database 'rehearse = yes'
	echo 'CREATE TABLE c (a REFERENCES a); INSERT INTO c VALUES (77);' >m/002_c.sql
	status 111 gw apply
	contains "$err" 'rehearsed on a copy: '
	contains "$err" 'foreign key'
	equal "001" "$(sql 'SELECT max(id) FROM groundwork_migrations')"
	damage
	echo "UPDATE a SET name = 'other' WHERE id = 1;" >m/002_c.sql
	status 111 gw plan --rehearse
	matches "$out" 'rehearsed on a copy: .*NULL value in a.name'
	status 111 gw apply
	matches "$err" 'rehearsed on a copy: .*NULL value in a.name'
}

root_the_copy_has_no_name() {
	strace -o /dev/null true 2>/dev/null || skip "no strace here"
	database 'rehearse = yes'
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
			WHERE i < 9000) INSERT INTO a (name) SELECT hex(randomblob(500)) FROM n" >/dev/null
	echo "UPDATE a SET name = 'x' || name;" >m/002_b.sql
	status 0 traced strace -f -o "$TEST_DIR/trace" -e trace=openat,unlink,unlinkat,rename,renameat \
		"$GROUNDWORK" -c conf apply
	contains "$TEST_DIR/trace" O_TMPFILE
	lacks "$TEST_DIR/trace" etilqs_
}

root_without_space_for_the_copy_nothing_is_done() {
	local before
	needs_mounts
	database 'rehearse = yes' 'journal_mode = delete'
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < 6000) INSERT INTO a (name) SELECT hex(randomblob(500)) FROM n" >/dev/null
	echo "UPDATE a SET name = 'x' || name;" >m/002_b.sql
	cp v/d.db kept
	before=$(sha256sum <v/d.db)
	mkdir disk
	# Room for the database, and not for its copy, here and where temporary files are.
	# shellcheck disable=SC2016
	status 0 unshare -m bash -c 'mount -t tmpfs -o size=10m tmpfs disk && cp kept disk/d.db &&
		mount --bind disk v && export TMPDIR=$PWD/v &&
		for place in /var/tmp /usr/tmp; do
			[[ ! -d $place ]] || mount -t tmpfs -o size=4k tmpfs "$place"
		done
		"$0" -c conf apply 2>said; echo $? >code; sha256sum <v/d.db >after; ls -A v >left' \
		"$GROUNDWORK"
	equal 111 "$(<code)"
	matches said 'rehearsed on a copy: .* full; the copy needs more room than there is: '
	matches said "'$PWD/v' has [0-9]+ KiB; set TMPDIR to a directory that has it"
	equal "$before" "$(<after)"
	equal '.d.db.lock d.db' "$(xargs <left)"
}

# rows COUNT: a database that does not fit into memory, and a migration of all of it.
function rows {
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < $1) INSERT INTO a (name) SELECT hex(randomblob(500)) FROM n" >/dev/null
	echo "UPDATE a SET name = 'x' || name;" >m/002_b.sql
}

root_the_copy_is_where_there_is_room() {
	needs_mounts
	database 'rehearse = yes' 'journal_mode = delete'
	rows 6000
	cp v/d.db kept
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	mkdir disk other
	# shellcheck disable=SC2016
	status 0 unshare -m bash -c 'mount -t tmpfs -o size=10m tmpfs disk && cp kept disk/d.db &&
		mount --bind disk v && mount -t tmpfs -o size=30m tmpfs other &&
		TMPDIR=$PWD/other "$0" -c conf apply && ls -A v other >left' "$GROUNDWORK"
	equal 'other: v: .d.db.lock d.db' "$(xargs <left)"
}

# It would fill the disk of an application that writes meanwhile.
root_no_copy_is_begun_where_there_is_no_room() {
	needs_mounts
	strace -o /dev/null true 2>/dev/null || skip "no strace here"
	database 'rehearse = yes' 'journal_mode = delete'
	rows 6000
	cp v/d.db kept
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	mkdir disk other
	# shellcheck disable=SC2016
	status 0 traced unshare -m bash -c 'mount -t tmpfs -o size=10m tmpfs disk &&
		cp kept disk/d.db && mount --bind disk v &&
		TMPDIR=$PWD/other strace -f -y -e trace=openat -o trace "$0" -c conf apply' "$GROUNDWORK"
	matches trace "$PWD/other>, \"\.\", [A-Z_|]*O_TMPFILE"
	! grep -E "$PWD/v>, \"\.\", [A-Z_|]*O_TMPFILE" trace || fail "a copy was begun beside the database"
}

# Beside the database there is room for a copy, and not for what the migration adds to it.
root_a_rehearsal_that_finds_the_disk_full_is_repeated_where_there_is_room() {
	needs_mounts
	database 'rehearse = yes' 'journal_mode = delete'
	rows 3000
	cp v/d.db kept
	echo 'CREATE TABLE b AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < 6000) SELECT randomblob(1000) AS x FROM n;' >m/002_b.sql
	mkdir disk other
	# shellcheck disable=SC2016
	local run='mount -t tmpfs -o size=10m tmpfs disk && cp kept disk/d.db &&
		mount --bind disk v && mount -t tmpfs -o size="$1" tmpfs other &&
		TMPDIR=$PWD/other "$0" -c conf apply; echo $? >code; ls -A v other >left'
	status 0 unshare -m bash -c "$run" "$GROUNDWORK" 30m
	equal 0 "$(<code)"
	contains "$err" "rehearsed before"
	equal 'other: v: .d.db.lock d.db' "$(xargs <left)"
	status 0 unshare -m bash -c "$run" "$GROUNDWORK" 1m
	equal 111 "$(<code)"
	matches "$err" "is as it was: rehearsed on a copy: .* full; the copy needs more room"
	matches "$err" "'$PWD/v' has [67][0-9]+ KiB, and '$PWD/other' has 10[0-9]+ KiB; set TMPDIR"
}

root_a_plan_makes_no_copy_in_the_databases_directory() {
	local before
	needs_mounts
	database 'journal_mode = delete'
	rows 6000
	before=$(stat -c %y v)
	# Nothing can be written but the database's directory.
	# shellcheck disable=SC2016
	status 111 unshare -m bash -c 'for place in /tmp /var/tmp /usr/tmp "$TEST_DIR"; do
			[[ ! -d $place ]] || { mount --bind "$place" "$place" &&
				mount -o remount,bind,ro "$place"; }
		done
		unset TMPDIR SQLITE_TMPDIR
		cd "$1" && mount --bind v v && mount -o remount,bind,rw v && touch -c -a v/d.db &&
		exec "$0" -c conf plan --rehearse' "$GROUNDWORK" "$PWD"
	contains "$out" 'rehearsed on a copy: copy: '
	contains "$out" 'set TMPDIR to a directory that has it'
	equal "$before" "$(stat -c %y v)"
}

# Both find a migration pending; the later one has nothing to rehearse any more.
root_who_has_waited_for_the_lock_copies_nothing() {
	strace -o /dev/null true 2>/dev/null || skip "no strace here"
	database 'rehearse = yes'
	rows 6000
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	status 0 traced python3 - <<-'END'
		import fcntl, os, struct, subprocess, time
		lock = os.open("v/.d.db.lock", os.O_RDWR | os.O_CREAT, 0o600)
		fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
		started = [subprocess.Popen(["strace", "-f", "-o", trace, "-e", "trace=openat,fcntl",
		            os.environ["GROUNDWORK"], "-c", "conf", "apply"]) for trace in "12"]
		while not all(os.path.exists(t) and "EAGAIN" in open(t).read() for t in "12"):
		    assert all(process.poll() is None for process in started)
		    time.sleep(0.01)
		os.close(lock)
		assert [process.wait() for process in started] == [0, 0]
		copies = [open(t).read().count("O_TMPFILE") for t in "12"]
		assert copies.count(0) == 1, copies
	END
}

# copying: has process $pid, or a child of its, the copy open?
function copying {
	local process
	for process in "$pid" $(cat "/proc/$pid/task/$pid/children"); do
		find "/proc/$process/fd" -lname "$PWD/v/*(deleted)" 2>/dev/null
	done | grep -q .
}

a_killed_rehearsal_leaves_nothing_behind_and_nobody_waiting() {
	local before
	database 'rehearse = yes' 'journal_mode = delete'
	rows 6000
	cat >m/002_b.sql <<-'END'
		CREATE TABLE b AS WITH RECURSIVE n(i) AS
			(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS n FROM n;
	END
	background "$GROUNDWORK" -c conf apply
	eventually copying
	sql "INSERT INTO a (name) VALUES ('meanwhile')" >/dev/null || fail "the database is locked"
	before=$(state)
	kill -KILL "$pid"
	status 137 wait "$pid"
	equal "$before" "$(state)"
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	status 0 gw apply
	equal 1 "$(sql "SELECT count(*) FROM a WHERE name = 'meanwhile'")"
	equal $'.d.db.lock\nd.db' "$(ls -A v)"
}

the_deadline_ends_a_rehearsal() {
	mkdir m
	printf '%s\n' '[database:d]' 'path = v/d.db' 'migrations = ../m' | drop_in 10.ini
	cat >m/001_a.sql <<-'END'
		CREATE TABLE a (x);
		WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
		INSERT INTO a SELECT x FROM c WHERE x < 0;
	END
	status 111 gw --deadline 500ms plan --rehearse
	contains "$out" "the deadline of 500ms (--deadline) has passed"
	lacks "$err" "the application would not start"
	printf '[bootstrap]\ndeadline = 500ms\n' | drop_in 20.ini
	status 111 gw plan --rehearse
	contains "$out" "the deadline of 500ms ([bootstrap] deadline) has passed"
	lacks "$err" "the application would not start"
	missing v
}
