#!/bin/bash
# SPDX-License-Identifier: MIT
# As PID 1 of a container.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function one_step {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
	END
}

# The only child of unshare is PID 1 inside.
function inner_pid {
	tr -d ' ' <"/proc/$pid/task/$pid/children"
}

function has_inner_pid {
	[[ -n $(inner_pid) ]]
}

# in_background COMMAND…: as in_pid1, with $pid, and without the ignored signals of a
# command in the background.
function in_background {
	[[ -e /proc/self/task/$$/children ]] || skip "this kernel lists no children"
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	background $TEST_PID1 -- env --default-signal "$@"
	eventually has_inner_pid
}

pid1_the_exit_code_is_the_applications_own() {
	one_step
	status 42 in_pid1 "$GROUNDWORK" -c conf sh -c 'exit 42'
	status 143 in_pid1 "$GROUNDWORK" -c conf sh -c 'kill -TERM $$'
	status 127 in_pid1 "$GROUNDWORK" -c conf no-such-command
	exists d
}

pid1_the_application_is_supervised_and_not_pid_1() {
	one_step
	status 0 in_pid1 "$GROUNDWORK" -c conf sh -c 'echo $PPID; test $$ != 1'
	equal 1 "$(cat "$out")" "the application's parent"
	status 0 in_pid1 "$GROUNDWORK" -c conf --no-init sh -c 'echo $$'
	equal 1 "$(cat "$out")" "the application that we became"
}

pid1_apply_ends() {
	one_step
	status 0 in_pid1 "$GROUNDWORK" -c conf apply
	exists d
}

pid1_signals_are_forwarded() {
	one_step
	local signal code
	for signal in TERM INT QUIT HUP USR1 USR2 WINCH ALRM ABRT RTMIN+3; do
		rm -f ready
		in_background "$GROUNDWORK" -q -c conf \
			sh -c "trap 'exit 9' $signal; touch ready; while :; do sleep 0.02; done"
		eventually test -e ready
		kill "-$signal" "$(inner_pid)"
		code=0
		wait "$pid" || code=$?
		equal 9 "$code" "exit code after $signal"
	done
}

pid1_an_application_that_dies_of_sigterm_is_143() {
	one_step
	local code=0
	in_background "$GROUNDWORK" -q -c conf sh -c 'touch ready; exec sleep 1000'
	eventually test -e ready
	kill -TERM "$(inner_pid)"
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
}

pid1_orphans_are_reaped_and_ended_with_the_application() {
	one_step
	status 7 in_pid1 "$GROUNDWORK" -q -c conf sh -c '
		# Orphans that end at once, and one that stays.
		for i in 1 2 3 4 5 6 7 8; do (true & true); done
		(sleep 1000 & true)
		try=0
		while grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null | grep -q .; do
			try=$((try + 1))
			test $try -lt 500 || exit 99
			sleep 0.02
		done
		exit 7'
}

pid1_a_leftover_gets_sigterm_first() {
	one_step
	status 7 in_pid1 "$GROUNDWORK" -q -c conf sh -c '
		sh -c "trap \"echo ended >leftover; exit\" TERM; touch ready
			while :; do sleep 0.02; done" &
		while ! test -e ready; do sleep 0.02; done
		exit 7'
	equal ended "$(cat leftover)" "what the leftover wrote"
}

# They are killed by few calls, each of which reaches all: not by one for each that ends, but
# every 100 ms. strace notes the time before it lets a call begin, so a busy machine makes the
# distances longer, never shorter.
pid1_many_deaf_leftovers_are_killed() {
	local count=500
	[[ -n $TEST_PID1 ]] || skip "no process namespaces here"
	[[ -z $FULL ]] || count=10000
	drop_in 10.ini <<-'END'
		[app]
		leftover_timeout = 100ms
	END
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
		status 7 strace -f --seccomp-bpf -qq -ttt -o calls -e trace=kill -e signal=none \
		$TEST_PID1 -- "$GROUNDWORK" -q -c conf --init run -- sh -c '
		trap "" TERM
		i=0
		while test $i -lt '$count'; do
			sleep 1000 &
			i=$((i + 1))
		done
		exit 7'
	# PID 1 is the first to call; of a process that ends strace may note another one's call.
	awk '/kill\(-1, SIGKILL/ && (!first || $1 == first) { first = $1; print }' calls >kills
	[[ -s kills ]] || fail "no call reaches all"
	awk 'last && $2 - last < 0.099 { exit 1 } { last = $2 }' kills ||
		fail "one call follows another at once: $(<kills)"
}

# Neither the stop nor its end may wait until the last of these has been handed on.
pid1_who_signals_without_end_is_killed_in_time() {
	printf '%s\n' "[directory:d]" "path = d" "[app]" "stop_timeout = 100ms" | drop_in 10.ini
	cat >storm <<-'END'
		import os, signal, time
		for n in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
		    signal.signal(n, signal.SIG_IGN)
		end = time.monotonic() + 30
		children = [os.fork()]
		children.append(os.fork())
		while 0 in children and time.monotonic() < end:
		    for n in signal.SIGRTMIN + children.index(0), signal.SIGUSR1:
		        os.kill(1, n)
		open("ready", "w").close()
		while children and 0 not in children:
		    os.waitpid(children.pop(), 0)
	END
	in_background "$GROUNDWORK" -q -c conf python3 storm
	eventually test -e ready
	kill -TERM "$(inner_pid)"
	ended=0
	wait "$pid" || ended=$?
	equal 137 "$ended" "exit code"
}

pid1_a_stop_during_the_bootstrap_is_143() {
	drop_in 10.ini <<-'END'
		[exec:endless]
		command = sh -c 'sleep 1000 & touch helper; wait'
	END
	local code=0
	in_background "$GROUNDWORK" -c conf sh -c 'touch started'
	eventually test -e helper
	kill -TERM "$(inner_pid)"
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
	missing started
}

# However early it comes: it ends us, or the application, and is never lost.
pid1_no_sigterm_is_lost_while_we_start() {
	one_step
	local round code
	for round in {1..40}; do
		in_background "$GROUNDWORK" -q -c conf \
			sh -c 'trap "exit 143" TERM; while :; do sleep 0.02; done'
		# Only the kernel drops what comes before our first statement.
		eventually mask_is_set "$(inner_pid)"
		code=0
		kill -TERM "$(inner_pid)"
		wait "$pid" || code=$?
		equal 143 "$code" "exit code in round $round"
	done
}

# All but KILL and STOP: unshare itself blocks two for a moment.
function mask_is_set {
	grep -q '^SigBlk:.fffffffffffbfeff$' "/proc/$1/status"
}

# The kernel drops TERM for a PID 1 that does not handle it; so it is looked for until the
# last moment. It comes with the last thing that is done before the execve.
pid1_a_stop_just_before_we_become_the_application_is_not_lost() {
	[[ -n $(command -v strace) ]] || skip "no strace here"
	mkdir work
	drop_in 10.ini <<-'END'
		[app]
		workdir = work
	END
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 143 strace -f -y -o trace \
		-e trace=chdir,fchdir -e inject=chdir,fchdir:signal=TERM \
		$TEST_PID1 -- "$GROUNDWORK" -c conf --no-init sh -c 'touch ../started'
	contains trace "$PWD/work"
	missing started
}

pid1_a_worker_that_is_killed_is_111() {
	drop_in 10.ini <<-'END'
		[exec:suicide]
		command = sh -c 'kill -KILL $PPID; sleep 1000'
	END
	status 111 in_pid1 "$GROUNDWORK" -c conf sh -c 'touch started'
	contains "$err" exec:suicide
	missing started
}

pid1_the_supervisor_keeps_nothing_open_and_no_directory() {
	one_step
	status 0 in_pid1 "$GROUNDWORK" -q -c conf sh -c '
		for fd in /proc/1/fd/*; do readlink $fd; done
		echo cwd $(readlink /proc/1/cwd)' 3</dev/null
	lacks "$out" "$PWD/"
	contains "$out" "cwd /"
	equal 1 "$(grep -cE '^cwd /$' "$out")"
}

# As a runtime opens them, and as an image logs: by opening /dev/stderr once more.
root_pid1_streams_can_be_opened_by_the_user() {
	local init say='echo to stdout >/dev/stdout; echo to stderr >/dev/stderr'
	printf '%s\n' '[app]' 'user = 10001:10002' | drop_in 10.ini
	chmod 755 .
	for init in --init --no-init; do
		{ in_pid1 "$GROUNDWORK" -q -c conf "$init" sh -c "$say" | cat >printed; } 2>&1 | cat >failed
		equal "to stdout" "$(<printed)" "with $init"
		equal "to stderr" "$(<failed)" "with $init"
	done
	# A terminal of the container's own.
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	status 0 "$ROOT/tests/cli/shell_session.py" $TEST_PID1 -- setsid -c \
		"$GROUNDWORK" -q -c conf sh -c "$say; stat -c 'owner %u' -L /dev/stdin" <<-'END'
		expect to stdout
		expect to stderr
		expect owner 10001
	END
}

root_pid1_streams_that_are_no_pipes_stay_whose_they_are() {
	printf '%s\n' '[app]' 'user = 10001:10002' | drop_in 10.ini
	chmod 755 .
	: >log
	status 0 in_pid1 sh -c 'exec "$@" </dev/null >>log' sh "$GROUNDWORK" -q -c conf true
	mode log 644 0:0
	equal 0 "$(stat -c %u /dev/null)" "owner of /dev/null"
	# The terminal of an administrator, who has started it.
	# shellcheck disable=SC2086 # as above
	status 0 "$ROOT/tests/cli/shell_session.py" $TEST_PID1 -- \
		"$GROUNDWORK" -q -c conf sh -c "stat -c 'owner %u' -L /dev/stdin" <<-'END'
		expect owner 0
	END
}

root_streams_stay_whose_they_are_outside_of_a_container() {
	printf '%s\n' '[app]' 'user = 10001:10002' | drop_in 10.ini
	chmod 755 .
	"$GROUNDWORK" -q -c conf --init sh -c 'stat -L -c %u /dev/stdout' | cat >owner
	equal 0 "$(<owner)"
}
