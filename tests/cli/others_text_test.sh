#!/bin/bash
# SPDX-License-Identifier: MIT
# Texts that others than root can write: what they name and set is done with their rights.

# Some of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
# shellcheck source=tests/cli/volume.sh
. "${BASH_SOURCE[0]%/*}/volume.sh"

# theirs PATH TEXT…: the user 10001's file.
function theirs {
	printf '%s\n' "${@:2}" >"$1"
	chown 10001:10001 "$1"
}

# The same, and one that anybody may read, in a directory of root's alone.
function secrets {
	secret
	mkdir -p closed
	cat secret >closed/open
	chmod 700 closed
}

# refused CODE TEXT COMMAND…: nothing of root's is shown, and the error has TEXT.
function refused {
	local code=$1 text=$2
	shift 2
	status "$code" "$@"
	contains "$err" "$text"
	secret_is_nowhere
}

# ---- templates ----

# template USER: of the application's user 10001, where nothing else is said.
function template {
	drop_in 10.ini <<-END
		[app]
		user = ${1-10001}
		[file:f]
		path = volume/f
		template = ../volume/t
		policy = manage
		${2-}
	END
}

# As a checkout with umask 002 has it, and an image that runs as any user of group 0.
root_a_group_of_the_applications_or_of_roots_is_no_stranger() {
	local whose
	volume 775 10001:10001
	secrets
	for whose in 10001:10001 0:10001 0:0; do
		template
		printf '%s\n' 'a ${NAME}' >volume/t
		chown "$whose" volume/t
		chmod 664 volume/t
		status 0 env NAME=value "$GROUNDWORK" -c conf apply
		equal 'a value' "$(<volume/f)"
		printf '%s\n' '${file:../secret}' >volume/t
		refused 111 "volume/t:1:1: " gw apply
		rm volume/f
	done
	chown 0:10002 volume/t
	refused 100 "take the group's write permission away (chmod g-w)" gw apply
	printf '%s\n' '[app]' 'user = 10001' 'env_file = ../volume/env' | drop_in 10.ini
	echo NAME=value >volume/env
	chmod 664 volume/env
	chown 10001:10001 volume/env
	status 0 gw -- sh -c 'test "$NAME" = value'
	chown 10001:10002 volume/env
	refused 100 "take the group's write permission away (chmod g-w)" gw -- true
}

root_what_a_users_template_names_is_read_with_that_users_rights() {
	local name word
	volume 755 10001:10001
	secrets
	ln secret hard
	template
	for word in file text; do
		for name in "$PWD/secret" ../secret "$PWD/closed/open" "$PWD/closed/none" \
			/proc/self/environ "$PWD/hard"; do
			theirs volume/t "one line" "\${$word:$name}"
			refused 111 "volume/t:2:1: " gw apply
			contains "$err" "user 10001 c"
			status 111 gw plan --diff
			contains "$out" "volume/t:2:1: "
			secret_is_nowhere
			missing volume/f
		done
	done
}

root_a_users_template_has_what_that_user_may_read() {
	volume 755 10001:10001
	mkdir -m 700 volume/private
	chown 10001 volume/private
	theirs volume/private/x mine
	echo all >everybody
	theirs volume/t "\${file:private/x} \${text:$PWD/everybody} \${NAME} \${key:k}"
	drop_in 05.ini <<-'END'
		[key:k]
		path = volume/k
		type = uuid
	END
	template
	status 0 env NAME=value "$GROUNDWORK" -c conf apply
	equal "mine all value $(cat volume/k)" "$(cat volume/f)"
	status 0 env NAME=value "$GROUNDWORK" -c conf plan --exit-code
}

root_a_users_template_has_no_key_of_roots() {
	volume 755 10001:10001
	theirs volume/t "\${key:k}"
	drop_in 05.ini <<-'END'
		[key:k]
		path = k
		owner = root
	END
	template
	status 111 gw apply
	contains "$err" "k' is named by a text that user 10001 can change"
	missing volume/f
}

root_a_users_template_asks_of_the_system_what_that_user_sees() {
	local word
	volume 755 10001:10001
	secrets
	template
	for word in path is-file is-dir is-link dir-empty; do
		theirs volume/t "\${if $word:$PWD/closed/open}yes\${end}"
		refused 111 "volume/t:1:1: " gw apply
	done
	theirs volume/t "\${if path:$PWD/secret is-file:$PWD/secret dir-empty:$PWD/none}yes\${end}"
	status 0 gw apply
	equal yes "$(cat volume/f)"
}

root_a_strangers_template_has_nothing_of_ours() {
	local layout
	for layout in "755 10001:10001" "1777 0:0" "777 0:0"; do
		# shellcheck disable=SC2086
		volume $layout
		theirs volume/t "line" "\${NAME}"
		template 10002
		refused 100 "volume/t:2: [file:f] template: this text can be changed by" \
			env NAME=0123456789abcdef "$GROUNDWORK" -c conf apply
		status 100 env NAME=0123456789abcdef "$GROUNDWORK" -c conf plan --diff
		contains "$out" "volume/t:2: [file:f] template: this text can be changed by"
		secret_is_nowhere
		missing volume/f
	done
	volume 755
	echo "\${NAME}" >volume/t
	chmod 666 volume/t
	refused 100 "can be changed by everybody" \
		env NAME=0123456789abcdef "$GROUNDWORK" -c conf apply
}

root_a_strangers_template_is_the_steps_owners_or_has_no_names() {
	volume 755 10001:10001
	theirs volume/t "\${NAME}"
	template root "owner = 10001"
	status 0 env NAME=value "$GROUNDWORK" -c conf apply
	equal value "$(cat volume/f)"
	theirs volume/t "nothing"
	template 10002
	status 0 gw apply
	equal nothing "$(cat volume/f)"
}

root_a_directory_of_a_users_templates_is_no_other() {
	volume 755 10001:10001
	secrets
	mkdir volume/t
	theirs volume/t/a.tmpl "\${file:$PWD/secret}"
	theirs volume/t/b.tmpl "b"
	template 10001 "suffix = .tmpl"
	refused 111 "volume/t/a.tmpl:1:1: " gw apply
}

root_roots_template_reads_as_root() {
	volume 755
	secrets
	echo "\${file:$PWD/secret}" >volume/t
	template
	status 0 gw apply
	equal "$(cat secret)" "$(cat volume/f)"
	mode volume/f 600
}

a_list_of_variables_obeys_vars() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		vars = A_* C
		content =
		  ${for K,V in env:*_*}${K}=${V} ${end}|${for X in B}${X} ${end}
	END
	status 0 env A_B=1 B=2 C=3 "$GROUNDWORK" -c conf apply
	equal "B=1 |2 " "$(cat f)"
}

# ---- env_file ----

# application LINE…: [app] with those lines, and one command that writes down what it has.
function application {
	printf '%s\n' "[app]" "env_file = ../volume/env" "$@" "[exec:e]" "user = root" \
		"command = sh -c 'id -u >>volume/ran; echo \"\$NAME\" >>seen'" | drop_in 10.ini
}

root_what_a_users_env_file_sets_reaches_no_command_of_roots() {
	local layout
	for layout in "755 10001:10001" "1777 0:0" "777 0:0"; do
		# shellcheck disable=SC2086
		volume $layout
		printf '#!/bin/sh\necho >%s\n' "$PWD/volume/pwned" >volume/id
		chmod 755 volume/id
		theirs volume/env "PATH=$PWD/volume:$PATH" NAME=theirs
		application
		refused 100 "volume/env' (10001:10001, 0644) can be changed by" gw run true
		refused 100 "runs as user 0: give it and its directory to root" gw apply
		status 100 gw plan
		refused 100 "[app] env_file" gw exec true
		status 0 gw check
		contains "$err" "can be changed by"
		contains "$err" "a start as root is refused"
		missing volume/pwned
		missing seen
	done
}

root_what_the_applications_users_env_file_sets_is_the_applications_alone() {
	volume 755 10001:10001
	theirs volume/env "PATH=$PWD/volume:$PATH" NAME=theirs
	printf '#!/bin/sh\necho %s >>%s\n' 0 "$PWD/volume/pwned" >volume/id
	chmod 755 volume/id
	application "user = 10001"
	status 0 gw run sh -c 'echo "$NAME $PATH"'
	contains "$err" "what it sets is the application's alone, and no step sees it"
	equal "theirs $PWD/volume:$PATH" "$(cat "$out")"
	equal 0 "$(cat volume/ran)"
	equal "" "$(cat seen)"
	missing volume/pwned
	status 0 gw exec sh -c 'echo "$NAME"'
	equal theirs "$(cat "$out")"
	status 0 gw check
	lacks "$err" refused
}

root_no_value_of_a_users_env_file_is_seen_by_steps_and_settings() {
	volume 755 10001:10001
	theirs volume/env NAME=theirs USERS=root
	drop_in 10.ini <<-'END'
		[app]
		env_file = ../volume/env
		user = 10001
		[env]
		NAME = fixed
		[file:f]
		path = f
		content = ${NAME}
	END
	status 0 gw run sh -c 'echo "$NAME $USERS"'
	equal "fixed root" "$(cat "$out")"
	equal fixed "$(cat f)"
	lacks "$err" "warning: "
	contains "$err" "no step sees it: NAME, USERS; if commands are to see it, give it and its directory to root"
	printf '%s\n' '[wait:w]' 'command = true' | drop_in 20.ini
	status 0 gw apply
	contains "$err" "warning: conf/10.ini:2: [app] env_file: '"
	equal 1 "$(grep -c 'no step sees it' "$err")"
	theirs volume/env A=1 B=1 C=1 D=1 E=1 F=1 G=1
	status 0 gw plan
	contains "$err" "no step sees it: A, B, C, D, E and 2 more; if"
}

root_no_file_that_a_users_env_file_names_is_read() {
	local words
	volume 755 10001:10001
	secrets
	theirs volume/env "DB_FILE=$PWD/secret"
	for words in DB "*_FILE" "D*"; do
		application "user = 10001" "env_from_file = $words"
		refused 100 "DB_FILE is set in '" gw run env
		refused 100 "set DB there instead" gw apply
	done
	theirs volume/env DB=given
	application "user = 10001" "env_from_file = DB"
	status 0 gw run sh -c 'echo "$DB"'
	equal given "$(cat "$out")"
}

root_capabilities_that_are_kept_are_more_than_a_users() {
	volume 755 10001:10001
	theirs volume/env NAME=theirs
	application "user = 10001" "capabilities = net_bind_service"
	refused 100 "runs as user 10001 and keeps capabilities" gw run true
}

root_an_env_file_of_roots_is_seen_by_all() {
	volume 755
	echo NAME=roots >volume/env
	application "user = 10001"
	status 0 gw run sh -c 'echo "$NAME"'
	equal roots "$(cat "$out")"
	equal roots "$(cat seen)"
}

root_in_a_directory_of_all_roots_env_file_is_the_applications() {
	volume 777
	echo NAME=roots >volume/env
	application
	status 0 gw run sh -c 'echo "$NAME"'
	equal roots "$(cat "$out")"
	equal "" "$(cat seen)"
	chmod 666 volume/env
	refused 100 "can be changed by everybody" gw run true
}

root_an_env_file_that_a_step_makes_is_the_applications() {
	volume 755 10001:10001
	drop_in 10.ini <<-'END'
		[app]
		env_file = ../volume/env
		user = 10001
		[file:env]
		path = volume/env
		content = NAME=made
	END
	status 0 gw run sh -c 'echo "$NAME"'
	equal made "$(cat "$out")"
	status 0 gw run sh -c 'echo "$NAME"'
	equal made "$(cat "$out")"
}

# ---- addresses ----

root_an_address_that_a_user_wrote_names_no_file() {
	local url
	"$GROUNDWORK" version | grep -q libpq || skip "this build has no libpq"
	volume 755 10001:10001
	secrets
	mkdir migrations
	echo "create table t (x int);" >migrations/001_t.sql
	theirs volume/url "postgres://u@127.0.0.1:9/d?passfile=$PWD/secret"
	for url in '${DB}' "\${file:$PWD/volume/url}" '${URL}&application_name=x'; do
		drop_in 10.ini <<-END
			[app]
			user = 10001
			env_from_file = DB
			[env]
			URL = \${DB}
			[database:d]
			url = $url
			migrations = ../migrations
			timeout = 1s
		END
		status 111 env DB_FILE=volume/url "$GROUNDWORK" -c conf plan
		contains "$out" "passfile: the address is read from a file"
		status 111 env DB_FILE=volume/url "$GROUNDWORK" -c conf apply
		contains "$err" "passfile: the address is read from a file that others than root can change"
		secret_is_nowhere
	done
	chown -R 0 volume
	status 111 env DB_FILE=volume/url "$GROUNDWORK" -c conf apply
	lacks "$err" "others than root"
}
