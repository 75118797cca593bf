#!/bin/bash
# SPDX-License-Identifier: MIT
# What helpers, and the application, can see of the processes that started them.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

secret="an-open-secret"

# A helper that looks at the worker, and at the worker's parent, wherever /proc lets it.
function looking {
	cat >look <<-'END'
		#!/bin/sh
		worker=$PPID
		parent=$(awk '$1 == "PPid:" { print $2 }' "/proc/$worker/status")
		for pid in $worker $parent; do
			cat "/proc/$pid/environ"
			readlink "/proc/$pid/fd/"* "/proc/$pid/map_files/"*
			for fd in "/proc/$pid/fd/"*; do
				test -f "$fd" && cat "$fd"
			done
			head -c 1 "/proc/$pid/mem"
			cat "/proc/$pid/maps" "/proc/$pid/auxv" "/proc/$pid/syscall"
			readlink "/proc/$pid/exe" "/proc/$pid/cwd"
		done >found 2>/dev/null
		echo "message=$worker $parent" >"$GROUNDWORK_RESULT"
	END
	chmod 755 look
	drop_in 10.ini <<-END
		[exec:look]
		command = $PWD/look
		[app]
		env_from_file = DB_PASSWORD
	END
}

function sees_nothing {
	contains "$err" "exec:look"
	matches "$err" '[0-9]+ [0-9]+'
	empty found
	contains "$out" "$secret"
}

user_a_helper_cannot_look_into_its_parents() {
	local init
	looking
	for init in --init --no-init; do
		rm -f found
		DB_PASSWORD=$secret status 0 "$GROUNDWORK" -c conf "$init" sh -c 'echo "$DB_PASSWORD"'
		sees_nothing
	done
}

# as_pid1 COMMAND…: as PID 1, and a user's.
function as_pid1 {
	in_pid1 setpriv --reuid 10001 --regid 10001 --clear-groups "$@"
}

# as_weak_root COMMAND…: as PID 1, with the capabilities of root in a container. Those to
# look at other processes (sys_ptrace, and perfmon for /proc/PID/environ) are not among them.
function as_weak_root {
	local few="-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap"
	few+=",+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap"
	in_pid1 setpriv --bounding-set="$few" --inh-caps=-all "$@"
}

# to_log COMMAND…: with its outputs in files that are its own, as a container's pipes are.
function to_log {
	"$1" sh -c 'exec "$@" >>log 2>>errors' sh "${@:2}"
}

root_a_helper_of_pid_1_cannot_look_into_it() {
	local start
	chmod 777 .
	looking
	for start in as_pid1 as_weak_root; do
		rm -f found
		DB_PASSWORD=$secret status 0 "$start" "$GROUNDWORK" -c conf \
			sh -c 'echo "$DB_PASSWORD"'
		sees_nothing
	done
}

# Images write to /proc/1/fd/1 to be heard; what PID 1 was given as a secret is gone by then.
root_the_application_may_write_to_the_log_of_pid_1() {
	local start
	chmod 777 .
	echo value >file
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = KEY
		validate = no
		[app]
		env_from_file = DB_PASSWORD OTHER
	END
	for start in as_pid1 as_weak_root; do
		rm -f log errors
		DB_PASSWORD=$secret DB_PASSWORD_2=another OTHER_FILE=$PWD/file KEY=$secret \
			status 0 to_log "$start" "$GROUNDWORK" -c conf sh -c '
				echo heard >>/proc/1/fd/1
				echo problem >>/proc/1/fd/2
				tr "\0" "\n" </proc/1/environ
				test "$DB_PASSWORD$KEY" = '"$secret$secret"
		contains log heard
		contains errors problem
		lacks log "$secret"
		contains log "DB_PASSWORD=**************"
		contains log "KEY=**************"
		contains log "DB_PASSWORD_2=another"
		contains log "OTHER_FILE=$PWD/file"
		# Without a configuration there is nothing to hide, and all is the same.
		mkdir -p none
		rm log
		status 0 to_log "$start" "$GROUNDWORK" -c none sh -c 'echo heard >/proc/1/fd/1'
		contains log heard
	done
}

# Whoever we become is the kernel's own affair: execve(2) opens the process again.
pid1_the_application_that_we_become_is_open_to_itself() {
	local user
	for user in '' 'user = 10001'; do
		drop_in 10.ini <<-END
			[app]
			$user
			env_from_file = DB_PASSWORD
		END
		DB_PASSWORD=$secret status 0 in_pid1 "$GROUNDWORK" -c conf --no-init \
			sh -c 'tr "\0" "\n" </proc/self/environ; cat /proc/1/environ >/dev/null'
		contains "$out" "DB_PASSWORD=$secret"
	done
}

# The application does not begin before it may look at PID 1, however long that takes.
root_the_application_waits_until_pid_1_is_open() {
	[[ -n $(command -v strace) ]] || skip "no strace here"
	[[ -n $TEST_PID1 ]] || skip "no process namespaces here"
	chmod 777 .
	drop_in 10.ini <<<'[app]'
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 0 strace -f -o trace -e trace=prctl \
		-e inject=prctl:delay_enter=200000 \
		$TEST_PID1 -- setpriv --reuid 10001 --regid 10001 --clear-groups \
		sh -c 'exec "$@" >log' sh "$GROUNDWORK" -c conf sh -c 'echo heard >/proc/1/fd/1'
	contains log heard
}
