#!/bin/bash
# SPDX-License-Identifier: MIT
# Many processes that start at once on one volume make each object once, and all agree.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

CONF=$ROOT/tests/cli/ground/conf.d

# 25 rounds with FULL; a build with sanitizers takes ten times as long.
# timeout: 180
thirty_two_at_once_on_an_empty_volume() {
	local rounds=3
	! grep -q __asan_init "$GROUNDWORK" || rounds=2
	[[ ${FULL:-0} != 1 ]] || rounds=25
	status 0 "$ROOT/tests/cli/race.py" "$rounds" 32 "$GROUNDWORK" "$ROOT/tests/cli/ground"
}

starts_one_after_the_other_while_the_first_still_runs() {
	drop_in 20.ini <<-'END'
		[exec:slow]
		command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done; echo x >"$1"' sh {file}
		creates = slow
	END
	background "$GROUNDWORK" -c "$CONF" -c conf apply
	eventually test -e begun
	# What is made already is in place for the second; what is not yet it makes itself.
	touch go
	status 0 "$GROUNDWORK" -c "$CONF" -c conf apply
	matches "$err" '= (key:session|database:app)'
	wait "$pid"
	exists slow
}

a_start_waits_for_another_that_upgrades_the_database() {
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		migrations = ../m
		busy_timeout = 100ms
	END
	mkdir m
	echo 'CREATE TABLE one (a);' >m/001_one.sql
	status 0 "$GROUNDWORK" -c conf apply
	# A migration that takes its time: long enough for the busy timeout to pass.
	cat >m/002_slow.sql <<-'SQL'
		CREATE TABLE two (a);
		INSERT INTO two WITH RECURSIVE n (i) AS
			(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500000)
			SELECT count(i) FROM n;
	SQL
	background "$GROUNDWORK" -c conf apply 2>first
	eventually test -e .d.db.lock
	status 0 "$GROUNDWORK" -c conf apply
	wait "$pid"
	equal 1 "$(cat first "$err" | grep -ac '~ database:d  applied 1 migration')" "upgrades"
}
