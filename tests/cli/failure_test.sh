#!/bin/bash
# SPDX-License-Identifier: MIT
# What happens when a step fails, takes too long, or is stopped.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# The statuses in report.json, "id status" in order.
function statuses {
	python3 -c '
import json
for step in json.load(open("report.json"))["steps"]:
    print(step["id"], step["status"])'
}

# Three steps, of which the second fails.
function second_fails {
	drop_in 10.ini <<-'END'
		[directory:first]
		path = first
		[exec:second]
		command = sh -c 'echo the reason >&2; exit 3'
		requires = directory:first
		[directory:third]
		path = third
		requires = exec:second
		[directory:fourth]
		path = fourth
		order = 40
	END
}

a_failing_step_is_111_and_the_application_is_not_started() {
	second_fails
	status 111 gw --report report.json sh -c 'echo started'
	lacks "$out" started
	exists first
	missing third fourth
	equal $'directory:first success\nexec:second error\ndirectory:third not-run
directory:fourth not-run' "$(statuses)"
	contains_once "$err" "the reason"
	contains_once "$err" "status 3"
	matches "$err" '^groundwork: ! error: conf/10.ini:3: \[exec:second\]: .*status 3'
	python3 -c '
import json
report = json.load(open("report.json"))
assert report["status"] == "error" and report["failed"] == 1 and report["not_run"] == 2, report
assert report["total"] == 4 and report["success"] == 1
assert "status 3" in report["steps"][1]["message"]'
}

a_step_that_is_not_critical_is_a_warning() {
	second_fails
	printf '[exec:second]\ncritical = no\n' | drop_in 20.ini
	status 0 gw --report report.json sh -c 'echo started'
	contains "$out" started
	exists first fourth
	missing third
	equal $'directory:first success\nexec:second error\ndirectory:third not-run
directory:fourth success' "$(statuses)"
	contains_once "$err" "status 3"
	matches "$err" '^groundwork: ! warning: conf/10.ini:3: .*status 3 \(not critical'
	matches "$err" '· directory:third +not run, and the start goes on without it: requires exec:second'
}

# The report is read without the log, and the log may be without what commands print.
the_last_lines_of_a_command_are_where_they_were_not_yet() {
	second_fails
	status 111 gw --report report.json -q apply
	contains_once "$err" "the reason"
	matches "$err" 'second\]: .*status 3 \(.*\); its last lines:$'
	python3 -c '
import json
assert "the reason" in json.load(open("report.json"))["steps"][1]["message"]'
}

# What a command prints is its own: nothing of ours is glued to its last line.
what_a_command_prints_ends_what_is_said_of_its_failure() {
	drop_in 10.ini <<-'END'
		[exec:says]
		command = sh -c 'echo one; echo two; exit 75'
		critical = no
		retries = 1
		retry_delay = 1ms
		timeout = 10s
		[wait:late]
		command = sh -c 'echo three; exit 1'
		interval = 10ms
		timeout = 2s
		critical = no
	END
	status 0 gw --report report.json -q --log-level warn -- true
	matches "$err" 'says\] the command ended with status 75; trying again in .* \(1 of 1\); its last lines:$'
	matches "$err" 'says\]: the command ended with status 75 \(not critical: .*\) \(.*\); its last lines:$'
	matches "$err" 'late\]: .* status 1 \(not critical: .*\) \(.*\); its last lines:$'
	equal 2 "$(grep -c '^  two$' "$err")"
	equal 1 "$(grep -c '^  three$' "$err")"
	status 0 gw --skip wait:late --log-level warn --log-format json -- true
	python3 -c '
import json, sys
messages = [json.loads(line)["message"] for line in open(sys.argv[1])]
assert len(messages) == 2 and all(m.endswith("\ntwo") for m in messages), messages' "$err"
}

with_fail_fast_off_what_does_not_depend_on_it_runs() {
	second_fails
	printf '[bootstrap]\nfail_fast = no\n' | drop_in 20.ini
	status 111 gw --report report.json sh -c 'echo started'
	lacks "$out" started
	exists first fourth
	missing third
	equal $'directory:first success\nexec:second error\ndirectory:third not-run
directory:fourth success' "$(statuses)"
}

a_second_start_goes_on_where_the_first_failed() {
	drop_in 10.ini <<-'END'
		[directory:first]
		path = first
		[exec:second]
		command = test -e allowed
		[directory:third]
		path = third
		order = 50
	END
	status 111 gw apply
	missing third
	touch allowed
	status 0 gw --report report.json apply
	equal $'directory:first skipped\nexec:second success\ndirectory:third success' "$(statuses)"
}

exit_75_is_retried_and_other_codes_are_not() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		retry_attempts = 2
		retry_delay = 1ms
		[exec:flaky]
		command = sh -c 'echo x >>attempts; exit $CODE'
	END
	status 111 env CODE=75 "$GROUNDWORK" -c conf apply
	equal 3 "$(wc -l <attempts)" "attempts"
	contains "$err" "trying again"
	rm attempts
	status 111 env CODE=74 "$GROUNDWORK" -c conf apply
	equal 1 "$(wc -l <attempts)" "attempts"
}

a_retry_that_succeeds_is_a_success() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		retry_delay = 1ms
		[exec:flaky]
		command = sh -c 'echo x >>attempts; test $(wc -l <attempts) = 3 || exit 75'
	END
	status 0 gw apply
	equal 3 "$(wc -l <attempts)" "attempts"
}

three_retries_are_the_default() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		retry_delay = 1ms
		[exec:flaky]
		command = sh -c 'echo x >>attempts; exit 75'
	END
	status 111 gw apply
	equal 4 "$(wc -l <attempts)" "attempts"
	contains "$err" "(3 of 3)"
	status 0 gw explain bootstrap.retry_attempts
	contains "$out" "count, default 3"
}

retry_attempts_of_the_bootstrap_are_the_default() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		retry_attempts = 1
		retry_delay = 1ms
		[exec:flaky]
		command = sh -c 'echo x >>attempts; exit 75'
	END
	status 111 gw apply
	equal 2 "$(wc -l <attempts)" "attempts"
}

# ---- stopping ----

# A step that notes its process ids, its child's too, and never ends by itself.
function endless {
	drop_in 10.ini <<-'END'
		[directory:before]
		path = before
		[exec:endless]
		command = sh -c 'sleep 1000 & echo $! >child; echo $$ >helper; wait'
		[directory:after]
		path = after
		order = 50
	END
}

function is_gone {
	! kill -0 "$1" 2>/dev/null
}

# stopped_by SIGNAL CODE: the bootstrap is ended so while the helper runs.
function stopped_by {
	local code=0
	endless
	# What runs in the background is started with INT and QUIT ignored.
	background env --default-signal=INT,QUIT "$GROUNDWORK" -c conf --report report.json \
		sh -c 'touch started' 2>"$err"
	eventually test -s helper
	kill "-$1" "$pid"
	wait "$pid" || code=$?
	equal "$2" "$code" "exit code"
	missing started after
	is_gone "$(cat helper)" || fail "the helper is left behind"
	is_gone "$(cat child)" || fail "the helper's child is left behind"
	equal $'directory:before success\nexec:endless error\ndirectory:after not-run' \
		"$(statuses)"
}

sigterm_during_a_step_is_143_and_leaves_nothing_behind() {
	stopped_by TERM 143
}

sigint_during_a_step_is_130() {
	stopped_by INT 130
}

sigquit_during_a_step_is_131() {
	stopped_by QUIT 131
}

sighup_during_a_step_is_129() {
	stopped_by HUP 129
}

# Not with the code of what failed before it.
sigterm_after_a_failure_is_143() {
	drop_in 05.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[exec:failing]
		command = false
		creates = nothing
		retries = 0
		order = 1
	END
	local code=0
	endless
	background "$GROUNDWORK" -c conf apply 2>"$err"
	eventually test -s helper
	kill -TERM "$pid"
	wait "$pid" || code=$?
	contains "$err" "exec:failing"
	equal 143 "$code" "exit code"
}

# timeout: 180
sigterm_during_many_files_ends_it_between_two_of_them() {
	local code=0
	drop_in 10.ini <<-'END'
		[file:many]
		path = out
		template = ../templates
	END
	mkdir templates
	seq 3000 | split -l 1 -a 5 -d - templates/f
	background "$GROUNDWORK" -q -c conf apply 2>"$err"
	# In no time: the rest is done soon.
	until [[ -e out/f00050 ]]; do :; done
	kill -TERM "$pid"
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
	missing out/f02999
	equal "" "$(find out -name '.*' -o -empty)" "halves"
	status 0 gw apply
	status 0 diff -r templates out
}

a_helper_that_ignores_sigterm_is_killed() {
	drop_in 10.ini <<-'END'
		[exec:stubborn]
		command = sh -c 'trap "" TERM; echo $$ >helper; while :; do sleep 1000; done'
	END
	local code=0
	background "$GROUNDWORK" -c conf sh -c 'touch started' 2>"$err"
	eventually test -s helper
	kill -TERM "$pid"
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
	missing started
	is_gone "$(cat helper)" || fail "the helper is left behind"
}

a_signal_that_was_ignored_when_we_were_started_stays_ignored() {
	drop_in 10.ini <<-'END'
		[exec:slow]
		command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'
	END
	local code=0
	background env --ignore-signal=HUP "$GROUNDWORK" -c conf sh -c 'exit 7' 2>"$err"
	eventually test -e begun
	kill -HUP "$pid"
	touch go
	wait "$pid" || code=$?
	equal 7 "$code" "exit code"
}

# slow SETTINGS…: a step that is at work until `go` is there, and settings of [app].
function slow {
	printf '%s\n' '[exec:slow]' \
		"command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'" \
		'[app]' "$@" | drop_in 10.ini
}

# Once each, as far as it has not been heard before.
other_signals_wait_for_the_application() {
	local form code signal
	slow
	for form in "" --init; do
		rm -f begun go
		# shellcheck disable=SC2086
		background env --default-signal "$ROOT/tests/cli/heard.py" 12 14 28 37 -- \
			"$GROUNDWORK" -c conf $form "$ROOT/tests/cli/heard.py" 12 14 28 37 \
			2>"$err" >heard
		eventually test -e begun
		for signal in USR2 USR2 ALRM WINCH RTMIN+3 RTMIN+3 TSTP CONT; do
			kill "-$signal" "$pid"
		done
		touch go
		code=0
		wait "$pid" || code=$?
		equal 0 "$code" "exit code"
		equal "12 14 28 37" "$(cat heard)" "what was heard ${form:-as the application}"
	done
}

# What is not dropped but has no handler does what it does to any other.
a_signal_of_the_bootstrap_ends_an_application_without_a_handler() {
	local code=0
	slow
	background "$GROUNDWORK" -c conf --init sh -c 'exit 7' 2>"$err"
	eventually test -e begun
	kill -USR1 "$pid"
	touch go
	wait "$pid" || code=$?
	equal 138 "$code" "exit code"
}

signals_are_rewritten_during_the_bootstrap() {
	local sent setting expected code
	while IFS='|' read -r sent setting expected; do
		rm -f begun go started
		slow "init = yes" "$setting"
		background env --default-signal "$GROUNDWORK" -c conf sh -c 'touch started; exit 7' 2>"$err"
		eventually test -e begun
		kill "-$sent" "$pid"
		# Who is not ended by it goes on to the application.
		[[ $expected != 7 ]] || touch go
		code=0
		wait "$pid" || code=$?
		equal "$expected" "$code" "exit code after $sent with $setting"
		[[ $expected == 7 ]] || missing started
	done <<-'END'
		HUP|signals = HUP=none|7
		TERM|signals = TERM=none|7
		QUIT|signals = QUIT=CONT|7
		RTMIN+3|signals = RTMIN+3=TERM|143
		USR1|signals = USR1=TERM|143
		TERM|signals = TERM=QUIT|143
		TERM|signals = TERM=USR1|143
		WINCH|stop_signals = TERM WINCH|156
		QUIT|stop_signals = TERM INT|131
	END
}

the_deadline_ends_the_bootstrap() {
	endless
	status 111 gw --deadline 300ms --report report.json sh -c 'touch started'
	missing started after
	contains "$err" "deadline"
	eventually is_gone "$(cat helper)"
	eventually is_gone "$(cat child)"
	equal $'directory:before success\nexec:endless error\ndirectory:after not-run' \
		"$(statuses)"
	rm helper child
	printf '[bootstrap]\ndeadline = 300ms\n' | drop_in 20.ini
	status 111 gw apply
	contains "$err" "deadline"
	rm helper child
	status 111 env GROUNDWORK_DEADLINE=300ms "$GROUNDWORK" -c conf apply
	contains "$err" "deadline"
}

the_timeout_of_a_step_ends_it() {
	endless
	printf '[exec:endless]\ntimeout = 200ms\n' | drop_in 20.ini
	status 111 gw sh -c 'touch started'
	contains "$err" "timeout of 200ms"
	contains "$err" "[exec:endless]"
	missing started after
	eventually is_gone "$(cat helper)"
	eventually is_gone "$(cat child)"
}

a_step_that_takes_too_long_and_is_not_critical_is_a_warning() {
	endless
	printf '[exec:endless]\ntimeout = 200ms\ncritical = no\n' | drop_in 20.ini
	status 0 gw sh -c 'touch started'
	exists started after
	is_gone "$(cat child)" || fail "the helper's child is left behind"
}

# It would pass `check`, and then no start would ever succeed.
a_deadline_of_nothing_is_an_error_as_a_timeout_is() {
	printf '%s\n' '[bootstrap]' 'deadline = 0' '[directory:d]' 'path = d' | drop_in 10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:2:12: [bootstrap] deadline: 0 leaves no time for anything; write none for no limit"
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	status 100 gw --deadline 0s apply
	contains "$err" "--deadline: 0 leaves no time for anything; write none for no limit"
	GROUNDWORK_DEADLINE=0 status 100 gw apply
	contains "$err" "GROUNDWORK_DEADLINE: "
	missing d
}

# What would not run anyway is left out, whatever it requires; a plan says the same.
what_is_left_out_is_so_behind_a_failure_too() {
	touch file there
	drop_in 10.ini <<-'END'
		[bootstrap]
		retry_attempts = 0
		[directory:may-fail]
		path = file
		critical = no
		[directory:off]
		path = off
		requires = directory:may-fail
		when = env:NO_SUCH_VARIABLE
		[directory:disabled]
		path = disabled
		requires = directory:may-fail
		enabled = no
		[directory:behind]
		path = behind
		requires = directory:may-fail
		when = path:there
	END
	status 0 gw plan
	matches "$out" "· directory:off +when: 'env:NO_SUCH_VARIABLE' does not hold"
	matches "$out" "· directory:disabled +not enabled"
	contains "$out" "4 steps: 2 left out, 1 would fail, 1 not run"
	status 0 gw apply
	matches "$err" "· directory:off +when: 'env:NO_SUCH_VARIABLE' does not hold"
	matches "$err" "· directory:disabled +not enabled"
	matches "$err" "· directory:behind +not run, and the start goes on without it: requires directory:may-fail"
	contains "$err" "the ground is laid in part: 2 left out, 1 failed, 1 not run"
	lacks "$err" "application"
}

what_a_plan_has_behind_a_critical_failure_is_said_not_to_run() {
	touch file
	mkdir there
	drop_in 10.ini <<-'END'
		[directory:fails]
		path = file
		[directory:there]
		path = there
		requires = directory:fails
		order = 6
		[directory:last]
		path = last
		requires = directory:there
		[directory:other]
		path = other
	END
	status 111 gw plan
	matches "$out" "· directory:there +1 directory in place; not run as long as directory:fails fails"
	matches "$out" "· directory:last +create .*; not run as long as directory:fails fails"
	matches "$out" "· directory:other +create .*; not run as long as directory:fails fails"
	contains "$out" "4 steps: 1 would fail, 3 not run"
	status 111 gw plan --format json
	equal 'error,left out,left out,left out' \
		"$(grep -o '"forecast":"[a-z ]*"' "$out" | cut -d '"' -f 4 | paste -sd,)"
	status 111 gw apply
	contains "$err" "1 failed, 3 not run"
	drop_in 20.ini <<<$'[bootstrap]\nfail_fast = no'
	status 111 gw plan
	matches "$out" "· directory:last +create .*; not run as long as directory:fails fails"
	matches "$out" "\\+ directory:other +create the directory '[^;]*\$"
	contains "$out" "4 steps: 1 to make, 1 would fail, 2 not run"
}

# With fail_fast no condition is asked behind a failure; what is not enabled is left out all the same.
a_plan_counts_what_a_condition_leaves_out_behind_a_failure_as_a_start_does() {
	touch file
	drop_in 10.ini <<-'END'
		[directory:fails]
		path = file
		[directory:off]
		path = off
		enabled = no
		[directory:out]
		path = out
		when = env:NOT_SET
	END
	status 111 gw plan
	matches "$out" "· directory:out .*NOT_SET.*; not run as long as directory:fails fails"
	contains "$out" "3 steps: 1 left out, 1 would fail, 1 not run"
	status 111 gw apply
	contains "$err" "1 left out, 1 failed, 1 not run"
	drop_in 20.ini <<<$'[bootstrap]\nfail_fast = no'
	status 111 gw plan
	lacks "$out" "not run as long as"
	contains "$out" "3 steps: 2 left out, 1 would fail"
	status 111 gw apply
	contains "$err" "2 left out, 1 failed"
}

# What is not run for a failure that is not critical keeps nothing from starting, and it is said so.
the_application_starts_without_what_requires_a_step_that_may_fail() {
	touch file
	drop_in 10.ini <<-'END'
		[directory:may-fail]
		path = file
		critical = no
		[exec:next]
		command = touch next
		requires = directory:may-fail
		[exec:last]
		command = touch last
		requires = exec:next
	END
	status 0 gw plan
	contains "$out" "not a directory; move it away (not critical: the start goes on)"
	contains "$out" "· exec:next           not run, and the start goes on without it: requires directory:may-fail"
	contains "$out" "· exec:last           not run, and the start goes on without it: requires exec:next"
	status 0 gw --report r.json -- echo started
	contains "$out" started
	contains "$err" "· exec:next           not run, and the start goes on without it: requires directory:may-fail"
	contains "$err" "· exec:last           not run, and the start goes on without it: requires exec:next"
	contains "$err" "the ground is laid in part: 1 failed, 2 not run"
	missing next last
	status 0 gw --report r.json status
	contains "$out" "the bootstrap succeeded in part (1 failed, 2 not run) in "
}

# Nobody said of the deadline that it is not critical.
the_deadline_ends_what_is_not_critical_too() {
	endless
	drop_in 20.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[exec:endless]
		critical = no
		[directory:after]
		critical = no
	END
	status 111 gw --deadline 300ms --report report.json -- touch started
	missing started after
	contains "$err" "deadline"
	lacks "$err" "the application starts"
	equal $'directory:before success\nexec:endless error\ndirectory:after not-run' \
		"$(statuses)"
}

a_retry_that_has_no_time_left_is_not_announced() {
	printf '%s\n' '[exec:a]' "command = sh -c 'echo the server is not ready; exit 75'" 'retries = 5' 'retry_delay = 4s' \
		'timeout = 2s' | drop_in 10.ini
	status 111 gw apply
	lacks "$err" "trying again"
	matches "$err" "it took longer than its timeout of 2.0s; the last try failed: .*the command ended with status 75"
	printf '[exec:a]\nretry_delay = 1ms\n' | drop_in 20.ini
	printf '%s\n' '[exec:a]' "command = sh -c 'test ! -e tried || sleep 5; touch tried; exit 75'" | drop_in 30.ini
	status 111 gw apply
	contains "$err" "trying again in"
	matches "$err" "timeout of 2.0s.*; the last try failed: .*the command ended with status 75"
}

# The earlier failure is not why: with fail_fast = no the step would have been run.
what_is_not_run_past_the_deadline_says_so() {
	printf '%s\n' '[bootstrap]' 'fail_fast = no' '[exec:a]' "command = sh -c 'trap \"\" TERM; sleep 0.5; sleep 0.5'" \
		'timeout = 300ms' '[exec:b]' 'command = true' | drop_in 10.ini
	status 111 gw --deadline 600ms apply
	matches "$err" "exec:b +not run: the deadline of [0-9.a-z]+ \(.*deadline\) has passed$"
	lacks "$err" "an earlier step failed"
}

a_stop_ends_what_is_not_critical_too() {
	endless
	printf '[exec:endless]\ncritical = no\n' | drop_in 20.ini
	local code=0
	background "$GROUNDWORK" -c conf --report report.json -- touch started 2>"$err"
	eventually test -s helper
	kill -TERM "$pid"
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
	missing started after
	equal $'directory:before success\nexec:endless error\ndirectory:after not-run' \
		"$(statuses)"
}

# A ground of many steps, and an application that looks whether all of it is there.
function many_steps {
	mkdir m
	echo 'CREATE TABLE t (a);' >m/001_t.sql
	drop_in 10.ini <<-'END'
		[directory:one]
		path = one
		[directory:two]
		path = two
		[link:three]
		path = three
		target = one
		[key:four]
		path = four
		[file:five]
		path = five
		content = ${key:four}
		[file:six]
		path = six
		[database:seven]
		path = seven
		migrations = ../m
		[exec:eight]
		command = touch {file}
		creates = eight
		[exec:nine]
		command = touch nine
		[link:ten]
		path = ten
		target = two
		order = 40
	END
	cat >application <<-'END'
		#!/bin/sh
		touch started
		for step in one two three four five six seven eight nine ten; do
			test -e "$step" || test -L "$step" || echo "$step" >>left_out
		done
	END
	chmod +x application
}

# one_start [OPTION…]: in a fresh directory. Its exit code; never with a step left out.
function one_start {
	local code=0
	rm -rf fresh
	mkdir fresh
	"$GROUNDWORK" -q -c conf --base fresh "$@" -- sh -c 'cd fresh && exec ../application' \
		2>"$err" || code=$?
	[[ ! -e fresh/left_out ]] || fail "$*: started without $(tr '\n' ' ' <fresh/left_out)"
	case $code in
	0) exists fresh/started ;;
	111) missing fresh/started ;;
	*) fail "$*: exit code $code" ;;
	esac
	return "$code"
}

# timeout: 240
at_no_deadline_does_it_start_with_a_step_left_out() {
	many_steps
	sed -i 's/touch nine/touch fresh\/nine/' conf/10.ini
	local rounds=40 begin longest number started=0 ended=0
	[[ -z $FULL ]] || rounds=200
	begin=$(date +%s%N)
	one_start
	longest=$(($(date +%s%N) - begin))
	for ((number = 0; number < rounds; number++)); do
		# Never 0 ms, which passes whatever a deadline is made of.
		if one_start --deadline "$((longest * number / rounds / 1000000 + 1))ms"; then
			started=$((started + 1))
		else
			ended=$((ended + 1))
		fi
	done
	echo "$started started, $ended ended over $((longest / 1000000)) ms"
	((ended > 0)) || fail "no deadline passed"
	one_start --deadline 10min
}

# The worker is the parent's only child.
function worker_of {
	cat "/proc/$1/task/$1/children"
}

a_worker_that_is_killed_is_111_and_names_the_step() {
	[[ -e /proc/self/task/$$/children ]] || skip "this kernel lists no children"
	endless
	local code=0 worker
	background "$GROUNDWORK" -c conf sh -c 'touch started' 2>"$err"
	eventually test -s helper
	worker=$(worker_of "$pid")
	# The number is one word.
	# shellcheck disable=SC2086
	kill -KILL $worker
	wait "$pid" || code=$?
	equal 111 "$code" "exit code"
	contains "$err" "exec:endless"
	missing started
	is_gone "$(cat helper)" || fail "the helper is left behind"
	is_gone "$(cat child)" || fail "the helper's child is left behind"
}

# A /dev of our own, with a termination log as a kubelet makes it.
root_the_termination_log_says_what_ended_without_a_word() {
	needs_mounts
	cat >in_namespace <<-'END'
		mkdir dev
		mount -t tmpfs none dev
		mkdir dev/shm
		mount --bind /dev/shm dev/shm # where the tests may be
		mount --move dev /dev
		mknod -m 666 /dev/null c 1 3
		echo old >/dev/termination-log
		chmod 666 /dev/termination-log
		code=0
		"$@" || code=$?
		cat /dev/termination-log >log
		exit "$code"
	END
	printf '%s\n' '[exec:e]' "command = sh -c 'kill -KILL \$PPID; sleep 9'" | drop_in 10.ini
	status 111 unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	equal "groundwork: step 'exec:e' was killed with SIGKILL (out of memory?)" "$(cat log)"
	sed -i "s,^\([[:blank:]]*\)chmod 666 /dev/term.*,\1mv /dev/termination-log of_another; ln -s $PWD/of_another /dev/termination-log," in_namespace
	status 111 unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	equal old "$(cat of_another)" "what a link in its place leads to"
	sed -i 's,mv /dev/term.*,chmod 666 /dev/termination-log,' in_namespace
	sed -i 's/KILL/STOP/' conf/10.ini
	status 111 unshare -m sh in_namespace "$GROUNDWORK" -c conf --deadline 100ms apply
	equal "groundwork: the deadline has passed and step 'exec:e' did not end: killed" "$(cat log)"
	rm conf/10.ini
	touch app
	chmod 755 app
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	status 126 unshare -m sh in_namespace "$GROUNDWORK" -c conf ./app
	matches log "^groundwork: .*'./app'"
	status 126 unshare -m sh in_namespace "$GROUNDWORK" -c conf --init ./app
	matches log "^groundwork: .*'./app'"
	status 0 unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	equal old "$(cat log)"
	status 127 unshare -m sh in_namespace "$GROUNDWORK" no-such-command
	matches log "^groundwork: .*'no-such-command'"
	command -v setpriv >/dev/null || return 0
	export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" # it takes a process of its own
	chmod 755 .
	# shellcheck disable=SC2016 # the inner shell has its own arguments
	local limited='ulimit -u 1 && exec setpriv --reuid 65531 --regid 65531 --clear-groups "$@"'
	status 111 unshare -m sh in_namespace bash -c "$limited" - "$GROUNDWORK" -c conf apply
	matches log "^groundwork: make the worker: .*; no report of this start is written\$"
	status 111 unshare -m sh in_namespace bash -c "$limited" - "$GROUNDWORK" --init true
	matches log "^groundwork: start the application: "
}

a_parent_that_is_killed_takes_the_worker_with_it() {
	[[ -e /proc/self/task/$$/children ]] || skip "this kernel lists no children"
	endless
	local worker
	background "$GROUNDWORK" -c conf sh -c 'touch started' 2>"$err"
	eventually test -s helper
	worker=$(worker_of "$pid")
	kill -KILL "$pid"
	# shellcheck disable=SC2086
	eventually is_gone $worker
	missing started after
	# Nobody is left who could end the helper's child.
	kill -KILL "$(cat child)" "$(cat helper)" 2>/dev/null || true
}

a_report_that_cannot_be_written_does_not_keep_the_application_down() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
	END
	mkdir report.json
	status 0 gw --report report.json sh -c 'echo started'
	contains "$out" started
	contains "$err" "the report"
}

sigterm_during_a_migration_rolls_it_back() {
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		migrations = ../m
	END
	mkdir m
	echo 'CREATE TABLE one (a);' >m/001_one.sql
	status 0 gw apply
	cat >m/002_endless.sql <<-'SQL'
		INSERT INTO one VALUES (1);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
			SELECT count(i) FROM n;
	SQL
	local code=0
	background "$GROUNDWORK" -c conf sh -c 'touch started' 2>"$err"
	# The transaction has begun where another process cannot begin one.
	eventually python3 -c '
import sqlite3
try:
    sqlite3.connect("d.db", timeout=0, isolation_level=None).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError:
    raise SystemExit(0)
raise SystemExit(1)'
	kill -TERM "$pid"
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
	missing started
	echo 'CREATE TABLE two (a);' >m/002_endless.sql
	status 0 gw apply
	equal 0 "$(python3 -c '
import sqlite3
print(sqlite3.connect("d.db").execute("SELECT count(*) FROM one").fetchone()[0])')" "rows"
}

# ---- between two system calls ----

function needs_strace {
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
}

# with_faults INJECT COMMAND…: with what strace does to system calls.
function with_faults {
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -f -o "$TEST_DIR/trace" \
		-e "inject=$1" "${@:2}"
}

# stopped_at_flush: the process that the fault has stopped, just before it publishes.
function stopped_at_flush {
	[[ -e $TEST_DIR/trace ]] || return 1
	stopped=$(sed -n 's/^\([0-9]*\) *--- stopped by SIGSTOP ---.*/\1/p' "$TEST_DIR/trace")
	[[ -n $stopped ]]
}

what_another_process_makes_meanwhile_is_not_replaced() {
	needs_strace
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
	END
	printf 'ab%.0s' {1..32} >theirs
	background with_faults fsync:signal=STOP:when=1 "$GROUNDWORK" -c conf apply
	eventually stopped_at_flush
	cp theirs k
	kill -CONT "$stopped"
	wait "$pid"
	same theirs k

	rm "$TEST_DIR/trace"
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = ours
	END
	background with_faults fsync:signal=STOP:when=1 "$GROUNDWORK" -c conf apply
	eventually stopped_at_flush
	cp theirs f
	kill -CONT "$stopped"
	wait "$pid"
	same theirs f
}

a_name_that_cannot_be_flushed_is_a_failure() {
	needs_strace
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x
	END
	# The file itself is the first, the directory that it is in the second.
	status 111 with_faults fsync:error=EIO:when=2 "$GROUNDWORK" -c conf apply
	contains "$err" "flush the directory"
}

an_error_of_a_key_names_its_line() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[file:judged]
		path = judged.json
		content = {}
		validate = test -s {file} -a 1 = 2
		[file:asked]
		path = asked.json
		template = ../asked
		requires = exec:any
		must_have = key
		[exec:any]
		order = 1
		command = true
		[file:summed]
		path = summed
		source = ../to_sum
		sha256 = 0000000000000000000000000000000000000000000000000000000000000000
		[directory:full]
		path = full
		source = nowhere
		[exec:checked]
		check = false
		[database:d]
		path = d.db
		migrations = nowhere
		[file:set]
		path = set.json
		policy = edit
		set = {"a": 1}
	END
	echo {} | tee asked >to_sum
	echo [] >set.json
	drop_in 20.ini <<-'END'
		[file:asked]
		must_have = other
	END
	status 111 gw apply
	contains "$err" "error: conf/10.ini:6: [file:judged] validate: the new text of "
	contains "$err" "error: conf/20.ini:2: [file:asked] must_have: the new text of "
	contains "$err" "error: conf/10.ini:18: [file:summed] sha256: that of the new text of "
	contains "$err" "error: conf/10.ini:21: [directory:full] source: "
	contains "$err" "error: conf/10.ini:23: [exec:checked] check: the command ended "
	contains "$err" "conf/10.ini:26: [database:d] migrations: "
	contains "$err" "error: conf/10.ini:30: [file:set] set: $PWD/set.json:1:1: an object is expected"
}

# Nobody is left to guess what takes so long.
a_step_that_takes_long_is_said_to_be_at_work() {
	drop_in 10.ini <<-'END'
		[exec:a]
		command = sh -c 'sleep 1.5'
		[exec:b]
		command = true
	END
	status 0 gw apply
	contains_once "$err" "groundwork: [exec:a] is still at work, 1.0s"
	lacks "$err" "[exec:b] is still"
	status 0 gw -q apply
	lacks "$err" "at work"
	printf '%s\n' '[bootstrap]' 'log_level = warn' >>conf/10.ini
	status 0 gw apply
	lacks "$err" "at work"
}

a_migration_that_takes_long_is_named() {
	mkdir migrations
	echo 'CREATE TABLE a (b);' >migrations/001_first.sql
	cat >migrations/002_slow.sql <<-'END'
		WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
		INSERT INTO a SELECT max(x) FROM c WHERE x < 0;
	END
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../migrations' 'timeout = 4s' | drop_in 10.ini
	status 111 gw apply
	matches "$err" "\[database:d\] is still at work: d/002 slow \(2 of 2\), [1-3].[0-9]s"
}

what_is_not_selected_is_not_said_to_have_been_hindered() {
	printf '%s\n' '[exec:a]' 'command = false' 'order = 1' '[directory:b]' 'path = b' |
		drop_in 10.ini
	status 111 gw --only 'exec:a' apply
	contains "$err" "· directory:b  not selected"
	lacks "$err" "an earlier step failed"
}
