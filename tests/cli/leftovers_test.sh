#!/bin/bash
# SPDX-License-Identifier: MIT
# What killed starts leave is removed by the next one, and nothing that another one uses.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# database ROWS: a database whose first migration writes so many rows of 4 KB.
function database {
	drop_in 10.ini <<-'END'
		[database:d]
		path = v/d.db
		migrations = ../m
	END
	mkdir -p m v
	cat >m/001_a.sql <<-SQL
		CREATE TABLE a (b);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			INSERT INTO a SELECT randomblob(4000) FROM n;
	SQL
}

# at MOMENT N SCRIPT CODE COMMAND…: runs the script when the command comes to that.
function at {
	local act=${GROUNDWORK%/*}/act_before moment=$1 n=$2 script=$3 code=$4
	shift 4
	[[ -x $act ]] || skip "act_before was not built"
	"$act" open:none 0 true true 2>"$err" || skip "no ptrace here: $(tail -n 1 "$err")"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status "$code" "$act" "$moment" "$n" \
		"$script" "$@"
}

# All of them together would not fit.
root_kills_of_the_first_start_do_not_fill_a_small_disk() {
	local mode
	needs_mounts
	at open:none 0 true 0 true
	# They are traced.
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	database 5000
	cat >loop <<-'END'
		mount -t tmpfs -o size=40m,mode=$3 tmpfs v || exit 9
		for ((i = 0; i < 5; i++)); do
			"$2" 'pwrite:.d.db.groundwork-*' 4000 'kill -KILL "$PID"' "$1" -c conf apply 2>said && exit 8
			du -sm v >>left
		done
		"$1" -c conf apply && ls -A v
	END
	# In the second one, the temporaries are in a private directory.
	for mode in 755 1777; do
		status 0 unshare -m bash loop "$GROUNDWORK" "${GROUNDWORK%/*}/act_before" "$mode"
		contains "$err" "created '$PWD/v/d.db'"
		equal "d.db" "$(<"$out")"
	done
	equal 10 "$(grep -c '^1[56]' left)" "starts that left so many MiB"
}

# The moments: it has its name and no lock; its lock, and no content; content; all of it.
what_is_made_stays_when_another_start_sweeps() {
	local moment
	# shellcheck disable=SC2016
	local sweep='"$GROUNDWORK" -q -c other apply && test -e v/swept && rm v/swept'
	export GROUNDWORK
	mkdir other
	printf '%s\n' '[file:swept]' 'path = v/swept' >other/10.ini
	for moment in lock:1 lock:2 pwrite:1 pwrite:9 sync:1; do
		rm -rf v m
		database 50
		echo x >v/.old.groundwork-01bc12
		at "${moment%:*}:.d.db.groundwork-*" "${moment#*:}" \
			"$sweep && test ! -e v/.old.groundwork-01bc12" 0 "$GROUNDWORK" -c conf apply
		contains "$err" "created '$PWD/v/d.db'"
		equal "d.db" "$(ls -A v)"
	done
}

root_what_is_made_in_anothers_directory_stays_when_another_start_sweeps() {
	local moment
	export GROUNDWORK
	mkdir other
	printf '%s\n' '[file:swept]' 'path = v/swept' 'policy = manage' 'content = x' >other/10.ini
	for moment in lock:1 pwrite:1 pwrite:9 sync:1; do
		rm -rf v m
		database 50
		chown 10001:10001 v
		# shellcheck disable=SC2016
		at "${moment%:*}:.d.db.groundwork-*" "${moment#*:}" '"$GROUNDWORK" -q -c other apply' \
			0 "$GROUNDWORK" -c conf apply
		contains "$err" "created '$PWD/v/d.db'"
		equal "d.db swept" "$(find v -mindepth 1 -printf '%f\n' | sort | xargs)"
	done
}

root_a_full_disk_names_what_other_starts_take() {
	needs_mounts
	database 5000
	# shellcheck disable=SC2016
	status 111 unshare -m bash -c 'mount -t tmpfs -o size=20m tmpfs v &&
		head -c 8000000 /dev/zero >v/.d.db.groundwork-0abc12 && "$0" -c conf apply' "$GROUNDWORK"
	contains "$err" "is full; make room and start again; 1 temporary file of other starts in its directory takes 781"
}

# What the owner of a volume has renamed to a name of ours stays as it is.
root_a_sweep_removes_nothing_that_was_renamed() {
	mkdir -p volume/keys volume/theirs open/keys
	echo secret | tee volume/keys/ca.key open/keys/ca.key >volume/theirs/file
	chmod 700 volume/keys volume/theirs open/keys
	chown -R 1235:1235 volume/theirs
	chown 1234:1234 volume
	chmod 755 . volume
	chown :1234 open
	chmod 775 open
	touch -d '2 hours ago' volume/keys volume/theirs open/keys
	setpriv --reuid 1234 --regid 1234 --clear-groups sh -e -c '
		mv volume/keys volume/.scratch.groundwork-0abcde
		mv volume/theirs volume/.scratch.groundwork-0bbcde
		mv open/keys open/.scratch.groundwork-0abcde'
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/f
		content = x
		[file:g]
		path = open/f
		content = x
	END
	status 0 gw apply
	exists volume/.scratch.groundwork-0abcde/ca.key volume/.scratch.groundwork-0bbcde/file \
		open/.scratch.groundwork-0abcde/ca.key
}

# A directory for a command has its user's directories alone removed with it.
root_a_sweep_of_a_users_directory_enters_no_other() {
	mkdir -p volume/.db.groundwork-0abcde/own volume/.db.groundwork-0abcde/drop
	echo x | tee volume/.db.groundwork-0abcde/own/f >volume/.db.groundwork-0abcde/drop/f
	chmod 1777 volume/.db.groundwork-0abcde/drop
	chmod 755 .
	chown 1234:1234 volume/.db.groundwork-0abcde volume/.db.groundwork-0abcde/own
	touch -d '2 hours ago' volume/.db.groundwork-0abcde
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/f
		content = x
	END
	status 0 gw apply
	exists volume/.db.groundwork-0abcde/drop/f
	missing volume/.db.groundwork-0abcde/own
}

# Whoever made it has published it after it was looked at, and has given up its lock.
what_is_published_meanwhile_is_not_swept() {
	mkdir .app.groundwork-0abcde
	echo x >.app.groundwork-0abcde/f
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x
	END
	# shellcheck disable=SC2016
	at 'flock:.app.groundwork-*' 1 'mv "$FILE" app' 0 "$GROUNDWORK" -c conf apply
	exists app/f
}
