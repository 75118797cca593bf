#!/bin/bash
# SPDX-License-Identifier: MIT
# A database that the application's user cannot use is an error, however that came about; and
# a database that others can change is warned of.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# database [KEY…]: v/d.db for an application of user 10001, group 10002.
function database {
	mkdir -p v m
	printf '%s\n' '[app]' 'user = 10001:10002' '[database:d]' 'path = v/d.db' \
		'migrations = ../m' "$@" | drop_in 10.ini
	echo 'CREATE TABLE t1 (a);' >m/001_t1.sql
}

# unusable TEXT: the error of a plan and of a start, which changes nothing.
function unusable {
	local before
	before=$(snapshot v)
	status 111 gw plan
	contains "$out" "$1"
	status 111 gw sh -c 'touch started'
	contains "$err" "$1"
	missing started
	equal "$before" "$(snapshot v)"
}

root_a_directory_that_the_user_cannot_write_is_an_error_before_anything_is_made() {
	database
	unusable "the directory '$PWD/v' of the database belongs to 0:0 with mode 0755, and the application's user 10001 cannot write there, as SQLite must; write owner = 10001 into a [directory:…]"
	missing v/d.db
	chown 10001 v
	chmod 500 v
	unusable "belongs to 10001:0 with mode 0500"
	chmod 700 v
	status 0 gw apply
	mode v/d.db 640 10001:10002
}

root_a_directory_that_a_step_makes_usable_is_no_error() {
	database '[directory:v]' 'path = v' 'owner = 10001'
	status 0 gw plan
	contains "$out" "fix '$PWD/v': owner 0, not 10001"
	contains "$out" "create the database '$PWD/v/d.db'"
	status 0 gw apply
	mode v 755 10001:0
}

root_a_group_may_be_what_lets_the_user_in() {
	database 'owner = 10003' 'group = 10002' 'mode = 0660'
	chown 10003:10002 v
	chmod 2770 v
	status 0 gw apply
	mode v/d.db 660 10003:10002
	database 'owner = 10003' 'group = 10002' 'mode = 0640'
	chmod 640 v/d.db
	unusable "'$PWD/v/d.db' belongs to 10003:10002 with mode 0640, and the application's user 10001 cannot read and write it; write owner = 10001 into the step, or a wider \`mode\`"
}

root_an_existing_database_is_reported_at_each_start() {
	database
	chown 10001 v
	status 0 gw apply
	chown 0:0 v/d.db
	unusable "'$PWD/v/d.db' belongs to 0:0 with mode 0640"
	echo 'CREATE TABLE t2 (a);' >m/002_t2.sql
	unusable "'$PWD/v/d.db' belongs to 0:0 with mode 0640"
	database 'owner = 10001'
	status 0 gw apply
	mode v/d.db 640 10001:0
}

root_a_sidecar_that_the_user_cannot_use_is_an_error() {
	database
	chown 10001 v
	status 0 gw apply
	python3 -c 'import os, sqlite3
db = sqlite3.connect("v/d.db", isolation_level=None)
db.execute("INSERT INTO t1 VALUES (77)")
os._exit(0)'
	chown 0:0 v/d.db-wal
	chmod 600 v/d.db-wal
	unusable "'$PWD/v/d.db-wal' belongs to 0:0 with mode 0600"
	chown 10001 v/d.db-wal
	status 0 gw apply
}

root_one_that_is_made_for_another_user_is_an_error() {
	database 'owner = 10003'
	chown 10003 v
	chmod 777 v
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db' belongs to 10003:10003 with mode 0640"
	database 'owner = 10003' 'critical = no'
	status 0 gw apply
	matches "$err" "warning: .*'$PWD/v/d.db' belongs to 10003"
}

# allow UID PATH…: by an access control list, which the mode does not show.
function allow {
	python3 - "$@" <<-'END'
		import os, struct, sys
		entries = [(1, 7, -1), (2, 7, int(sys.argv[1])), (4, 0, -1), (16, 7, -1), (32, 0, -1)]
		acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
		for path in sys.argv[2:]:
		    os.setxattr(path, "system.posix_acl_access", acl)
	END
}

root_an_access_control_list_counts() {
	database 'owner = 0'
	allow 10001 v || skip "no access control lists here"
	: >probe
	allow 10001 probe
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db' belongs to 0:0 with mode 0640"
	allow 10001 v/d.db
	status 0 gw apply
	chmod 750 v # also the most that the list may give
	unusable "the directory '$PWD/v' of the database belongs to 0:0 with mode 0750"
}

root_reading_is_enough_on_a_read_only_mount() {
	database
	chown 10001 v
	status 0 gw apply
	chmod 500 v
	chmod 400 v/d.db
	status 0 read_only v "$GROUNDWORK" -c conf apply
	contains "$err" "has its one migration"
	chmod 200 v/d.db
	status 111 read_only v "$GROUNDWORK" -c conf apply
	contains "$err" "with mode 0200"
}

user_only_root_checks_the_user() {
	mkdir v
	database
	status 0 gw apply
	chmod 400 v/d.db
	status 0 gw apply
}

# ---- whom a database may belong to, and who else can change it ----

root_a_database_that_another_user_may_have_put_there_is_refused() {
	database
	sed -i '/^user/d' conf/10.ini
	chown 10003 v
	python3 -c 'import sqlite3; sqlite3.connect("v/d.db").execute("CREATE TABLE t1 (a)")'
	chown 10004 v/d.db
	local before
	before=$(snapshot v)
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db' belongs to user 10004, who is neither root, nor the owner of its directory (user 10003), nor the owner that it is to have"
	equal "$before" "$(snapshot v)"
	chown 0:0 v
	chmod 1777 v
	status 111 gw apply
	contains "$err" "write owner = 10004 to accept it"
	chmod 755 v
	status 111 gw apply
	contains "$err" "has tables but no ledger"
}

root_a_directory_that_others_may_write_is_warned_of_and_works() {
	database
	sed -i '/^user/d' conf/10.ini
	chmod 777 v
	status 0 gw apply
	matches "$err" "warning: .*'$PWD/v/d.db' is in a directory that others may write \(0:0, 0777\)"
	echo 'CREATE TABLE t2 (a);' >m/002_t2.sql
	status 0 gw apply
	matches "$err" "warning: .*'$PWD/v/d.db' is in a directory that others may write"
	mode v/d.db 640 0:0
	chmod 2775 v
	chgrp 10002 v
	status 0 gw apply
	matches "$err" "is in a directory that others may write \(0:10002, 2775\)"
	chgrp 10002 v/d.db
	status 0 gw apply
	lacks "$err" "others may write"
	chmod 755 v
	status 0 gw apply
	lacks "$err" "others may write"
}

# They can create any file there; it is none of our backups.
root_a_sidecar_that_is_planted_where_all_may_write_is_refused() {
	database
	sed -i '/^user/d' conf/10.ini
	chmod 1777 v
	status 0 gw apply
	echo 'CREATE TABLE t2 (a);' >m/002_t2.sql
	setpriv --reuid 10004 --regid 10004 --clear-groups touch v/d.db-wal
	status 111 gw apply
	contains "$err" "'$PWD/v/d.db-wal' belongs to user 10004, but its database to user 0"
}

root_backups_of_another_user_displace_none_of_ours() {
	database 'backup = before-migrate' 'keep_backups = 2'
	sed -i '/^user/d' conf/10.ini
	chmod 1777 v
	status 0 gw apply
	setpriv --reuid 10004 --regid 10004 --clear-groups \
		touch v/d.db.bak-2999010{1,2,3}T000000.000Z
	local n
	for n in 2 3 4; do
		echo "CREATE TABLE t$n (a);" >"m/00${n}_t$n.sql"
		status 0 gw apply
	done
	equal 2 "$(find v -name 'd.db.bak-*' -uid 0 | wc -l)"
	equal 3 "$(find v -name 'd.db.bak-*' -uid 10004 | wc -l)"
}
