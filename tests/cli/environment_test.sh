#!/bin/bash
# SPDX-License-Identifier: MIT
# The application's environment, and who else must not have it.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function app {
	printf '%s\n' "[app]" "$@" | drop_in 10.ini
}

# environment COMMAND…: what the application has, sorted, in $out.
function environment {
	status 0 "$@" "$GROUNDWORK" -q -c conf sh -c 'tr "\0" "\n" </proc/$$/environ | sort'
}

nothing_asked_for_is_ours_unchanged() {
	app
	environment env -i PATH="$PATH" A=1 "B=two words" C=
	equal $'A=1\nB=two words\nC=' "$(grep -v '^PATH=' "$out")"
}

# What comes later wins: ours, env_file, env_from_file, [env], env, keys; less unset_env.
the_order() {
	printf '# A=1\n\nOURS=file\nSET=file\nMADE=file\n  SPACED=x  \nQUOTED="a b"\nHASH=a#b\n' >conf.env
	echo secret >secret
	app "env_file = $PWD/conf.env" "env_from_file = SECRET" "env = SET=env" " KEY=env" \
		" EMPTY=" " DOLLAR=\$\${x}" "unset_env = DROP_* SPACED"
	drop_in 20.ini <<-'END'
		[key:k]
		path = k
		env = KEY
		[env]
		MADE = ${MADE}-${OURS}
		SET = section
	END
	environment env -i PATH="$PATH" OURS=ours SECRET_FILE="$PWD/secret" DROP_A=1 DROP_B=2 KEEP=1
	equal "DOLLAR=\${x}
EMPTY=
HASH=a#b
KEEP=1
KEY=$(cat k)
MADE=file-file
OURS=file
QUOTED=a b
SECRET=secret
SET=env" "$(grep -v '^PATH=' "$out")"
}

steps_see_what_the_application_gets_in_the_same_order() {
	printf 'A=file\nB=file\n' >a.env
	printf 'secret-of-pw\n' >pw
	drop_in 10.ini <<-'END'
		[env]
		PORT = ${PORT:-8080}
		LISTEN = 0.0.0.0:${PORT}
		A = ${A}-section
		GONE =
		EMPTY = ${NOWHERE:-}
		LATER = one
		LAST = ${LATER}
		[app]
		env_file = ../a.env
		env_from_file = PW
		[file:f]
		path = f
		content = ${LISTEN} ${A} ${B} ${GONE:-gone} ${EMPTY-unset} ${LAST} ${PW}
		when = env:A=file-section
		[exec:e]
		command = sh -c 'echo "$LISTEN $A $LAST" >e'
	END
	drop_in 20.ini <<-'END'
		[env]
		LATER = two
	END
	status 0 env A=ours GONE=1 EMPTY=1 PW_FILE=pw "$GROUNDWORK" -c conf \
		sh -c 'echo "$LISTEN $A $B ${GONE-gone} ${EMPTY-unset} $LAST $PW $PORT"'
	equal "0.0.0.0:8080 file-section file gone unset two secret-of-pw" "$(cat f)"
	mode f 600
	equal "0.0.0.0:8080 file-section two" "$(cat e)"
	equal "0.0.0.0:8080 file-section file gone unset two secret-of-pw 8080" "$(cat "$out")"
}

env_from_file_takes_globs_and_names_of_paths() {
	for name in a b c d; do echo "value-of-$name" >$name; done
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = GITEA__*__FILE FILE__* GF_* DB_PASSWORD_FILE !X_DATE_FILE X_*
		[file:f]
		path = f
		content = ${GITEA__db__PASSWD} ${TOKEN} ${GF_AUTH} ${DB_PASSWORD}
	END
	status 0 env -i PATH="$PATH" GITEA__db__PASSWD__FILE=a FILE__TOKEN=b GF_AUTH__FILE=c GF_PLAIN=x \
		DB_PASSWORD_FILE=d X_DATE_FILE=plain GITEA__x__FILE= "$GROUNDWORK" -c conf -- env
	equal "DB_PASSWORD=value-of-d
GF_AUTH=value-of-c
GF_PLAIN=x
GITEA__db__PASSWD=value-of-a
GITEA__x__FILE=
TOKEN=value-of-b
X_DATE_FILE=plain" "$(grep -v '^PATH=' "$out" | sort)"
	equal "value-of-a value-of-b value-of-c value-of-d" "$(cat f)"
	contains "$err" "env_from_file: GF_AUTH is what the file in GF_AUTH__FILE holds"
	lacks "$err" "value-of"
	lacks "$err" "GF_PLAIN"
	status 100 env TOKEN=x FILE__TOKEN=b "$GROUNDWORK" -c conf plan
	contains "$err" "both TOKEN and FILE__TOKEN are set"
	printf '[app]\nenv_from_file = a.b\n' | drop_in 10.ini
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "'a.b' is not the name of a variable, nor a glob"
	printf '[app]\nenv_from_file = A-B [A-C]-\n' | drop_in 10.ini
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "'A-B' is not the name of a variable, nor a glob"
	contains "$err" "'[A-C]-' is not the name of a variable, nor a glob"
	printf '[app]\nenv_from_file = [A-C]_* X[_-a]Y\n' | drop_in 10.ini
	status 0 "$GROUNDWORK" -c conf check
	printf '[app]\nfile_env = A\n' | drop_in 10.ini
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "it is called 'env_from_file' here"
}

what_is_made_of_a_secret_is_one() {
	printf 'secret-of-pw\n' >pw
	drop_in 10.ini <<-'END'
		[env]
		URL = db://u:${PW}@host
		OTHER = ${file:pw}
		COPY = ${URL}
		[app]
		env_from_file = PW
		[exec:e]
		command = sh -c 'echo "$${URL:-none} $${COPY:-none} $${OTHER:-none} secret-of-pw"; exit 1'
	END
	sed -i "s|file:pw|file:$PWD/pw|" conf/10.ini
	status 111 env PW_FILE=pw "$GROUNDWORK" -c conf apply
	contains "$err" "none none none ***"
	lacks "$err" "secret-of-pw"
	printf '[exec:e]\ncommand = echo ${COPY}\n' | drop_in 20.ini
	status 100 env PW_FILE=pw "$GROUNDWORK" -c conf apply
	contains "$err" "\${COPY} would show a secret to everybody who lists processes"
}

what_is_wrong_with_env_is_listed_with_its_lines() {
	drop_in 10.ini <<-'END'
		[env]
		A = ${NO} ${key:k}
		b-c = 1
		D = 1
		D = 2
		E += 1
		F = ${OTHER:?say it}
		[key:k]
		path = k
	END
	status 100 "$GROUNDWORK" -c conf apply
	contains "$err" "conf/10.ini:2: [env] A: '\${key:k}' cannot be used in [env]"
	contains "$err" "conf/10.ini:3: [env] b-c: this is no name of a variable"
	contains "$err" "conf/10.ini:5: [env] D: this key is in line 4 already"
	contains "$err" "conf/10.ini:6: [env] E: += works on lists"
	contains "$err" "conf/10.ini:7:5: [env] F: OTHER: say it"
	missing k
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "conf/10.ini:2: [env] A: '\${key:k}' cannot be used in [env]"
}

env_is_for_who_clears_the_rest_and_not_for_who_is_left_as_given() {
	drop_in 10.ini <<-'END'
		[env]
		A = ${OURS}
		[app]
		clear_env = yes
		[bootstrap]
		when = env:A=yes
	END
	status 0 env OURS=yes "$GROUNDWORK" -q -c conf -- /usr/bin/env
	equal "A=yes" "$(cat "$out")"
	status 0 env -i OURS=no "$GROUNDWORK" -q -c conf -- /usr/bin/env
	equal "OURS=no" "$(cat "$out")"
}

a_missing_file_of_env_from_file_is_an_error_of_all_that_looks_at_steps() {
	local command
	app "env_from_file = TOKEN"
	status 111 env TOKEN_FILE=/nope "$GROUNDWORK" -q -c conf true
	printf '%s\n' '[file:f]' 'path = f' 'when = env:TOKEN' '[file:g]' 'path = g' |
		drop_in 20.ini
	for command in plan "plan true" apply "run true" wait; do
		# shellcheck disable=SC2086
		status 111 env TOKEN_FILE=/nope "$GROUNDWORK" -c conf $command
		contains_once "$err" "error: conf/10.ini:2: [app] env_from_file: TOKEN_FILE: '/nope' is missing; mount it there, or unset TOKEN_FILE"
		lacks "$err" warning
		missing g
	done
	status 111 env TOKEN_FILE=/nope "$GROUNDWORK" -c conf plan
	contains "$out" "file:g  create"
	status 0 env TOKEN_FILE=/nope GROUNDWORK_ENABLED=no "$GROUNDWORK" -c conf apply
	status 0 env TOKEN_FILE=/nope GROUNDWORK_ENABLED=no "$GROUNDWORK" -c conf plan
	app "env_from_file = TO*"
	status 111 env TOKEN_FILE=/nope "$GROUNDWORK" -c conf plan
	lacks "$err" "is what the file in"
}

# It is read before the first step and behind the last one.
what_is_odd_in_a_file_is_warned_of_once() {
	app "env_file = ../a.env"
	printf '%s\n' '[exec:e]' 'command = true' | drop_in 20.ini
	echo 'A=a&b' >a.env
	status 0 "$GROUNDWORK" -c conf run true
	contains_once "$err" "is a part of the value here, and would not be in a shell"
}

what_is_wrong_with_files_is_listed_beside_the_rest() {
	local command
	app "env_file = ../a.env ../b.env ../gone.env" "env_from_file = TOKEN"
	printf '%s\n' "A B" "C='" >a.env
	echo "D E" >b.env
	printf '%s\n' '[file:f]' 'path = f' 'content = ${NONE}' | drop_in 20.ini
	for command in apply "run true" plan "plan true"; do
		# shellcheck disable=SC2086
		status 100 env TOKEN_FILE=/nope "$GROUNDWORK" -c conf $command
		cat "$out" "$err" >said
		contains_once said "[app] env_file: $PWD/conf/../a.env:1: "
		contains_once said "; $PWD/conf/../a.env:2: C: the quote is not closed"
		contains_once said "[app] env_file: $PWD/conf/../b.env:1: "
		contains_once said "[file:f] content: NONE is not set"
		contains_once said "TOKEN_FILE: '/nope' is missing"
		contains_once said "gone.env' does not exist"
	done
	contains "$err" "5 errors in the configuration"
}

a_wrong_env_file_is_an_error() {
	app "env_file = gone.env"
	status 111 "$GROUNDWORK" -q -c conf true
	contains "$err" "conf/gone.env' does not exist; a '-' in front makes it optional"
	for words in apply plan "plan true" "plan -- true"; do
		# shellcheck disable=SC2086
		status 111 "$GROUNDWORK" -c conf $words
		contains_once "$err" "error: conf/10.ini:2: [app] env_file: '$PWD/conf/gone.env' does not exist"
		lacks "$err" warning
	done
	# shellcheck disable=SC2016
	app 'env = A=${NOTSET}'
	status 100 "$GROUNDWORK" -q -c conf true
	status 100 "$GROUNDWORK" -c conf plan true
	contains_once "$err" "[app] env: NOTSET is not set"
	status 0 "$GROUNDWORK" -c conf plan
	contains "$err" "the application would not start: [app] env: NOTSET is not set"
	app "env_file = -gone.env"
	status 0 "$GROUNDWORK" -q -c conf true
	app "env_file = some.env"
	printf 'A=1\nnonsense\n' >conf/some.env
	status 100 "$GROUNDWORK" -q -c conf true
	contains "$err" "some.env:2: expected NAME=value"
	status 100 "$GROUNDWORK" -q -c conf plan
	contains "$err" "some.env:2: expected NAME=value"
	printf 'A=1\n1X=2\n' >conf/some.env
	status 100 "$GROUNDWORK" -q -c conf true
	printf 'A=\0\n' >conf/some.env
	status 100 "$GROUNDWORK" -q -c conf true
	contains "$err" "NUL"
}

an_env_file_is_read_as_a_shell_reads_it() {
	cat >some.env <<-'END'
		# a comment
		A=1
		export B=2 # another
		C='$A "x" `y` # z \'
		D="a \"b\" \$c \`d\` \\ \n 'e' #f"   # g
		E=
		F=a#b=c
		  G=/path:/more,%+@
		H= # nothing
	END
	sh -c 'set -a; . ./some.env; env' | grep '^[A-H]=' | LC_ALL=C sort >expected
	app "env_file = $PWD/some.env"
	environment env -i PATH="$PATH"
	equal "$(cat expected)" "$(grep -v '^PATH=' "$out")"
	equal '' "$(cat "$err")" "warnings"
}

what_a_shell_would_read_otherwise_is_a_warning_or_an_error() {
	printf '%s\n' 'A=b c' 'B={"x":1}' 'C="a$b"' >some.env
	app "env_file = $PWD/some.env"
	environment env -i PATH="$PATH"
	equal $'A=b c\nB={"x":1}\nC=a$b' "$(grep -v '^PATH=' "$out")"
	equal 3 "$(grep -c 'is a part of the value here' "$err")" "warnings"
	matches "$err" "some.env:1: A: ' ' is a part of the value here"
	local line
	for line in 'A=$(touch pwned)' 'A="`touch pwned`"' 'A=${HOME}' 'A="b' "A='b'c" 'set -a' 'export A'; do
		printf 'B=1\n%s\n' "$line" >some.env
		status 100 "$GROUNDWORK" -q -c conf true
		matches "$err" "conf/10.ini:2: \[app\] env_file: .*some.env:2: "
	done
	missing pwned
}

env_from_file_takes_the_content_of_the_file_that_is_named() {
	printf 'pass word\n\n' >secret
	app "env_from_file = PASSWORD OTHER"
	environment env PASSWORD_FILE="$PWD/secret" OTHER=given
	contains "$out" "PASSWORD=pass word"
	contains "$out" "OTHER=given"
	lacks "$out" PASSWORD_FILE
	status 100 env PASSWORD=x PASSWORD_FILE="$PWD/secret" "$GROUNDWORK" -q -c conf true
	contains "$err" PASSWORD_FILE
	lacks "$err" "pass word"
	environment env PASSWORD=x PASSWORD_FILE=
	contains "$out" "PASSWORD=x"
	status 111 env PASSWORD_FILE="$PWD/gone" "$GROUNDWORK" -q -c conf true
	contains "$err" "$PWD/gone"
}

# A value that was given directly is as much of a secret as one from a file.
a_command_that_names_a_variable_it_does_not_get_is_a_warning() {
	app "env_from_file = PGUSER PASS OTHER"
	drop_in 20.ini <<-'END'
		[exec:a]
		command = sh -c 'test -z "$PGUSER"'
		[exec:b]
		command = sh -c 'test "$1$PGUSER$${PASS:-}" = bjoe; echo $HOME $OTHER' sh b
		env = PGUSER
		  GONE
		  OTHER=${OTHER:-}
		[exec:c]
		command = sh -c 'echo $PASS'
		creates = conf
		env = LONG_GONE
		[file:d]
		path = d
		validate = sh -c 'test -e "$1" -a -z "$PASS"' sh {file}
		content = x
	END
	status 0 env PGUSER=joe PASS=y "$GROUNDWORK" -c conf plan
	grep warning "$err" >warnings
	contains warnings "20.ini:2:27: [exec:a] command: the command does not get PGUSER, which is a secret; \`env\`"
	contains warnings "20.ini:4:33: [exec:b] command: the command does not get PASS, which is a secret"
	contains warnings "20.ini:5: [exec:b] env: GONE is not set, and the command runs without it; where it may be"
	contains warnings "20.ini:14:39: [file:d] validate: the command does not get PASS, which is a secret; an exec"
	equal 4 "$(wc -l <warnings)"
	status 0 env PGUSER=joe PASS=y GONE= "$GROUNDWORK" -c conf apply
	equal 3 "$(grep -c warning "$err")"
	status 0 env -u PGUSER -u PASS GONE= "$GROUNDWORK" -c conf --only exec:a apply
	lacks "$err" "does not get"
	status 0 gw check
	contains "$err" "does not get PGUSER"
	lacks "$err" GONE
}

no_helper_has_what_env_from_file_names() {
	echo from-a-file >secret
	app "env_from_file = DIRECT BYFILE"
	drop_in 20.ini <<-'END'
		[exec:command]
		command = sh -c 'env >command.env'
		[exec:check]
		check = sh -c 'env >check.env'
		[file:validate]
		path = f
		content = x
		validate = sh -c 'env >validate.env' sh {file}
		[exec:given]
		command = sh -c 'env >given.env'
		env = DIRECT
		 BYFILE
	END
	environment env DIRECT=given-directly BYFILE_FILE="$PWD/secret" OURS=1
	contains "$out" "DIRECT=given-directly"
	contains "$out" "BYFILE=from-a-file"
	local helper
	for helper in command check validate; do
		contains "$helper.env" OURS=1
		lacks "$helper.env" DIRECT
		lacks "$helper.env" given-directly
		lacks "$helper.env" from-a-file
	done
	contains given.env "DIRECT=given-directly"
	contains given.env "BYFILE=from-a-file"
}

# What it says there would be taken for the application's word.
no_helper_says_that_the_application_is_ready() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'env >seen'
		creates = seen
	END
	status 0 env NOTIFY_SOCKET="$PWD/socket" "$GROUNDWORK" -c conf apply
	contains seen PATH=
	lacks seen NOTIFY_SOCKET
}

# What steps set comes behind what the configuration names.
the_supervisor_shows_no_secret_that_a_step_has_set() {
	app "init = yes"
	drop_in 20-token.ini <<-'END'
		[exec:token]
		command = sh -c 'echo "secret TOKEN=$1" >"$GROUNDWORK_RESULT"' sh set-by-a-step
		export = TOKEN
	END
	status 0 env TOKEN=given-to-it "$GROUNDWORK" -q -c conf sh -c \
		'echo "$TOKEN"; tr "\0" "\n" <"/proc/$PPID/environ"'
	contains "$out" set-by-a-step
	lacks "$out" given-to-it
	contains "$out" 'TOKEN=*'
}

clear_env_leaves_what_is_asked_for() {
	echo secret >secret
	app "clear_env = yes" "env = A=1" "env_from_file = S"
	status 0 env S_FILE="$PWD/secret" OURS=1 "$GROUNDWORK" -q -c conf /usr/bin/env
	equal $'A=1\nS=secret' "$(sort "$out")"
}

clear_env_with_a_search_path_of_its_own() {
	app "clear_env = yes" "env = PATH=$PWD/bin"
	mkdir bin
	printf '#!/bin/sh\necho mine\n' >bin/tool
	chmod +x bin/tool
	status 0 "$GROUNDWORK" -q -c conf tool
	equal mine "$(cat "$out")"
}

root_home_is_that_of_a_dropped_user_alone() {
	app "user = games"
	environment env HOME=/somewhere
	contains "$out" HOME=/usr/games
	app "user = root"
	environment env HOME=/somewhere
	contains "$out" HOME=/somewhere
	environment env -u HOME
	contains "$out" HOME=/root
	app "user = 4711" "env = HOME=/mine"
	environment env HOME=/somewhere
	contains "$out" HOME=/mine
}

# The supervisor has what it was started with, and nothing that was made since: neither in
# its environment nor in any memory that it can write.
function canary_is_not_with {
	status 0 python3 - "$1" "$2" <<-'END'
		import re, sys
		pid, canaries = sys.argv[1], sys.argv[2].split()
		found = searched = 0
		with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
		    for line in maps:
		        begin, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
		        # A sanitizer's shadow has terabytes, which it does not use.
		        large = int(end, 16) - int(begin, 16) > 1 << 28
		        if "[v" in line or "r" not in rights or large:
		            continue
		        memory.seek(int(begin, 16))
		        data = memory.read(int(end, 16) - int(begin, 16))
		        searched += len(data)
		        found += sum(data.count(canary.encode()) for canary in canaries)
		with open(f"/proc/{pid}/environ", "rb") as file:
		    found += sum(file.read().count(canary.encode()) for canary in canaries)
		sys.exit("nothing was searched" if searched < 65536 else f"found {found}" if found else 0)
	END
}

function secrets {
	printf 'canary-in-a-file' >secret
	printf 'FROMFILE=canary-in-env-file\n' >conf.env
	app "env_file = $PWD/conf.env" "env_from_file = SECRET" "env = VALUE=canary-in-env"
	drop_in 20.ini <<-'END'
		[key:k]
		path = k
		env = KEY
	END
}

the_memory_of_the_supervisor_holds_no_secret() {
	secrets
	background env SECRET_FILE="$PWD/secret" "$GROUNDWORK" -q -c conf --init \
		sh -c 'env >given; exec sleep 1000'
	eventually grep -q KEY= given
	eventually grep -q '^State:.S' "/proc/$pid/status"
	contains given "SECRET=canary-in-a-file"
	contains given "KEY=$(cat k)"
	canary_is_not_with "$pid" "canary-in $(cat k)"
	# The same search finds them where they are.
	local application
	application=$(tr -d ' ' <"/proc/$pid/task/$pid/children")
	status 1 canary_is_not_with_application "$application"
	kill -TERM "$pid"
	local code=0
	wait "$pid" || code=$?
	equal 143 "$code" "exit code"
}

function canary_is_not_with_application() (
	trap - ERR
	# In a shell of its own: what fails here is no failure of the test.
	canary_is_not_with "$1" canary-in
)

no_argument_and_no_log_has_a_secret() {
	secrets
	status 0 env SECRET_FILE="$PWD/secret" "$GROUNDWORK" -v -c conf --init \
		sh -c 'tr "\0" " " </proc/$PPID/cmdline'
	lacks "$out" canary-in
	lacks "$err" canary-in
	lacks "$err" "$(cat k)"
}

a_relative_name_file_is_the_working_directorys() {
	echo value >secret
	printf '[app]\nenv_from_file = PASSWORD\n' | drop_in 10.ini
	mkdir base
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	PASSWORD_FILE=secret status 0 "$GROUNDWORK" -c conf -C base -- sh -c 'echo "$PASSWORD"'
	equal value "$(cat "$out")"
}

the_processors_are_known_unless_they_are_set() {
	drop_in 10.ini <<-'END'
		[app]
		env = WORKERS=${GROUNDWORK_CPUS}
		[file:f]
		path = f
		content = ${GROUNDWORK_CPUS}
		policy = manage
	END
	status 0 gw check
	status 0 taskset -c "$(taskset -pc $$ | sed 's/.*[: ]//; s/[-,].*//')" "$GROUNDWORK" \
		-c conf sh -c 'echo "$WORKERS"'
	equal "1 1" "$(cat "$out" f | xargs)"
	status 0 env GROUNDWORK_CPUS=07 "$GROUNDWORK" -c conf sh -c 'echo "$WORKERS"'
	equal "07 07" "$(cat "$out" f | xargs)"
}

a_key_that_is_left_out_gives_nothing() {
	printf '%s\n' '[key:k]' 'path = k' 'env = KEY' 'when = env:WANTED' | drop_in 10.ini
	# shellcheck disable=SC2016
	WANTED=yes status 0 gw run sh -c 'test -n "$KEY"'
	# shellcheck disable=SC2016
	status 0 gw run sh -c 'test -z "$KEY"'
}
