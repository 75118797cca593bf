#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `assert`: what must be so, or the application does not start.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

what_the_environment_decides_ends_the_start_before_the_first_step() {
	drop_in 10.ini <<-'END'
		[assert:database]
		that = env:DATABASE_URL or env:DB_HOST env:DB_NAME
		message = set DATABASE_URL, or DB_HOST and DB_NAME
		[assert:debug]
		that = !on:DEBUG
		[directory:a]
		path = a
	END
	status 100 env DB_HOST=x DEBUG=yes "$GROUNDWORK" -c conf -- sh -c 'touch started'
	missing a started
	matches "$err" "conf/10.ini:2: \[assert:database\] that: set DATABASE_URL, or DB_HOST and DB_NAME \('env:DATABASE_URL' does not hold"
	matches "$err" "conf/10.ini:5: \[assert:debug\] that: '!on:DEBUG' does not hold"
	status 100 gw plan
	contains "$out" "set DATABASE_URL"
	# The configuration itself is fine.
	status 0 gw check
	status 0 env DATABASE_URL=x "$GROUNDWORK" -c conf -- sh -c 'touch started'
	exists a started
	matches "$err" "= assert:database  it holds"
}

what_the_system_decides_fails_the_step() {
	drop_in 10.ini <<-'END'
		[assert:mounted]
		that = is-dir:data !path:data/broken
		message = mount a volume at data
		[directory:a]
		path = a
	END
	status 111 gw apply
	matches "$err" "conf/10.ini:1: \[assert:mounted\]: mount a volume at data \('is-dir:data' does not hold"
	missing a
	status 111 gw plan
	contains "$out" "mount a volume at data"
	mkdir data
	touch data/broken
	status 111 gw apply
	contains "$err" "'!path:data/broken' does not hold"
	rm data/broken
	status 0 gw plan
	status 0 gw apply
	exists a
}

what_an_earlier_step_makes_holds_at_its_turn() {
	drop_in 10.ini <<-'END'
		[directory:data]
		path = data
		[assert:made]
		that = is-dir:data changed:directory:data
		order = 50
	END
	status 0 gw plan
	status 0 gw apply
	exists data
	status 111 gw apply
	contains "$err" "'changed:directory:data' does not hold"
}

with_critical_no_it_is_a_warning_at_each_start() {
	drop_in 10.ini <<-'END'
		[assert:backup]
		that = env:BACKUP_URL
		message = nothing is backed up without BACKUP_URL
		critical = no
		[directory:a]
		path = a
	END
	local start
	for start in first second; do
		status 0 gw -- echo "$start"
		contains "$out" "$start"
		contains "$err" "nothing is backed up without BACKUP_URL"
	done
	exists a
}

a_value_is_no_syntax() {
	drop_in 10.ini <<-'END'
		[assert:one]
		that = env:MODE=${WANTED}
	END
	status 100 env MODE=x 'WANTED=x|*' "$GROUNDWORK" -c conf apply
	status 0 env 'MODE=x|*' 'WANTED=x|*' "$GROUNDWORK" -c conf apply
}

what_can_never_hold_is_an_error() {
	printf '[assert:a]\nthat = command:a command:b\n[assert:b]\nmessage = x\n[assert:c]\nthat = enw:X\n' | drop_in 10.ini
	status 100 gw check
	matches "$err" "conf/10.ini:2: \[assert:a\] that: "
	matches "$err" "conf/10.ini:3: \[assert:b\] .*that"
	matches "$err" "conf/10.ini:6:8: \[assert:c\] that: 'enw:X'"
}

what_forbids_several_variables_names_the_one_that_is_set() {
	drop_in 10.ini <<-'END'
		[assert:a]
		that = !env:A|B
		[assert:b]
		that = !env:B*|A
		[assert:c]
		that = !env:B
		[assert:d]
		that = !on:A|B
		[assert:e]
		that = !env:A|BC=2
	END
	status 100 env B=1 BC=2 "$GROUNDWORK" -c conf apply
	contains "$err" "[assert:a] that: '!env:A|B' does not hold, because of B"
	contains "$err" "'!env:B*|A' does not hold, because of B, BC"
	matches "$err" "'!env:B' does not hold$"
	contains "$err" "'!on:A|B' does not hold, because of B"
	contains "$err" "'!env:A|BC=2' does not hold, because of BC"
}
