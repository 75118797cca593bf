#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or with a full or bad disk, while the state directory and reports are written: what is
# remembered is what was done, and no report speaks for another run.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

start=("$GROUNDWORK" -q -c conf -C volume)

# Temporaries; one that was killed before it had its lock is empty, and goes when it is an hour old.
function left {
	find volume -name '.*groundwork-*' -size +0
}

# ---- what is remembered ----

function lines_of {
	wc -l <"volume/$1"
}

# What a start that was broken has left: the next one completes it, and one more has nothing to do.
function judge_state {
	local once inputs
	status 0 "${start[@]}" apply
	once=$(lines_of once) inputs=$(lines_of inputs)
	((once >= 1 && inputs >= 1)) || fail "call $1: not run"
	status 0 "${start[@]}" apply
	equal "$once $inputs" "$(lines_of once) $(lines_of inputs)" "call $1: runs of what was done"
	equal "" "$(left)" "call $1: what is left"
	status 0 "${start[@]}" status
}

function break_state {
	needs_tracing
	mkdir volume
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = st
		[exec:once]
		command = sh -c 'echo x >>once'
		workdir = .
		once = yes
		[exec:inputs]
		command = sh -c 'echo x >>inputs'
		workdir = .
		inputs = ../conf/10.ini
	END
	break_some "$1" "$2" judge_state "${start[@]}" apply
}

a_kill_leaves_no_step_remembered_that_was_not_done() { break_state kill 97; }
a_full_disk_leaves_no_step_remembered_that_was_not_done() { break_state 28 71; }
a_bad_disk_leaves_no_step_remembered_that_was_not_done() { break_state 5 71; }

# ---- reports ----

# The one before has succeeded, and this one fails, in whatever way: no `status` is 0 then.
function judge_report {
	local code=0
	# Nobody was there yet who knows where a report goes.
	! grep -qE 'loading shared libraries|make the worker' "$err" || return 0
	"${start[@]}" "${place[@]}" status >"$out" 2>"$err" || code=$?
	((code == 111)) || fail "call $1: status ends with $code"
	rm volume/fail
	status 0 "${start[@]}" "${place[@]}" apply
	status 0 "${start[@]}" "${place[@]}" status
	equal "" "$(left)" "call $1: what is left"
}

# break_report HOW STRIDE OPTION…: says where the report is.
function break_report {
	local how=$1 stride=$2 place=("${@:3}")
	needs_tracing
	mkdir -p volume/st
	chmod 700 volume/st
	printf '%s\n' '[exec:maybe]' 'command = test ! -e fail' 'workdir = .' | drop_in 10.ini
	status 0 "${start[@]}" "${place[@]}" apply
	touch volume/fail
	break_some "$how" "$stride" judge_report "${start[@]}" "${place[@]}" apply
}

a_full_disk_leaves_no_report_of_an_earlier_run() { break_report 28 53 --report "$PWD/volume/r.json"; }
a_bad_disk_leaves_no_report_of_an_earlier_run() { break_report 5 53 --report "$PWD/volume/r.json"; }
a_full_disk_leaves_no_report_of_an_earlier_run_in_the_state() { break_report 28 53 --state "$PWD/volume/st"; }
a_bad_disk_leaves_no_report_of_an_earlier_run_in_the_state() { break_report 5 53 --state "$PWD/volume/st"; }
