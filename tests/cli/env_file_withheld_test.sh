#!/bin/bash
# SPDX-License-Identifier: MIT
# What an env_file of a user's sets is not for steps and settings, and they say so.

# Some of these texts are for the program to expand.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function users_file {
	mkdir -p volume
	echo USERS=root >volume/env
	chown -R 10001:10001 volume
}

# withheld: USERS, which the volume's file alone sets, is an error of `apply` and `plan`.
function withheld {
	local purpose
	for purpose in apply plan; do
		status 100 gw $purpose
		cat "$out" "$err" >said
		contains said "USERS is not set: '"
		contains said "(10001:10001, 0644), which can be changed by user 10001, who can exchange a directory or link on its path, sets it for the application alone: give it and its directory to root, and let nobody else write them, or mount it read-only"
	done
	status 0 gw check
}

root_what_refers_to_what_a_users_env_file_alone_sets_is_an_error() {
	local text
	users_file
	printf '%s\n' '[app]' 'env_file = ../volume/env' 'user = 10001' | drop_in 10.ini
	for text in '${USERS}' '${USERS:-d}' '${USERS-d}' '${USERS:+a}' '${USERS:?m}' '${USERS#r*}' \
		'${OTHER:-${USERS:-d}}' '${if USERS}a${end}' '${if !env:USERS}a${end}' \
		'${if on:USERS}a${end}' '${if env:USE*}a${end}' '${for k,v in env:USE*}a${end}' \
		'${for w in USERS}a${end}'; do
		printf '%s\n' '[file:f]' 'path = f' "content = $text" | drop_in 20.ini
		withheld
		printf '%s\n' '[file:f]' 'path = f' 'missing = keep' "content = $text" | drop_in 20.ini
		withheld
	done
	missing f
	for text in 'when = env:USERS' 'when = !env:USERS' 'when = off:USERS' 'when = env:U*=x'; do
		printf '%s\n' '[absent:x]' 'path = x' "$text" | drop_in 20.ini
		withheld
	done
	for text in '[assert:a]|that = env:USERS' '[assert:a]|that = !on:USERS' '[env]|USERS = ${USERS:-d}' \
		'[env]|COPY = ${USERS:-d}' '[bootstrap]|timeout = ${USERS:-1s}' \
		'[file:f]|path = f.ini|format = ini|from_env = USER{key}'; do
		tr '|' '\n' <<<"$text" | drop_in 20.ini
		withheld
	done
	printf '%s\n' '[file:f]' 'path = f' 'vars = A*' 'content = ${for k,v in env:*}${end}' | drop_in 20.ini
	status 0 gw apply
}

root_no_key_is_made_for_a_variable_that_a_users_env_file_sets() {
	users_file
	printf '%s\n' '[app]' 'env_file = ../volume/env' 'user = 10001' '[key:s]' 'path = s' \
		'env = USERS' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "[key:s]: USERS is not set: '"
	missing s
}

root_of_an_env_file_that_is_refused_nothing_else_is_said() {
	users_file
	printf '%s\n' '[app]' 'env_file = ../volume/env' | drop_in 10.ini
	status 100 gw run true
	contains "$err" "can be changed by"
	lacks "$err" "no step sees it"
}

root_the_users_number_is_known_where_something_else_is_wrong() {
	users_file
	printf '%s\n' '[app]' 'env_file = ../volume/env' 'user = 10002' 'nonsense = 1' | drop_in 10.ini
	status 100 gw apply
	contains "$err" "would be the application's, which runs as user 10002: give it"
}

root_what_a_users_env_file_alone_sets_is_handed_on_to_no_command() {
	users_file
	drop_in 10.ini <<-'END'
		[app]
		env_file = ../volume/env
		user = 10001
		[exec:a]
		command = sh -c "echo ran"
		[exec:b]
		command = true
		env = USERS
	END
	withheld
	lacks said "exec:a  ran"
	contains said "conf/10.ini:8: [exec:b] env: USERS is not set"
	# Nor where one that might export it has not.
	printf '%s\n' '[exec:a]' 'export = USERS' | drop_in 20.ini
	status 111 gw apply
	contains "$err" "[exec:b]: USERS is not set: '"
	printf '%s\n' '[exec:a]' "command = sh -c 'echo env USERS=step >>\$GROUNDWORK_RESULT'" | drop_in 30.ini
	status 0 gw apply
	chown -R 0:0 volume
	rm conf/[23]0.ini
	status 0 gw apply
}
