#!/bin/bash
# SPDX-License-Identifier: MIT
# On a terminal, under a real shell: as any other job of it.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# session [COMMAND…]: bash, or what leads the session instead.
function session {
	mkdir -p conf
	cat >app <<-'END'
		trap 'echo interrupted; exit 5' INT
		trap 'echo continued' CONT
		# A shell that waits for a command's vfork cannot be stopped; this one has no such.
		sleep 1000 &
		echo "app is up"
		while :; do wait $!; done
	END
	status 0 env -i PATH="$PATH" HOME="$PWD" GW="$GROUNDWORK -q -c conf --init" UNSHARE="$TEST_PID1" \
		ASAN_OPTIONS="${ASAN_OPTIONS-}" "$ROOT/tests/cli/shell_session.py" "$@"
}

ctrl_c_ends_the_application_and_its_code_is_the_shells() {
	session <<-'END'
		expect prompt>
		type $GW sh app
		expect app is up
		key C
		expect interrupted
		expect prompt>
		type echo code=$?
		expect code=5
	END
}

# What is typed on it goes to root's shell, whoever types it.
a_command_of_a_step_has_no_terminal() {
	drop_in 10.ini <<-'END'
		[exec:ask]
		command = sh -c 'read word </dev/tty'
		user = nobody
	END
	session <<-'END'
		expect prompt>
		type $GW true; echo code=$?
		expect /dev/tty
		expect code=111
	END
}

ctrl_z_and_fg() {
	session <<-'END'
		expect prompt>
		type $GW sh app
		expect app is up
		key Z
		expect Stopped
		expect prompt>
		type fg
		expect continued
		key Z
		expect Stopped
		expect prompt>
		type fg
		expect continued
		key C
		expect interrupted
		expect prompt>
		type echo code=$?
		expect code=5
	END
}

ctrl_z_bg_and_kill() {
	session <<-'END'
		expect prompt>
		type $GW sh app
		expect app is up
		key Z
		expect Stopped
		expect prompt>
		type bg
		expect continued
		type echo still mine $((6 * 7))
		expect still mine 42
		expect prompt>
		type kill %1; wait %1; echo code=$?
		expect code=143
	END
}

in_the_background_it_steals_nothing() {
	session <<-'END'
		expect prompt>
		type $GW sh app &
		expect app is up
		type echo still mine $((6 * 7))
		expect still mine 42
		expect prompt>
		key C
		expect prompt>
		type kill -INT %1; wait %1; echo code=$?
		expect interrupted
		expect code=5
	END
}

# It reads from the terminal in the background: stopped, as any job, until it is "fg".
reading_in_the_background_waits_for_fg() {
	session <<-'END'
		expect prompt>
		type $GW sh -c 'read word; echo "it read <$word>"' &
		expect prompt>
		type sleep 0.3; jobs
		expect Stopped
		expect prompt>
		type fg
		expect read word
		type hello
		expect it read <hello>
		expect prompt>
	END
}

the_application_has_the_terminal() {
	session <<-'END'
		expect prompt>
		type $GW sh -c 'tty >/dev/null && test -t 0 && echo "has a terminal"; stty size >/dev/null && echo "may ask it"'
		expect has a terminal
		expect may ask it
		expect prompt>
		type $GW sh -c 'read word; echo "it read <$word>"'
		type hello
		expect it read <hello>
		expect prompt>
	END
}

a_shell_below_us_has_job_control() {
	session <<-'END'
		expect prompt>
		type $GW bash --norc --noprofile --noediting -i
		expect prompt>
		type sh -c "echo sle''eps; exec sleep 1000"
		expect sleeps
		key Z
		expect Stopped
		expect prompt>
		type exit
		expect There are stopped jobs
		expect prompt>
		type exit 9
		expect prompt>
		type echo code=$?
		expect code=9
	END
}

# The shell's job is the script; we are only one of its processes.
ctrl_z_in_a_script() {
	session <<-'END'
		expect prompt>
		type bash -c "$GW sh app; echo script=\$?"
		expect app is up
		key Z
		expect Stopped
		expect prompt>
		type fg
		expect continued
		key C
		expect script=5
	END
}

# Nobody could continue it: its session is led by a shell without job control, or by us.
ctrl_z_without_job_control_is_harmless() {
	session bash -c '$GW sh app; echo script=$?' <<-'END'
		expect app is up
		key Z
		key C
		expect interrupted
		expect script=5
	END
	session sh -c 'exec $GW sh app' <<-'END'
		expect app is up
		key Z
		expect continued
		key C
		expect interrupted
	END
}

a_pipe_of_two_is_one_job() {
	session <<-'END'
		expect prompt>
		type $GW sh app | cat
		expect app is up
		key Z
		expect Stopped
		expect prompt>
		type fg
		expect continued
		key C
		expect prompt>
	END
}

# As PID 1 with a terminal, as `docker run -it` has it.
pid1_ctrl_c_and_ctrl_z_on_the_terminal_of_a_container() {
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	session $TEST_PID1 -- setsid -c "$GROUNDWORK" -q -c conf sh app <<-'END'
		expect app is up
		key Z
		expect continued
		key C
		expect interrupted
	END
}

# Ctrl-C ends the loop of a shell only where what runs in it dies of INT.
ctrl_c_ends_the_loop_that_we_run_in() {
	local shell
	session <<-'END'
		expect prompt>
		type for i in 1 2 3; do $GW sh -c 'echo app is "up"; exec sleep 1000'; echo again; done
		expect app is up
		key C
		expect prompt>
		type echo code=$?
		expect code=130
	END
	cat >loop <<-'END'
		for i in 1 2 3; do $GW sh -c 'echo app is up; exec sleep 1000'; echo "round ends"; done
		echo after
	END
	for shell in bash dash; do
		[[ -n $(command -v "$shell") ]] || continue
		session <<-END
			expect prompt>
			type $shell loop
			expect app is up
			key C
			expect prompt>
			type echo code=\$?
			expect code=130
		END
	done
}

function gone {
	[[ ! -e /proc/$1 ]]
}

# It is what was asked for, and no warning, whether groundwork hears of it too or not, and
# whether it comes to read the signal before the application has ended or later.
an_end_by_a_key_is_no_warning() {
	session <<-'END'
		expect prompt>
		type $GW sh -c 'echo app is "up"; exec sleep 1000' 2>log
		expect app is up
		key C
		expect prompt>
		type echo code=$?
		expect code=130
	END
	empty log
	cat >late <<-'END'
		trap '' INT
		read -r supervisor application
		kill -STOP "$supervisor"
		echo "app is up"
		until grep -q 'State:.Z' "/proc/$application/status"; do sleep 0.02; done
		kill -CONT "$supervisor"
		cat
	END
	session <<-'END'
		expect prompt>
		type (sh -c 'exec $GW sh -c "echo \$PPID \$\$; exec sleep 1000"' 2>log) | sh late
		expect app is up
		key C
		expect prompt>
		type echo code=${PIPESTATUS[0]}
		expect code=130
	END
	empty log
}

# Where the shell hands on nothing, it is the application alone to whom the end is sent.
a_terminal_that_is_hung_up_is_no_warning() {
	[[ -n $(command -v dash) ]] || skip "no dash here"
	session dash -i <<-'END'
		expect prompt>
		type $GW sh -c 'echo $PPID >supervisor; echo app is "up"; exec sleep 1000' 2>log
		expect app is up
		close
	END
	eventually gone "$(<supervisor)"
	empty log
}

# The other one of the pipeline has the terminal as before: less reads its keys from there.
a_pipeline_keeps_the_terminal() {
	session <<-'END'
		expect prompt>
		type $GW sh -c 'echo app is "up"; exec sleep 1000' | sh -c 'exec 3<&0; cat <&3 & read key </dev/tty; echo "key <$key>"; wait'
		expect app is up
		type q
		expect key <q>
		key C
		expect prompt>
		type sh -c 'read key </dev/tty; echo "key <$key>"; sleep 1000' | $GW sh -c 'echo app is "up"; read line </dev/tty; echo "line <$line>"; exec cat'
		expect app is up
		key C
		expect prompt>
	END
}

# And each of it can read from it.
in_a_pipeline_the_application_reads_from_the_terminal() {
	session <<-'END'
		expect prompt>
		type $GW sh -c 'echo app is "up"; read word; echo "it read <$word>"' | cat
		expect app is up
		type hello
		expect it read <hello>
		expect prompt>
		type true | $GW sh -c 'echo app is "up"; read word </dev/tty; echo "it read <$word>"'
		expect app is up
		type hello
		expect it read <hello>
		expect prompt>
	END
}

# One of its keys is one signal to it, not a second one from us.
a_key_in_a_pipeline_is_heard_once() {
	cat >count <<-'END'
		trap 'n=$((n + 1)); echo "INT $n"' INT
		trap 'echo "ended after $n"; exit' TERM
		sleep 1000 & echo "app is up"
		while :; do wait $!; done
	END
	session <<-'END'
		expect prompt>
		type $GW sh count | (trap "" INT TERM; cat)
		expect app is up
		key C
		expect INT 1
		key C
		expect INT 2
		key Z
		expect Stopped
		expect prompt>
		type kill %1; fg
		expect ended after 2
		expect prompt>
	END
}

# Nothing continues the job but the shell: CONT takes back a Ctrl-Z that is on its way.
a_key_in_a_pipeline_continues_nothing() {
	cat >count <<-'END'
		trap 'n=$((n + 1)); echo "INT $n, CONT ${c-none}"' INT
		trap 'echo "TSTP"' TSTP
		trap 'c=1' CONT
		sleep 1000 & echo "app is up"
		while :; do wait $!; done
	END
	session <<-'END'
		expect prompt>
		type $GW sh count | (trap "" INT TERM TSTP; cat)
		expect app is up
		key Z
		expect TSTP
		key C
		expect INT 1, CONT none
		key C
		expect INT 2, CONT none
		key C
		expect INT 3, CONT none
	END
}

# Its session and its group began outside of the namespace: /proc says 0 of both.
pid1_a_session_that_is_shared_with_outside() {
	session <<-'END'
		expect prompt>
		type $UNSHARE $GW sh -c 'echo app is "up"; read word; echo "it read <$word>"'
		expect app is up
		type hello
		expect it read <hello>
		expect prompt>
		type $UNSHARE $GW sh app; echo "code"=$?
		expect app is up
		key C
		expect interrupted
		expect code=5
		expect prompt>
	END
}

pid1_ctrl_z_in_a_session_that_is_shared_with_outside() {
	session <<-'END'
		expect prompt>
		type $UNSHARE $GW sh app
		expect app is up
		key Z
		expect Stopped
		expect prompt>
		type fg
		expect continued
		key C
		expect interrupted
		expect prompt>
	END
}
