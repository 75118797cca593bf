#!/bin/bash
# SPDX-License-Identifier: MIT
# The subcommands exec and install.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function ground {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
		[directory:d]
		path = d
		[exec:e]
		command = touch ran
		[app]
		env = ADDED=${USER_NAME:-nobody}
		 SECOND=2
		workdir = /
		umask = 027
	END
}

exec_lays_nothing() {
	ground
	status 111 "$GROUNDWORK" -c conf exec echo started
	contains "$err" "there is no value for APP_KEY yet; \`groundwork apply\` would make it"
	lacks "$out" started
	missing k d ran
}

several_options_in_one_word_are_a_warning() {
	drop_in 10.ini <<-'END'
		[app]
		command = echo ${OPTS} x${OPTS} ${words:OPTS} "${OPTS}" ${ONE}
		[exec:a]
		command = echo ${OPTS:-x}
	END
	export OPTS='-Xmx1g -Xms1g' ONE='-x y'
	status 0 gw
	equal "-Xmx1g -Xms1g x-Xmx1g -Xms1g -Xmx1g -Xms1g -Xmx1g -Xms1g -x y" "$(<"$out")"
	contains_once "$err" "conf/10.ini:2:16: \${OPTS} seems to hold several options, and is one argument: \${words:OPTS} is"
	contains_once "$err" "conf/10.ini:4:16: \${OPTS:-x} seems to hold several options"
	equal 2 "$(grep -c warning "$err")"
}

exec_gives_environment_place_umask_and_exports() {
	ground
	status 0 "$GROUNDWORK" -q -c conf apply --only key:k
	status 0 env USER_NAME=me "$GROUNDWORK" -q -c conf exec \
		sh -c 'echo "$ADDED $SECOND $APP_KEY $(pwd) $(umask)"'
	equal "me 2 $(cat k) / 0027" "$(cat "$out")"
	missing d ran
}

exec_becomes_the_command_or_supervises_it() {
	ground
	status 0 "$GROUNDWORK" -q -c conf apply --only key:k
	status 0 sh -c 'echo $$; exec "$@"' sh "$GROUNDWORK" -q -c conf exec sh -c 'echo $$'
	equal 1 "$(sort -u "$out" | wc -l)" "process ids"
	status 5 "$GROUNDWORK" -q -c conf --init exec sh -c 'exit 5'
	status 143 "$GROUNDWORK" -q -c conf --init exec sh -c 'kill -TERM $$'
	status 127 "$GROUNDWORK" -q -c conf exec no-such-command
	status 126 "$GROUNDWORK" -q -c conf exec "$PWD"
}

exec_is_the_commands_word_behind_two_dashes() {
	ground
	status 0 "$GROUNDWORK" -q -c conf apply --only key:k
	status 0 "$GROUNDWORK" -q -c conf exec -- sh -c 'echo "$@"' sh -v --init
	equal "-v --init" "$(cat "$out")"
	status 100 "$GROUNDWORK" -q -c conf exec
}

exec_without_a_configuration() {
	mkdir conf
	status 3 "$GROUNDWORK" -c conf exec sh -c 'exit 3'
}

exec_with_a_wrong_configuration_starts_nothing() {
	drop_in 10.ini <<<'nonsense'
	status 100 "$GROUNDWORK" -c conf exec echo started
	lacks "$out" started
}

# A damaged key is no key: the application does not run without it.
exec_looks_at_what_it_gives() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
	END
	: >k
	status 111 "$GROUNDWORK" -c conf exec echo started
	lacks "$out" started
}

exec_passes_over_a_step_whose_when_does_not_hold() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
		when = path:/nowhere/at/all
	END
	status 0 "$GROUNDWORK" -q -c conf exec sh -c 'echo ${APP_KEY-none}'
	equal none "$(cat "$out")"
}

# ---- install ----

install_makes_a_copy_that_runs() {
	status 0 "$GROUNDWORK" install copy
	mode copy 755
	cmp "$GROUNDWORK" copy
	status 0 ./copy --version
}

install_into_a_directory_takes_our_name() {
	mkdir volume
	status 0 "$GROUNDWORK" install volume
	status 0 volume/groundwork --version
	network=${GROUNDWORK%/*}/groundwork-network
	if [[ -x $network ]]; then
		cmp "$network" volume/groundwork-network
		rm volume/groundwork-network
	fi
	equal groundwork "$(ls -A volume)"
}

install_makes_missing_directories() {
	status 0 "$GROUNDWORK" install a/b/groundwork
	status 0 a/b/groundwork --version
}

# A running copy is replaced under its name, and goes on.
install_replaces_a_copy_that_runs() {
	status 0 "$GROUNDWORK" install copy
	mkdir conf
	background ./copy -q -c conf --init sh -c 'touch up; exec sleep 1000'
	eventually test -e up
	printf 'old' >other
	status 0 "$GROUNDWORK" install copy
	status 0 "$GROUNDWORK" install other
	cmp "$GROUNDWORK" other
	kill -TERM "$pid"
	local code=0
	wait "$pid" || code=$?
	equal 143 "$code" "exit code of the replaced one"
}

install_wants_one_path() {
	status 100 "$GROUNDWORK" install
	status 100 "$GROUNDWORK" install a b
	missing a b
}

user_install_where_we_may_not_write() {
	status 111 "$GROUNDWORK" install /groundwork-test
	contains "$err" /
	missing /groundwork-test
}
