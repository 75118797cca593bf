#!/bin/bash
# SPDX-License-Identifier: MIT
# When what [app] says is needed, and of whom.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# Of [app], nothing that the steps need is unset.
function unset_names {
	drop_in 10.ini <<-'END'
		[app]
		command = srv --port ${NOTSET_1}
		env =
		  A=${NOTSET_2}
		  B=${NOTSET_3:?say which}
		workdir = ${NOTSET_4}
		limits = nofile=${NOTSET_5}
		stop_timeout = ${NOTSET_6}
		[directory:d]
		path = d
	END
}

an_init_container_needs_no_name_of_the_application() {
	unset_names
	status 0 gw apply
	exists d
	lacks "$err" NOTSET
}

a_plan_warns_of_what_would_not_start() {
	unset_names
	status 0 gw plan
	contains "$out" "1 to make"
	contains "$err" \
		"warning: conf/10.ini:2:22: the application would not start: [app] command: NOTSET_1"
	contains "$err" "conf/10.ini:5:5: the application would not start: [app] env: NOTSET_3"
	contains "$err" "[app] stop_timeout: NOTSET_6 is not set"
	[[ $(grep -c "would not start" "$err") == 6 ]] || fail "not six warnings"
	lacks "$err" "would not be found"
	status 0 gw check
	lacks "$err" NOTSET
	status 0 gw list
}

who_starts_it_needs_all_of_them_before_the_first_step() {
	unset_names
	for words in "" run exec; do
		# shellcheck disable=SC2086
		status 100 gw $words
		contains "$err" "conf/10.ini:2:22: [app] command: NOTSET_1 is not set"
		contains "$err" "6 errors in the configuration; nothing was touched"
		missing d
	done
	# Who names another command has no use for the one of [app].
	status 100 gw -- true
	lacks "$err" NOTSET_1
	contains "$err" "5 errors"
	# But words that may be added to it are not known.
	printf '[app]\narguments = ${NOTSET_7}\n' | drop_in 20.ini
	status 100 gw -- true
	contains "$err" "[app] arguments: NOTSET_7 is not set"
}

who_owns_what_is_made_is_known_before() {
	drop_in 10.ini <<-'END'
		[app]
		user = ${NOTSET_1}
		groups = ${NOTSET_2}
		env_file = ${NOTSET_3}
		[directory:d]
		path = d
	END
	for words in apply plan "-- true"; do
		# shellcheck disable=SC2086
		status 100 gw $words
		contains "$err" "[app] user: NOTSET_1 is not set"
		contains "$err" "[app] groups: NOTSET_2 is not set"
		contains "$err" "[app] env_file: NOTSET_3 is not set"
		missing d
	done
}

# What is wrong whatever is set is an error for everybody.
a_wrong_form_is_an_error_of_each_subcommand() {
	printf '[app]\nenv = A=${key:k}\nworkdir = ${X\numask = 9\n[key:k]\npath = k\n' |
		drop_in 10.ini
	for words in apply plan check "-- true"; do
		# shellcheck disable=SC2086
		status 100 gw $words
		contains "$err" "conf/10.ini:3:11: [app] workdir"
		contains "$err" "conf/10.ini:4:9: [app] umask"
		missing k
	done
	printf '[app]\nenv = A=${key:k}\n[key:k]\npath = k\n' | drop_in 10.ini
	for words in apply plan check "-- true"; do
		# shellcheck disable=SC2086
		status 100 gw $words
		contains_once "$err" "conf/10.ini:2: [app] env: '\${key:k}' cannot be used here"
		missing k
	done
}

conditions_see_the_configured_command_as_far_as_it_is_known() {
	drop_in 10.ini <<-'END'
		[app]
		command = /bin/srv ${NOTSET} --fast ${SLOW:?no}
		[link:srv]
		path = srv
		target = x
		when = command:srv arg:--fast
		[link:other]
		path = other
		target = x
		when = command:other
	END
	status 0 gw apply
	test -L srv
	missing other
	# Of a command whose name is unset, nothing is known.
	printf '[app]\ncommand = ${NOTSET:?no} srv --fast\n' | drop_in 20.ini
	rm srv
	status 0 gw apply
	missing srv
	status 100 gw
	contains "$err" "[app] command: NOTSET"
	missing srv
	# Only the directory of it is unset.
	printf '[app]\ncommand = ${NOTSET}/srv --fast\n' | drop_in 20.ini
	status 0 gw apply
	test -L srv
}

a_command_that_is_not_meant_needs_no_name_at_all() {
	unset_names
	sed -i '/stop_timeout/d' conf/10.ini
	drop_in 20.ini <<-'END'
		[bootstrap]
		when = command:srv
		[app]
		user = ${NOTSET_7}
		env_file = ${NOTSET_8}/env
		[env]
		X = ${NOTSET_9}
	END
	status 0 gw -- sh -c 'echo "given: ${X-none}"'
	equal "given: none" "$(cat "$out")"
	lacks "$err" NOTSET
	missing d
	# How it is supervised holds for it, too.
	printf '[app]\nstop_timeout = ${NOTSET}\n' | drop_in 30.ini
	status 100 gw -- sh -c 'touch started'
	contains "$err" "[app] stop_timeout: NOTSET is not set"
	contains "$err" "1 error"
	missing started
	rm conf/30.ini
	# The one that is meant needs them.
	status 100 gw -- srv
	contains "$err" "[app] user: NOTSET_7"
	contains "$err" "[env] X: NOTSET_9"
}

# What the condition would see may be what is missing.
a_condition_on_what_is_unset_does_not_set_the_command_free() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		when = env:WANTED command:sh
		[app]
		env_file = ${NOTSET}/env
	END
	status 100 gw -- sh -c 'touch started'
	contains "$err" "[app] env_file: NOTSET is not set"
	missing started
	status 0 gw -- true
}

# It looks for a command where the command will be looked for.
a_command_as_given_is_found_in_the_path_as_given() {
	mkdir bin
	printf '#!/bin/sh\necho mine\n' >bin/mine
	chmod 755 bin/mine
	printf '[bootstrap]\nwhen = command:srv\n[env]\nPATH = %s/bin:/bin\n' "$PWD" |
		drop_in 10.ini
	status 127 gw mine
	status 0 env PATH="$PWD/bin:$PATH" "$GROUNDWORK" -c conf mine
	equal mine "$(cat "$out")"
}

# `exec` asks for the environment, whatever the command is.
exec_sets_up_a_command_that_when_does_not_name() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		when = command:srv
		[app]
		env = A=app
		umask = 0027
		[env]
		B = env
		[directory:d]
		path = d
	END
	status 0 gw exec -- sh -c 'echo "$A,$B,$(umask)"'
	equal "app,env,0027" "$(cat "$out")"
	missing d
}

what_a_step_exports_is_put_in_before_the_start() {
	drop_in 10.ini <<-'END'
		[app]
		command = sh -c 'echo "$1,$URL,$(pwd),$(ulimit -n)"' sh ${PORT}
		env = URL=http://x:${PORT}/
		workdir = ${WHERE}
		limits = nofile=${FILES} core=0
		[directory:d]
		path = d
		[exec:find]
		command = sh -c 'printf "env %s\\n" PORT=81 WHERE=d FILES=99 >$GROUNDWORK_RESULT'
		export = PORT WHERE FILES
	END
	status 0 gw plan
	lacks "$err" "not set"
	status 0 gw
	equal "81,http://x:81/,$PWD/d,99" "$(cat "$out")"
	# Where it has no value in the end, nothing is started.
	sed -i 's/WHERE=d/WHERE=/' conf/10.ini
	status 111 gw
	contains "$err" "conf/10.ini:4:11: [app] workdir: WHERE is not set"
	equal "" "$(cat "$out")"
}
