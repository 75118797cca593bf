#!/bin/bash
# SPDX-License-Identifier: MIT
# A database that may not be written: the plan says so, in the words of apply.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# database MIGRATION…: v/d.db with the first, and the others pending.
function database {
	drop_in 10.ini <<-'END'
		[database:d]
		path = v/d.db
		migrations = ../m
	END
	mkdir -p m v
	chmod 755 . v
	rm -f m/002_b.sql
	echo 'CREATE TABLE a (x);' >m/001_a.sql
	[[ -z ${1-} ]] || status 0 gw apply
	echo 'CREATE TABLE b (x);' >m/002_b.sql
}

function as_user {
	setpriv --reuid=10001 --regid=10001 --clear-groups "$@"
}

# both TEXT COMMAND…: plan and apply of the command fail with that text.
function both {
	local text=$1
	shift
	status 111 "$@" -c conf plan
	contains "$out" "! database:d  conf/10.ini:1: [database:d]: $text"
	status 111 "$@" -c conf apply
	contains "$err" "error: conf/10.ini:1: [database:d]: $text"
}

root_a_directory_that_may_not_be_written() {
	local theirs='belongs to 0:0 with mode 0755, and we are 10001:10001; give that user access'
	database
	both "create '$PWD/v/d.db': Permission denied: its directory $theirs" as_user "$GROUNDWORK"
	rmdir v
	both "create the directory 'v' on the way to '$PWD/v/d.db': Permission denied: its directory $theirs" \
		as_user "$GROUNDWORK"
}

root_a_database_that_may_not_be_written() {
	local we='and we are 10001:10001; give that user access'
	database there
	chown 10001 v
	both "open '$PWD/v/d.db': Permission denied: it belongs to 0:0 with mode 0640, $we" \
		as_user "$GROUNDWORK"
	chmod 644 v/d.db
	both "open '$PWD/v/d.db': Permission denied: it belongs to 0:0 with mode 0644, $we" \
		as_user "$GROUNDWORK"
	rm -f v/.d.db.lock v/d.db-wal v/d.db-shm
	chown 0 v
	both "the lock: create '$PWD/v/.d.db.lock': Permission denied: its directory belongs to 0:0" \
		as_user "$GROUNDWORK"
	: >v/.d.db.lock
	both "the lock: open '$PWD/v/.d.db.lock': Permission denied: it belongs to 0:0" \
		as_user "$GROUNDWORK"
	chmod 666 v/.d.db.lock v/d.db
	both "create a file beside '$PWD/v/d.db': Permission denied: its directory belongs to 0:0" \
		as_user "$GROUNDWORK"
	: >v/d.db-wal
	both "open '$PWD/v/d.db-wal': Permission denied: it belongs to 0:0" as_user "$GROUNDWORK"
	chmod 777 v
	rm v/d.db-wal
	status 0 as_user "$GROUNDWORK" -c conf plan
	status 0 as_user "$GROUNDWORK" -c conf apply
}

root_a_file_system_that_is_read_only() {
	needs_mounts
	database
	both "create '$PWD/v/d.db': Read-only file system; mount a writable volume there" read_only v "$GROUNDWORK"
	database there
	both "the lock: create '$PWD/v/.d.db.lock': Read-only file system; mount a writable" read_only v "$GROUNDWORK"
	# An application that was killed has left its log.
	python3 -c 'import os, sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.execute("INSERT INTO a VALUES (1)")
os._exit(0)'
	rm v/d.db-shm
	both "the lock: create '$PWD/v/.d.db.lock': Read-only file system; mount a writable" read_only v "$GROUNDWORK"
	# Nothing pending, it need not be written.
	status 0 gw apply
	status 0 read_only v "$GROUNDWORK" -c conf plan
	status 0 read_only v "$GROUNDWORK" -c conf apply
}

root_what_an_earlier_step_makes_writable_is_no_error_of_the_plan() {
	database
	chmod 555 v
	chown 10001 v
	both "create '$PWD/v/d.db': Permission denied" as_user "$GROUNDWORK"
	printf '%s\n' '[directory:v]' 'path = v' 'mode = 0755' | drop_in 05.ini
	status 0 as_user "$GROUNDWORK" -c conf plan
	contains "$out" "+ database:d"
	status 0 as_user "$GROUNDWORK" -c conf apply
}
