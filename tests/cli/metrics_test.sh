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

# A collector reads whatever ends in .prom, at any moment.
its_temporary_is_no_file_of_a_collector() {
	some_steps
	status 0 gw apply
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -o trace -e trace=openat,renameat,renameat2,rename "$GROUNDWORK" -c conf apply 2>/dev/null ||
		skip "strace cannot trace here"
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
