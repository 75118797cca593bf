#!/bin/bash
# SPDX-License-Identifier: MIT
# Socket activation: what a service manager hands to the process that it starts is the
# application's (sd_listen_fds(3)).

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# What the application finds: distances of pids to its own, and what is in descriptor 3.
application='echo $((LISTEN_PID - $$)) $((WATCHDOG_PID - $$)) $LISTEN_FDS $LISTEN_FDNAMES \
	${LISTEN_PIDFDID-none} $(cat <&3)'

# handed COMMAND…: started as a service manager does it, with a descriptor.
function handed {
	echo handed over >file
	sh -c 'LISTEN_PID=$$ LISTEN_PIDFDID=77 WATCHDOG_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web
		export LISTEN_PID LISTEN_PIDFDID WATCHDOG_PID LISTEN_FDS LISTEN_FDNAMES
		exec "$@"' sh "$@" 3<file
}

what_was_handed_to_us_is_the_applications() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
	END
	status 0 handed "$GROUNDWORK" -q -c conf --init sh -c "$application"
	equal "0 0 1 web none handed over" "$(<"$out")" "supervised"
	# It is the same process: nothing has changed.
	status 0 handed "$GROUNDWORK" -q -c conf --no-init sh -c "$application"
	equal "0 0 1 web 77 handed over" "$(<"$out")" "become"
	status 0 handed "$GROUNDWORK" -q -c conf --init exec sh -c "$application"
	equal "0 0 1 web none handed over" "$(<"$out")" "without steps"
	mkdir empty
	status 0 handed "$GROUNDWORK" -q -c empty --init -- sh -c "$application"
	equal "0 0 1 web none handed over" "$(<"$out")" "without configuration"
}

pid1_what_was_handed_to_pid_1_is_the_applications() {
	drop_in 10.ini <<<'[app]'
	echo handed over >file
	LISTEN_PID=1 LISTEN_FDS=1 LISTEN_FDNAMES=web WATCHDOG_PID=1 status 0 in_pid1 \
		"$GROUNDWORK" -q -c conf sh -c "$application" 3<file
	equal "0 0 1 web none handed over" "$(<"$out")"
	LISTEN_PID=1 LISTEN_FDS=1 LISTEN_FDNAMES=web WATCHDOG_PID=1 status 0 in_pid1 \
		"$GROUNDWORK" -q -c conf --no-init sh -c "$application" 3<file
	equal "0 0 1 web none handed over" "$(<"$out")"
}

what_was_handed_to_somebody_else_is_left_as_it_is() {
	local init
	drop_in 10.ini <<<'[app]'
	for init in --init --no-init; do
		LISTEN_PID=$$ LISTEN_PIDFDID=77 LISTEN_FDS=1 status 0 "$GROUNDWORK" -q -c conf \
			"$init" sh -c 'echo $LISTEN_PID $LISTEN_PIDFDID $LISTEN_FDS ${WATCHDOG_PID-none}'
		equal "$$ 77 1 none" "$(<"$out")" "with $init"
	done
	# Not a pid at all.
	LISTEN_PID=01 status 0 in_pid1 "$GROUNDWORK" -q -c conf sh -c 'echo $LISTEN_PID'
	equal 01 "$(<"$out")"
}

# Neither the descriptor nor the name of its process is for a step's command.
a_command_of_a_step_is_not_what_was_meant() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'test $LISTEN_PID != $$ && ! true <&3'
	END
	status 0 handed "$GROUNDWORK" -q -c conf --init sh -c "$application"
	equal "0 0 1 web none handed over" "$(<"$out")"
}
