#!/bin/bash
# SPDX-License-Identifier: MIT
# When the report is written, and where it goes by itself.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# of FILE EXPRESSION: what it is of the report in FILE.
function of {
	python3 -c 'import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
print(eval(sys.argv[2]))' "$1" "$2"
}

# An exec that runs until the file `go` is there, and says so by the file `begun`.
function slow_step {
	drop_in 10.ini <<-'END'
		[directory:first]
		path = first
		[exec:slow]
		command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'
		requires = directory:first
	END
}

while_it_runs_the_report_says_which_step_is_at_work() {
	slow_step
	background "$GROUNDWORK" -c conf --report r.json apply
	eventually test -e begun
	equal "('running', 'exec:slow', 2)" "$(of r.json '(report["status"], report["step"], report["total"])')"
	equal "$(cat /proc/sys/kernel/random/boot_id)" "$(of r.json 'report["boot"]["id"]')"
	equal "$(of r.json 'report["pid_start"]')" \
		"$(sed 's/.*) //' "/proc/$(of r.json 'report["pid"]')/stat" | cut -d ' ' -f 20)" "start of the worker"
	touch go
	wait "$pid"
	equal "('success', 2, 0, 0)" \
		"$(of r.json '(report["status"], report["success"], report["skipped"], report["left_out"])')"
	mode r.json 644
}

with_a_state_directory_the_report_is_in_it() {
	slow_step
	mkdir st
	background "$GROUNDWORK" -c conf --state st apply
	eventually test -e begun
	equal "exec:slow" "$(of st/report.json 'report["step"]')"
	touch go
	wait "$pid"
	equal success "$(of st/report.json 'report["status"]')"
	mode st/report.json 600
	sed -i 's/touch begun/exit 1/' conf/10.ini
	status 111 gw --state st apply
	equal "('error', 1, 1)" "$(of st/report.json '(report["status"], report["failed"], report["skipped"])')"
	printf 'mode = x\n' >>conf/10.ini
	status 100 gw --state st apply
	equal "('error', 'configuration')" "$(of st/report.json '(report["status"], report["phase"])')"
}

a_state_directory_without_a_report_is_fine() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	status 0 gw -v --state st apply
	contains "$err" "the report: the state directory is missing"
	lacks "$err" warning
	missing st
	mkdir st
	status 0 gw --state st --report '' apply
	missing st/report.json
	status 0 gw --state st --report other.json apply
	missing st/report.json
	exists other.json
	printf '[bootstrap]\nreport = /dev/null\n' | drop_in 20.ini
	status 0 gw --state st apply
	missing st/report.json
}

user_a_state_directory_that_cannot_be_written_is_fine() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	mkdir st
	touch st/groundwork.lock
	chmod 500 st
	status 0 gw --state st apply
	lacks "$err" warning
	exists d
}

# A step that fills an empty directory, or asks whether one is, finds no report there.
a_report_is_not_the_first_file_of_a_directory_that_is_to_be_empty() {
	printf '%s\n' '[directory:d]' 'path = d' 'source = ../seed' | drop_in 10.ini
	mkdir seed d
	touch seed/file
	status 0 gw --report d/report.json apply
	exists d/file d/report.json
	rm -r d
	mkdir d
	printf '%s\n' '[directory:before]' 'path = before' '[exec:e]' 'when = dir-empty:d' 'command = touch ran' |
		drop_in 10.ini
	status 0 gw --report d/report.json apply
	exists ran d/report.json
}

a_warm_start_writes_the_last_report_alone() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	mkdir st
	status 0 gw --state st apply
	strace -f -o trace -e trace=rename,renameat,renameat2,fsync,fdatasync "$GROUNDWORK" -c conf --state st apply \
		2>/dev/null || skip "strace cannot trace here"
	equal 1 "$(grep -c rename trace)" "files that are published"
	equal 0 "$(grep -c sync trace || true)" "files that are flushed"
}

what_is_left_out_is_no_step_in_place() {
	printf '%s\n' '[directory:a]' 'path = a' '[directory:b]' 'path = b' 'enabled = no' '[directory:c]' 'path = c' \
		'when = env:NOPE' | drop_in 10.ini
	status 0 gw apply
	status 0 gw --report r.json apply
	equal "(3, 2)" "$(of r.json '(report["skipped"], report["left_out"])')"
	equal "[False, True, True]" "$(of r.json '[step["left_out"] for step in report["steps"]]')"
}

what_was_waited_for_is_in_the_report() {
	printf '%s\n' '[exec:e]' "command = sh -c 'test -e again || { touch again; exit 75; }'" 'retry_delay = 40ms' |
		drop_in 10.ini
	status 0 gw --report r.json apply
	equal "['retry']" "$(of r.json '[wait["for"] for wait in report["steps"][0]["waits"]]')"
	equal True "$(of r.json 'report["steps"][0]["waits"][0]["duration_ms"] <= report["steps"][0]["duration_ms"]')"
}

what_keeps_the_application_from_its_launch_is_in_the_report() {
	printf '%s\n' '[directory:d]' 'path = d' '[app]' 'env_file = nope' | drop_in 10.ini
	status 111 gw --report r.json true
	equal error "$(of r.json 'report["status"]')"
	contains r.json "nope' does not exist"
	missing d
}

a_step_that_others_make_is_at_work_while_it_is_waited_for() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	background "$GROUNDWORK" -c conf --report r.json --wait '*' apply
	eventually grep -q '"step":"directory:d"' r.json
	sleep 0.5
	mkdir d
	wait "$pid"
	equal "[('others', 'skipped', False)]" \
		"$(of r.json '[(step["waits"][0]["for"], step["status"], step["left_out"]) for step in report["steps"]]')"
}
