#!/bin/bash
# SPDX-License-Identifier: MIT
# A database that is restored before it is migrated.
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

export STORE=$PWD/store

root_its_readme_is_true() {
	reads examples/restore
}

# start_at BASE WORD…: of the example.
function start_at {
	"$GROUNDWORK" -c "${conf:-$ROOT/examples/restore/conf.d}" -C "$@"
}

# notes BASE: all of them.
function notes {
	sqlite3 "$1/data/notes.db" "SELECT text FROM note"
}

# a_backup: with one note.
function a_backup {
	mkdir -p store
	status 0 start_at first apply
	sqlite3 first/data/notes.db "INSERT INTO note VALUES ('kept')"
	status 0 "$ROOT/examples/restore/backup.sh" first/data/notes.db
}

# The store's tool does all of its work, and is killed before the step knows of it.
pid1_what_was_killed_half_way_is_restored_by_the_next_start() {
	local real
	[[ -n $TEST_PID1 ]] || skip "no process namespaces here"
	a_backup
	real=$(command -v sqlite3)
	mkdir bin
	mkfifo begun
	cat >bin/sqlite3 <<-END
		#!/bin/sh
		"$real" "\$@"
		echo >"$PWD/begun"
		exec sleep 600
	END
	chmod +x bin/sqlite3
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	PATH=$PWD/bin:$PATH background $TEST_PID1 -- \
		"$GROUNDWORK" -c "$ROOT/examples/restore/conf.d" -C second apply 2>log
	read -r <begun
	kill -KILL "$pid"
	wait "$pid" || true
	missing second/data/notes.db
	status 0 start_at second apply
	contains "$err" "+ exec:restore"
	equal kept "$(notes second)"
	status 0 start_at second apply
	contains "$err" "nothing to do"
}

many_starts_restore_it_once() {
	local number pids=()
	a_backup
	for number in 1 2 3 4 5; do
		background start_at second apply 2>"log$number"
		pids+=("$pid")
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	equal 1 "$(cat log? | grep -c '+ exec:restore')"
	equal kept "$(notes second)"
}

an_older_backup_is_migrated() {
	a_backup
	cp -r "$ROOT/examples/restore" newer
	chmod -R u+w newer
	echo "ALTER TABLE note ADD COLUMN author TEXT NOT NULL DEFAULT 'Ada'" >newer/migrations/002_author.sql
	conf=newer/conf.d status 0 start_at second apply
	matches "$err" "database:notes.*002_author"
	equal "kept|Ada" "$(sqlite3 second/data/notes.db 'SELECT * FROM note')"
}

no_backup_that_is_not_whole_becomes_the_database() {
	local backup size
	a_backup
	for backup in store/*.db; do
		cp "$backup" whole
	done
	for size in 0 100 5000; do
		truncate -s "$size" "$backup"
		status 111 start_at second apply
		contains "$err" "database:notes  not run"
		missing second/data/notes.db
		cp whole "$backup"
	done
	sqlite3 whole 'DROP TABLE groundwork_migrations'
	cp whole "$backup"
	status 111 start_at second apply
	missing second/data/notes.db
}

a_file_in_its_place_is_no_reason_to_restore() {
	a_backup
	mkdir -p second/data
	: >second/data/notes.db
	status 111 start_at second apply
	contains "$err" "= exec:restore"
	empty second/data/notes.db
}

a_store_that_is_missing_is_no_new_database() {
	status 111 start_at first apply
	contains "$err" "mount the store"
	missing first
	STORE='' status 100 start_at first apply
	contains_once "$err" "STORE: set it to the directory of the backups"
}

# What Litestream does there is done by a script of its name.
with_litestream_it_is_the_same() {
	mkdir bin conf
	cat >bin/litestream <<-'END'
		#!/bin/sh
		[ "$*" = "restore -if-replica-exists -o $4 s3://bucket/notes" ] || exit 1
		[ -e "$4" ] && exit 1
		[ ! -e replica ] || { cp replica "$4.tmp" && mv "$4.tmp" "$4"; }
	END
	chmod +x bin/litestream
	export PATH=$PWD/bin:$PATH REPLICA_URL=s3://bucket/notes
	# shellcheck disable=SC2016 # the README's fences
	sed -n '/^```ini/,/^```$/{/^```/d; p}' "$ROOT/examples/restore/README.md" >conf/10.ini
	sed -n '/^\[database/,$p' "$ROOT/examples/restore/conf.d/10-restore.ini" >conf/20.ini
	sed -i "s,\.\./migrations,$ROOT/examples/restore/migrations," conf/20.ini
	conf=conf status 0 start_at first apply
	contains "$err" "= exec:restore"
	sqlite3 first/data/notes.db "INSERT INTO note VALUES ('kept')"
	sqlite3 first/data/notes.db "VACUUM INTO 'replica'"
	conf=conf status 0 start_at second apply
	equal kept "$(notes second)"
}
