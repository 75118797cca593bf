#!/bin/bash
# SPDX-License-Identifier: MIT
# Supervising, from outside: signals, stopping, what is left behind, exit codes.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# app LINES…: a drop-in of [app] settings, and one step.
function app {
	printf '%s\n' "[directory:d]" "path = d" "[app]" "$@" | drop_in 10.ini
}

function with_init {
	"$GROUNDWORK" -q -c conf --init "$@"
}

# supervised COMMAND…: in the background, as $pid, without the signals that a command in the
# background ignores; the command is up when it has made `ready`.
function supervised {
	rm -f ready
	background env --default-signal "$GROUNDWORK" -q -c conf --init "$@"
	eventually test -e ready
}

# ends CODE
function ends {
	local code=0
	wait "$pid" || code=$?
	equal "$1" "$code" "exit code"
}

loop='touch ready; while :; do sleep 0.02; done'

signals_are_rewritten_by_name_and_number() {
	app "signals = TERM=QUIT SIGHUP=none 10=USR2" "  RTMIN+3=INT"
	supervised sh -c "trap 'echo QUIT; exit 1' QUIT; trap 'echo HUP' HUP; trap 'echo USR1' USR1
		trap 'echo USR2' USR2; trap 'echo INT' INT; $loop" >heard
	kill -HUP "$pid"
	kill -USR1 "$pid"
	eventually grep -q USR2 heard
	kill -RTMIN+3 "$pid"
	eventually grep -q INT heard
	kill -TERM "$pid"
	ends 1
	equal $'USR2\nINT\nQUIT' "$(cat heard)"
}

what_is_wrong_with_app_is_reported_at_once() {
	drop_in 10.ini <<-'END'
		[app]
		signals = TERM=QIUT KILL=TERM USR1
		exit_codes = 143=0 256=0
		limits = nofiles=10 core=1:0
		capabilities = net_bind_servce
		parent_death_signal = TREM
		umask = 1777
		user = app:x
		group = other
		kill_mode = groups
		stop_timeout = soon
	END
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "10.ini:2:11: [app] signals: there is no signal 'QIUT'; did you mean 'QUIT'?"
	contains "$err" "10.ini:10:13: [app] kill_mode:"
	contains "$err" "10.ini:11:16: [app] stop_timeout:"
	contains "$err" "10.ini:2:21: [app] signals: 'KILL=TERM'"
	contains "$err" "10.ini:2:31: [app] signals: 'USR1' is not of the form"
	contains "$err" "10.ini:3:20: [app] exit_codes: '256=0'"
	contains "$err" "10.ini:4:10: [app] limits: there is no limit 'nofiles'; did you mean 'nofile'?"
	contains "$err" "10.ini:4:21: [app] limits: 'core=1:0': the soft limit is above the hard one"
	contains "$err" "10.ini:5:16: [app] capabilities:"
	contains "$err" "did you mean 'net_bind_service'?"
	contains "$err" "10.ini:6:23: [app] parent_death_signal: there is no signal 'TREM'"
	contains "$err" "10.ini:7:9: [app] umask: is at most 0777"
	contains "$err" "10.ini:8: [app] user: 'app:x' names a group, and so does 'other'"
}

a_signal_goes_to_the_application_alone() {
	app
	supervised sh -c "(trap 'echo child' USR1; while :; do sleep 0.02; done) &
		trap 'echo parent; kill \$!; exit 4' USR1; $loop" >heard
	kill -USR1 "$pid"
	ends 4
	equal parent "$(cat heard)"
}

with_kill_mode_group_all_of_its_group_hear_it() {
	app "kill_mode = group"
	supervised sh -c "(trap 'echo child >child; exit' USR1; touch up; while :; do sleep 0.02; done) &
		trap 'wait; echo parent; exit 4' USR1
		while ! test -e up; do sleep 0.02; done; $loop" >heard
	kill -USR1 "$pid"
	ends 4
	equal parent "$(cat heard)"
	exists child
}

a_child_that_ignores_term_is_killed_after_stop_timeout() {
	app "stop_timeout = 100ms"
	supervised sh -c "trap '' TERM; $loop"
	kill -TERM "$pid"
	ends 137
}

# As it was received, and as it was handed on.
a_signal_of_stop_signals_starts_stop_timeout() {
	local sent lines keys
	while IFS='|' read -r sent lines; do
		IFS=';' read -ra keys <<<"$lines"
		app "stop_timeout = 100ms" "${keys[@]}"
		supervised sh -c "trap '' TERM QUIT USR1 RTMIN+3; $loop"
		kill "-$sent" "$pid"
		ends 137
	done <<-'END'
		USR1|signals = USR1=TERM
		QUIT|stop_signals = TERM INT QUIT
		QUIT|stop_signals += QUIT
		TERM|stop_signals += QUIT
		TERM|signals = TERM=QUIT
		TERM|signals = TERM=QUIT;stop_signals = QUIT
		RTMIN+3|signals = RTMIN+3=TERM
	END
	# One that does not, is one that is handed on, and no more.
	app "stop_timeout = 50ms" "stop_signals = QUIT"
	supervised sh -c "trap 'echo TERM; exit 3' TERM; trap : INT; $loop" >heard
	kill -TERM "$pid"
	ends 3
	app "stop_signals = NONE"
	status 100 with_init true
	contains "$err" "[app] stop_signals: "
}

# Load balancers go on sending requests for a while.
a_stop_is_held_back_for_stop_delay() {
	app "stop_delay = 300ms" "stop_timeout = 20s"
	supervised sh -c "trap 'date +%s%N >heard; exit 3' TERM; trap 'echo HUP >hup' HUP; $loop"
	date +%s%N >sent
	kill -TERM "$pid"
	kill -HUP "$pid"
	eventually test -e hup
	kill -TERM "$pid" # as timeout(1), which sends it twice
	missing heard
	ends 3
	(($(<heard) - $(<sent) >= 300000000)) || fail "it was heard too early"
}

a_second_stop_ends_stop_delay() {
	app "stop_delay = 1h" "stop_timeout = none"
	supervised sh -c "trap 'exit 3' TERM; trap 'touch hup' HUP; $loop"
	kill -TERM "$pid"
	kill -HUP "$pid"
	eventually test -e hup
	sleep 0.6
	kill -TERM "$pid"
	ends 3
}

# What comes twice, as from timeout(1), kills nothing that has just heard the first one. A
# machine that is too slow to send both at once tries again.
a_stop_that_comes_twice_behind_stop_delay_counts_once() {
	local try sent
	app "stop_delay = 1h" "stop_timeout = 2h"
	for ((try = 0; try < 20; try++)); do
		rm -f hup heard
		supervised sh -c "trap 'trap : TERM; kill -TERM \$PPID; date +%s%N >heard; sleep 0.3; exit 3' TERM; trap 'touch hup' HUP; $loop"
		kill -TERM "$pid"
		kill -HUP "$pid"
		eventually test -e hup
		sleep 0.6
		sent=$(date +%s%N)
		kill -TERM "$pid"
		wait "$pid" && fail "it ended with 0" || exit_code=$?
		[[ ! -e heard ]] || (($(<heard) - sent >= 450000000)) || break
	done
	equal 3 "$exit_code"
}

# At debug each signal, at info a stop that waits.
what_became_of_a_signal_is_logged() {
	local level
	for level in info debug; do
		rm -f ready hup
		app "signals = USR1=none USR2=HUP TERM=QUIT" "stop_delay = 300ms" "stop_timeout = 20s"
		background env --default-signal "$GROUNDWORK" -c conf --log-level "$level" --init \
			sh -c "trap 'exit 3' QUIT; trap 'echo HUP >>hup' HUP; trap : WINCH; $loop" 2>log
		eventually test -e ready
		kill -USR1 "$pid"
		kill -WINCH "$pid"
		kill -USR2 "$pid"
		eventually test -e hup
		kill -TERM "$pid"
		ends 3
		contains_once log "groundwork: SIGTERM was received: it is held back for 300ms (\`stop_delay\`)"
		contains_once log "groundwork: SIGQUIT is sent to the application: \`stop_delay\` is over"
		if [[ $level == info ]]; then
			lacks log "was received, and"
			continue
		fi
		contains_once log "groundwork: debug: SIGUSR1 was received, and dropped"
		contains_once log "groundwork: debug: SIGWINCH was received, and sent on"
		contains_once log "groundwork: debug: SIGUSR2 was received, and sent on as SIGHUP"
		lacks log "SIGCHLD"
	done
}

# One that becomes a stop names itself: nobody has sent the other one.
what_came_while_steps_ran_is_logged() {
	local form
	drop_in 10.ini <<-'END'
		[app]
		signals = USR1=none USR2=HUP RTMIN+3=TERM
		[exec:e]
		command = sh -c 'touch ready; until test -e go; do sleep 0.02; done'
	END
	for form in '' --init; do
		rm -f ready go
		# shellcheck disable=SC2086 # none, or one
		background env --default-signal "$GROUNDWORK" -c conf -v $form -- sh -c 'kill -TERM $$' 2>log
		eventually test -e ready
		kill -USR1 "$pid"
		kill -WINCH "$pid"
		touch go
		ends 143
		contains_once log "groundwork: debug: SIGUSR1 was received, and dropped"
		contains_once log "groundwork: debug: SIGWINCH was received, and sent on"
	done
	rm -f ready go
	background env --default-signal "$GROUNDWORK" -c conf -- true 2>log
	eventually test -e ready
	kill -RTMIN+3 "$pid"
	ends 143
	contains_once log "groundwork: SIGRTMIN+3 was received: it is a SIGTERM (\`signals\`)"
}

# stop_timeout begins with the stop, whatever is held back.
stop_delay_is_within_stop_timeout() {
	app "stop_delay = 50ms" "stop_timeout = 200ms"
	supervised sh -c "trap '' TERM; $loop"
	kill -TERM "$pid"
	ends 137
	app "stop_delay = 2s" "stop_timeout = 2s"
	status 100 with_init true
	contains "$err" "conf/10.ini:4: [app] stop_delay: it is not shorter than \`stop_timeout\`: the application would be killed before it hears that it is to end"
	status 0 "$GROUNDWORK" -c conf apply
}

function has_ended {
	grep -q '^State:.Z' "/proc/$1/status"
}

# Those that are queued, too, whenever we come to read them.
what_comes_many_times_before_the_application_is_kept_once() {
	local form
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo $PPID >worker; until test -e go; do sleep 0.02; done'
	END
	cat >count.py <<-'END'
		import signal
		open("up", "w").close()
		marks = times = 0
		while marks < 5:
		    if signal.sigwait([37, 38]) == 37:
		        times += 1
		    else:
		        marks += 1
		print(times)
	END
	for form in '' --init; do
		rm -f go up worker
		# shellcheck disable=SC2086 # none, or one
		background env --default-signal --block-signal=RTMIN+3,RTMIN+4 "$GROUNDWORK" -q -c conf $form -- \
			python3 count.py >counted
		eventually test -s worker
		kill -STOP "$pid"
		for _ in {1..5}; do kill -37 "$pid"; done
		touch go
		eventually has_ended "$(<worker)"
		kill -CONT "$pid"
		eventually test -e up
		for _ in {1..5}; do kill -38 "$pid"; done
		ends 0
		equal 1 "$(<counted)" "times, $form"
	done
}

an_end_by_a_signal_is_one_line() {
	app
	status 139 "$GROUNDWORK" -q -c conf --init sh -c 'kill -SEGV $$'
	matches "$err" '^groundwork: warning: the application was ended by SIGSEGV( \(core dumped\))?$'
	equal 1 "$(wc -l <"$err")"
	status 162 "$GROUNDWORK" -q -c conf --init python3 -c 'import os; os.kill(os.getpid(), 34)'
	equal "groundwork: warning: the application was ended by SIGRTMIN" "$(<"$err")"
	# Two of them have no name; below a make they are ignored, which is inherited.
	if ((0x$(sed -n 's/^SigIgn:[[:blank:]]*//p' /proc/self/status) >> 31 & 1)); then
		status 0 "$GROUNDWORK" -q -c conf --init python3 -c 'import os; os.kill(os.getpid(), 32)'
	else
		status 160 "$GROUNDWORK" -q -c conf --init python3 -c 'import os; os.kill(os.getpid(), 32)'
		equal "groundwork: warning: the application was ended by signal 32" "$(<"$err")"
	fi
	rm -f ready
	background env --default-signal "$GROUNDWORK" -c conf --init sh -c "$loop" 2>log
	eventually test -e ready
	kill -TERM "$pid"
	ends 143
	contains log "groundwork: the application was ended by SIGTERM"
	app "stop_timeout = 20ms"
	rm -f ready
	background env --default-signal "$GROUNDWORK" -q -c conf --init sh -c "trap '' TERM; $loop" 2>log
	eventually test -e ready
	kill -TERM "$pid"
	ends 137
	equal "groundwork: warning: the application did not end in time: killed after 20ms" "$(<log)"
}

# By a seccomp filter of the container.
a_stop_arrives_where_sigtimedwait_is_refused() {
	[[ -n $(command -v strace) ]] || skip "no strace here"
	app
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 background strace -f -qq -o trace -e trace=rt_sigtimedwait \
		-e inject=rt_sigtimedwait:error=ENOSYS env --default-signal "$GROUNDWORK" -q -c conf --init sh -c \
		'echo $PPID >parent; trap "exit 5" TERM; '"$loop"
	eventually test -e ready
	kill -TERM "$(<parent)"
	ends 5
}

without_stop_timeout_it_is_waited_for() {
	app
	supervised sh -c "trap 'touch heard' TERM; trap 'exit 3' USR1; $loop"
	kill -TERM "$pid"
	eventually test -e heard
	kill -TERM "$pid"
	kill -USR1 "$pid"
	ends 3
}

# It is stopped only when it has been sent both.
a_stop_right_behind_a_tstp_ends_the_application() {
	app
	supervised python3 -c '
import signal, sys, time
heard = []
signal.signal(signal.SIGTERM, lambda *_: heard.append(1))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTSTP])
open("ready", "w").close()
while not heard:
    time.sleep(0.02)
time.sleep(0.2)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTSTP])
sys.exit(3)'
	kill -TSTP "$pid"
	kill -TERM "$pid"
	ends 3
}

what_is_left_has_its_time_whatever_is_no_stop() {
	app "leftover_timeout = 20s" "signals = HUP=none"
	supervised sh -c "(trap 'touch asked; sleep 0.5; touch left; exit' TERM; $loop) & until [ -e ready ]; do sleep 0.02; done; exit 4"
	eventually test -e asked
	kill -HUP "$pid"
	ends 4
	exists left
	rm asked left
	supervised sh -c "(trap 'touch asked; sleep 1000' TERM; $loop) & until [ -e ready ]; do sleep 0.02; done; exit 4"
	eventually test -e asked
	kill -TERM "$pid"
	ends 4
}

a_stopped_child_hears_that_it_should_end() {
	app
	supervised sh -c "echo \$\$ >child; $loop"
	kill -STOP "$(cat child)"
	eventually grep -q '^State:.T' "/proc/$(cat child)/status"
	kill -TERM "$pid"
	ends 143
}

what_is_left_behind_gets_term_and_time_and_then_kill() {
	app "leftover_timeout = 20s"
	status 5 with_init sh -c '(trap "sleep 0.3; echo ended >ended; exit" TERM; touch up
		while :; do sleep 0.02; done) & while ! test -e up; do sleep 0.02; done; exit 5'
	equal ended "$(cat ended)"
	app "leftover_timeout = 100ms"
	status 6 with_init sh -c 'trap "" TERM; sleep 1000 & setsid sleep 1000 & exit 6'
}

# Whom a signal is forwarded to is one thing, who is ended behind the application another.
leftovers_get_term_whatever_the_kill_mode() {
	local mode
	for mode in process group; do
		app "leftover_timeout = 20s" "kill_mode = $mode"
		rm -f up ended
		status 5 with_init sh -c '(trap "echo ended >ended; exit" TERM; touch up
			while :; do sleep 0.02; done) & while ! test -e up; do sleep 0.02; done; exit 5'
		equal ended "$(cat ended)" "with kill_mode $mode"
		rm -f up ended
		status 5 with_init sh -c 'setsid sh -c "trap \"echo ended >ended; exit\" TERM; touch up
			while :; do sleep 0.02; done" & while ! test -e up; do sleep 0.02; done; exit 5'
		equal ended "$(cat ended)" "in another session, with kill_mode $mode"
	done
}

exit_codes_are_rewritten() {
	app "exit_codes = TERM=0 3=4"
	supervised sh -c "$loop"
	kill -TERM "$pid"
	ends 0
	status 4 with_init sh -c 'exit 3'
	status 5 with_init sh -c 'exit 5'
	status 127 with_init no-such-command
}

# Who starts us dies: the application hears it, by way of us or by itself.
the_death_of_who_started_us_is_heard() {
	local init
	app "parent_death_signal = USR1"
	for init in --init --no-init; do
		rm -f ready heard
		sh -c '"$@" & while ! test -e ready; do sleep 0.02; done' sh \
			"$GROUNDWORK" -q -c conf "$init" sh -c "trap 'touch heard; exit' USR1; $loop"
		eventually test -e heard
	done
}

# orphaned COMMAND…: it is started by who dies while a step waits for `go`, which is made then.
function orphaned {
	printf '%s\n' '[exec:e]' "command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'" |
		drop_in 20.ini
	rm -f begun go
	sh -c '"$@" 2>log & echo $! >started; while ! test -e begun; do sleep 0.02; done' sh "$@"
	touch go
	eventually eval '! kill -0 "$(cat started)"'
}

# By a stop the application is never started, by any other signal it gets that.
who_started_us_may_die_before_the_application_runs() {
	local init
	app "parent_death_signal = TERM"
	for init in --init --no-init; do
		orphaned "$GROUNDWORK" -c conf "$init" sh -c "touch up; $loop"
		contains log "the ground is laid"
		missing up
	done
	app "parent_death_signal = USR1"
	orphaned env --block-signal=USR1 "$GROUNDWORK" -c conf --init \
		python3 -c 'import signal; signal.sigwait({signal.SIGUSR1}); open("heard", "w")'
	status 0 test -e heard
}

# And where it is the supervisor that is killed, so is the application.
parent_death_signal_kills_with_the_supervisor() {
	app "parent_death_signal = KILL"
	supervised sh -c "echo \$\$ >child; $loop"
	kill -KILL "$pid"
	wait "$pid" || true
	eventually eval '! kill -0 "$(cat child)"'
}

an_inherited_ignored_sigchld_hangs_nobody() {
	app
	status 7 env --ignore-signal=CHLD "$GROUNDWORK" -q -c conf --init sh -c 'sleep 0; exit 7'
	status 7 env --ignore-signal=CHLD "$GROUNDWORK" -q -c conf sh -c 'exit 7'
}

signals_are_inherited_as_they_were() {
	local init
	app
	for init in --init --no-init; do
		env --default-signal --ignore-signal=HUP,INT,TTOU --block-signal=TTIN,ILL,TERM \
			grep -E 'Sig(Blk|Ign)' /proc/self/status >before
		env --default-signal --ignore-signal=HUP,INT,TTOU --block-signal=TTIN,ILL,TERM \
			"$GROUNDWORK" -q -c conf "$init" grep -E 'Sig(Blk|Ign)' /proc/self/status >after
		same before after
	done
}

a_closed_stdin_is_fine() {
	app
	status 3 with_init sh -c 'exit 3' <&-
	status 3 with_init sh -c 'exit 3' <&- >&- 2>&-
}

nothing_wakes_up_while_idle() {
	app
	supervised sh -c 'touch ready; exec sleep 1000'
	local before
	# It closes and changes to / after the fork; then it sleeps.
	eventually grep -q '^State:.S' "/proc/$pid/status"
	sleep 0.3
	before=$(grep ctxt "/proc/$pid/status")
	sleep 2
	equal "$before" "$(grep ctxt "/proc/$pid/status")" "context switches"
	kill -TERM "$pid"
	ends 143
}

# As a subreaper, not PID 1: the orphan of an orphan comes to us.
orphans_come_to_a_supervisor_that_is_not_pid_1() {
	app
	status 0 with_init sh -c '(setsid sh -c "echo \$\$ >orphan; touch up; exec sleep 1000" &)
		while ! test -e up; do sleep 0.02; done
		grep "^PPid:.*$PPID\$" "/proc/$(cat orphan)/status"'
	eventually eval '! kill -0 "$(cat orphan)"'
}

who_was_there_before_us_is_spared() {
	app
	status 3 sh -c 'for i in $(seq 100); do sleep 1000 & echo $!; done >sidecars; exec "$@"' sh \
		"$GROUNDWORK" -q -c conf --init sh -c 'exit 3'
	xargs kill <sidecars # an error where one has ended
}

the_value_of_a_queued_signal_is_handed_on() {
	app "signals = USR1=RTMIN+2"
	status 0 "$ROOT/tests/cli/queued.py" "$GROUNDWORK" -q -c conf --init
	equal $'1 -1 7 ours\n1 -1 8 ours\n2 -1 9 ours' "$(<"$out")"
}

# As in a container that may do nothing but become another user.
root_signals_reach_another_user_without_the_right_to_signal_others() {
	command -v setpriv >/dev/null || skip "no setpriv here"
	chmod 777 .
	app "user = nobody" "stop_timeout = 100ms"
	local trap code
	while IFS='|' read -r trap code; do
		rm -f ready
		background setpriv --bounding-set=-kill --inh-caps=-kill env --default-signal \
			"$GROUNDWORK" -q -c conf --init sh -c "trap '$trap' TERM; $loop"
		eventually test -e ready
		kill -TERM "$pid"
		ends "$code"
	done <<-'END'
		exit 3|3
		|137
	END
}

function ended_by {
	status 0 python3 -c 'import subprocess, sys
print(subprocess.run(sys.argv[1:]).returncode)' "${@:2}"
	equal "$1" "$(<"$out")" "how it ended"
}

# A signal that was asked for with a key is died of; any other is 128+n.
root_who_waits_for_us_sees_int_and_quit_as_a_death() {
	app
	ended_by -2 "$GROUNDWORK" -q -c conf --init sh -c 'kill -INT $$'
	ended_by -3 "$GROUNDWORK" -q -c conf --init sh -c 'ulimit -c unlimited; kill -QUIT $$'
	ended_by 143 "$GROUNDWORK" -q -c conf --init sh -c 'kill -TERM $$'
	ended_by 130 "$GROUNDWORK" -q -c conf --init sh -c 'exit 130'
	app "exit_codes = INT=7"
	ended_by 7 "$GROUNDWORK" -q -c conf --init sh -c 'kill -INT $$'
	printf '%s\n' '[exec:e]' "command = sh -c 'kill -INT \$(cat parent)'" >conf/20.ini
	ended_by -2 sh -c 'echo $$ >parent; exec "$@"' sh "$GROUNDWORK" -q -c conf apply
}

function rounds {
	if [[ -n ${FULL-} ]]; then echo "$1"; else echo "$2"; fi
}

# moments child|pid1 SIGNAL CODE SETTING [OPTION…]: the application ends with CODE, too.
function moments {
	drop_in 10.ini <<-END
		[app]
		$4
		[directory:d]
		path = d
		[key:k]
		path = k
		env = KEY
		[exec:e]
		command = sh -c true
	END
	status 0 "$ROOT/tests/cli/moments.py" "$(rounds 1000 25)" "$1" "$2" "$3" \
		"$GROUNDWORK" -q -c conf "${@:5}" sh -c \
		"trap 'exit ${3%|*}' TERM QUIT USR1 $((34 + 3)); echo up; while :; do sleep 0.02; done"
	cat "$out"
}

# What stops a supervised application: TERM, QUIT, and two that are rewritten.
function supervised_moments {
	moments "$1" 15 143 "stop_timeout = none" "${@:2}"
	moments "$1" 3 131 "stop_signals = TERM INT QUIT" "${@:2}"
	moments "$1" 10 143 "signals = USR1=TERM" "${@:2}"
	moments "$1" 37 143 "signals = RTMIN+3=TERM" "${@:2}"
}

# timeout: 600
a_stop_at_any_moment_of_becoming_the_application() {
	moments child 15 143 "umask = 022"
	moments child 3 131 "umask = 022"
	# What is rewritten ends the start; the application itself gets it as it is.
	moments child 10 "143|138" "signals = USR1=TERM"
	moments child 37 "143|165" "signals = RTMIN+3=TERM"
}

# timeout: 600
a_stop_at_any_moment_of_supervising_it() {
	supervised_moments child --init
}

# timeout: 600
pid1_a_stop_at_any_moment() {
	((EUID == 0)) || skip "needs root"
	supervised_moments pid1
}

# Whatever it stops with, at whatever moment: who does not end is killed.
function stop_timeout_moments { # child|pid1 [OPTION…]
	local sent code setting
	while read -r sent code setting; do
		drop_in 10.ini <<-END
			[directory:d]
			path = d
			[app]
			stop_timeout = 30ms
			$setting
		END
		status 0 "$ROOT/tests/cli/moments.py" "$(rounds 1000 10)" "$1" "$sent" "$code|137" \
			"$GROUNDWORK" -q -c conf "${@:2}" sh -c "trap '' TERM QUIT USR1 RTMIN+3
			echo up; while :; do sleep 0.02; done"
		cat "$out"
	done <<-'END'
		15 143 stop_signals = TERM
		3 131 stop_signals = TERM QUIT
		10 143 signals = USR1=TERM
		37 143 signals = RTMIN+3=TERM
	END
}

# timeout: 600
stop_timeout_is_armed_at_any_moment() {
	stop_timeout_moments child --init
}

# timeout: 600
pid1_stop_timeout_is_armed_at_any_moment() {
	((EUID == 0)) || skip "needs root"
	stop_timeout_moments pid1
}

# timeout: 600
a_storm_of_orphans_and_signals() {
	app
	status 0 "$ROOT/tests/cli/storm.py" "$(rounds 10000 400)" "$GROUNDWORK" -q -c conf --init --
}

# timeout: 600
pid1_a_storm_of_orphans_and_signals() {
	app
	# Its queue of signals is the kernel's; who waits for it is not PID 1.
	status 0 in_pid1 "$ROOT/tests/cli/storm.py" "$(rounds 10000 200)" "$GROUNDWORK" -q -c conf --init --
}

# timeout: 600
a_storm_under_valgrind() {
	[[ -n ${FULL-} ]] || skip "only with FULL=1"
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	# Without a step: some valgrinds take a fortified memmove for a memcpy.
	drop_in 10.ini <<<'[app]'
	status 0 "$ROOT/tests/cli/storm.py" 2000 valgrind -q --error-exitcode=97 --leak-check=full \
		"$GROUNDWORK" -q -c conf --init --
}
