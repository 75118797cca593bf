#!/bin/bash
# SPDX-License-Identifier: MIT
# The figures of a run for Prometheus.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function some_steps {
	printf '%s\n' '[bootstrap]' 'metrics = m/app.prom' '[directory:a]' 'path = a' '[directory:b]' 'path = b' 'enabled = no' \
		'[exec:c]' 'command = test ! -e broken' 'critical = no' '[directory:m]' 'path = m' | drop_in 10.ini
}

# value SAMPLE: of the metric with these labels.
function value {
	awk -v sample="$1" '$1 == sample { print $2 }' m/app.prom
}

a_run_is_a_file_of_figures() {
	some_steps
	status 0 gw apply
	mode m/app.prom 644
	equal 1 "$(value groundwork_bootstrap_success)"
	equal "3 0 1 0 0" "$(for result in made in_place left_out failed not_run; do
		value "groundwork_steps{result=\"$result\"}"
	done | xargs)"
	matches m/app.prom '^groundwork_step_duration_seconds\{id="directory:a",kind="directory"\} [0-9.]+$'
	[[ $(value groundwork_bootstrap_end_timestamp_seconds) -gt 1700000000 ]] || fail "it is no time of today"
	touch broken
	status 0 gw apply
	equal 1 "$(value groundwork_bootstrap_success)"
	equal 1 "$(value 'groundwork_steps{result="failed"}')"
	sed -i '/critical/d' conf/10.ini
	status 111 gw apply
	equal 0 "$(value groundwork_bootstrap_success)"
	printf 'pth = x\n' >>conf/10.ini
	status 100 gw apply
	equal 0 "$(value groundwork_bootstrap_success)"
	equal 0 "$(value 'groundwork_steps{result="made"}')"
	equal app.prom "$(ls -A m)" "what is left beside it"
}

# killed REPORT: the worker of the start in the background, as its report names it.
function killed {
	local code=0
	eventually grep -q '"status":"running"' "$1"
	eventually test -e begun
	kill -KILL "$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$1")"
	wait "$pid" || code=$?
	equal 111 "$code"
}

function slow_step {
	printf '%s\n' '[exec:slow]' "command = sh -c 'touch begun; while test -e hold; do sleep 0.02; done'"
}

what_is_killed_is_a_failure_in_metrics_report_and_status() {
	printf '%s\n' '[bootstrap]' 'metrics = m/app.prom' 'report = r.json' '[directory:m]' 'path = m' \
		"$(slow_step)" | drop_in 10.ini
	status 0 gw apply
	equal 1 "$(value groundwork_bootstrap_success)"
	rm begun
	touch hold
	background "$GROUNDWORK" -c conf apply
	killed r.json
	equal 0 "$(value groundwork_bootstrap_success)"
	matches r.json '"status":"error","phase":"steps".*"message":"step .exec:slow. was killed with SIGKILL'
	status 111 gw status
	matches "$out" "^the bootstrap failed .*: step 'exec:slow' was killed with SIGKILL"
	equal app.prom "$(ls -A m)" "what is left beside it"
}

# The report in the state directory is not written before a step has something to do.
a_crash_replaces_what_is_there_of_an_earlier_run() {
	! grep -q __asan_init "$GROUNDWORK" || skip "the sanitizer has its own stack"
	printf '%s\n' '[bootstrap]' 'state = state' 'metrics = m/app.prom' '[directory:s]' 'path = state m' | drop_in 10.ini
	status 0 gw apply
	status 0 gw status
	mkdir conf/sql
	python3 - >conf/sql/001_views.sql <<-'END'
		print("CREATE TABLE v0 (a);")
		for i in range(1, 901):
		    print(f"CREATE VIEW v{i} AS SELECT a FROM v{i - 1} UNION SELECT 1;")
		print("CREATE TABLE t AS SELECT * FROM v900;")
	END
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = sql' >>conf/10.ini
	status 111 prlimit --stack=262144 "$GROUNDWORK" -c conf apply
	contains "$err" "step 'database:d' crashed with SIGSEGV"
	equal 0 "$(value groundwork_bootstrap_success)"
	status 111 gw status
	contains "$out" ": step 'database:d' crashed with SIGSEGV"
}

# A collector reads whatever ends in .prom, at any moment.
its_temporary_is_no_file_of_a_collector() {
	some_steps
	status 0 gw apply
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 0 \
		strace -f -o trace -e trace=openat,renameat,renameat2,rename "$GROUNDWORK" -c conf apply
	matches trace 'rename.*"app.prom"'
	! grep -E '"[^"]*\.prom", [^)]*O_CREAT' trace || fail "a file is made by that name"
}

a_file_that_cannot_be_written_is_a_warning() {
	some_steps
	mkdir -p m/app.prom
	status 0 gw apply
	contains "$err" "warning: the metrics: "
}

promtool_finds_nothing_wrong() {
	command -v promtool >/dev/null || skip "no promtool here"
	some_steps
	status 0 gw apply
	status 0 promtool check metrics <m/app.prom
	equal "" "$(cat "$out" "$err")"
	printf 'pth = x\n' >>conf/10.ini
	status 100 gw apply
	status 0 promtool check metrics <m/app.prom
	equal "" "$(cat "$out" "$err")"
}
