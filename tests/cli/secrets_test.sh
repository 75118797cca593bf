#!/bin/bash
# SPDX-License-Identifier: MIT
# Secrets: in no argument, no helper that was not given them, no log, no report.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# with_password SUBCOMMAND…: with a password in a variable that env_from_file names.
password=hunter2-and-so-on
function with_password {
	env PASSWORD="$password" "$GROUNDWORK" -c conf "$@"
}

a_secret_is_redacted_in_a_dump() {
	local want
	command -v xxd hexdump >/dev/null || skip "there is no xxd or hexdump here"
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		[exec:dumps]
		env = PASSWORD
		command =
		  sh -c 'printf "%s%s" "$BEFORE" "$PASSWORD" >f
		         for dump in "od -An -tx1" "od -tx1" xxd "xxd -g4" "xxd -i" "hexdump -C"
		         do $dump f; done'
	END
	export BEFORE=x=
	password=Zq7+kkPv9w status 0 with_password apply
	for want in '5a 71' '5a71' '0x5a' '39 77' '3977' '0x39' 9w; do
		lacks "$err" "$want"
	done
	# Each line of 16 bytes is found by itself.
	export BEFORE=
	password='a long one: 0123456789abcdef-0123-ZYXWVUTSRQPONM'
	status 0 with_password apply
	for want in '61 20' '6120' '0x61' '39 61' '3961' 'a long' '-0123' '4f 4e' '4f4e' '0x4f' QPON; do
		lacks "$err" "$want"
	done
}

# ---- arguments ----

# refused LINE TEXT: whoever asks, and before anything is touched. A plan may say it itself.
function refused {
	local subcommand
	for subcommand in check plan apply "run true"; do
		# shellcheck disable=SC2086
		status 100 with_password $subcommand
		cat "$out" >>"$err"
		contains_once "$err" "10.ini:$1: $2"
		lacks "$err" "$password"
	done
	missing made
}

function app {
	printf '%s\n' "[app]" "env_from_file = PASSWORD FROMFILE" "[directory:made]" "path = made" "$@" |
		drop_in 10.ini
}

a_secret_variable_in_a_command_is_refused() {
	local name
	echo from-a-file >secret
	for name in PASSWORD FROMFILE APP_KEY; do
		app "[key:k]" "path = k" "env = APP_KEY" "[exec:e]" "command = echo" " \${$name}"
		FROMFILE_FILE=$PWD/secret refused 9 "[exec:e] command: \${$name} would show a secret"
		app "[key:k]" "path = k" "env = APP_KEY" "[exec:e]" "check = test \${NO:-\${$name}}"
		refused 9 "[exec:e] check: \${$name} would show a secret"
		app "[key:k]" "path = k" "env = APP_KEY" "[file:f]" "path = f" "validate = grep \${$name} {file}"
		refused 10 "[file:f] validate: \${$name} would show a secret"
		app "[key:k]" "path = k" "env = APP_KEY" "[app]"
		drop_in 20.ini <<<"[app]"$'\n'"command = app --password \${$name:-none}"
		status 100 with_password apply
		contains "$err" "20.ini:2: [app] command: \${$name} would show a secret"
		rm conf/20.ini
	done
}

what_shows_no_value_of_a_secret_may_be_an_argument() {
	app "[exec:e]" 'command = sh -c '\''echo "$1 $PASSWORD." >it'\'' sh ${PASSWORD:+is-set}' \
		"env = PASSWORD"
	status 0 with_password apply
	equal "is-set $password." "$(cat it)"
}

a_variable_that_holds_a_secret_is_refused() {
	local subcommand url="db://app:hunter2%2Dand-so-on@db/app"
	app "[exec:e]" 'command = echo ${URL}'
	URL=$url refused 6 "[exec:e] command: the value of 'URL' holds a secret"
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		command = echo ${URL}
	END
	export URL=$url
	for subcommand in check run exec; do
		status 100 with_password "$subcommand"
		contains_once "$err" "10.ini:3: [app] command: the value of 'URL' holds a secret"
		lacks "$err" "$password"
	done
	# Which start no application.
	status 0 with_password apply
	status 0 with_password plan
	contains "$err" "would not start: [app] command: the value of 'URL' holds a secret"
}

a_variable_that_holds_what_a_file_holds_is_refused() {
	echo "hunter3-and-so-on" >secret
	app "[exec:e]" 'command = echo ${URL}'
	export FROMFILE_FILE=$PWD/secret URL=db://app:hunter3-and-so-on@db
	status 0 with_password check # which reads no file
	status 100 with_password apply
	contains "$err" "10.ini:6: [exec:e] command: the value of 'URL' holds a secret"
	lacks "$err" hunter3
	missing made
}

# The password of a developer's machine is a part of many a path.
a_short_secret_may_be_part_of_a_word() {
	app "[exec:e]" 'command = touch ${DATA}/made'
	mkdir postgresql
	status 0 env PASSWORD=postgres DATA=postgresql "$GROUNDWORK" -c conf apply
	exists postgresql/made
}

words_of_the_command_line_are_as_they_were_typed() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		command = printf %s.
	END
	status 0 with_password -q -- -- '${PASSWORD}' '$PASSWORD'
	equal '--.${PASSWORD}.$PASSWORD.' "$(cat "$out")"
}

# ---- helpers ----

# Given directly, they are secrets, too: nobody has them but the application.
no_helper_has_what_env_from_file_names() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD OTHER
		[exec:a]
		command = sh -c 'env >command.env'
		[exec:b]
		check = sh -c 'env >check.env'
		[file:f]
		path = f
		validate = sh -c 'env >validate.env' sh {file}
	END
	status 0 env OTHER=other1 KEPT=kept env PASSWORD="$password" "$GROUNDWORK" -q -c conf \
		sh -c 'env >application.env'
	local name
	for name in command check validate; do
		contains $name.env KEPT=kept
		lacks $name.env PASSWORD
		lacks $name.env OTHER
	done
	contains application.env "PASSWORD=$password"
	contains application.env OTHER=other1
}

a_bare_name_hands_on_what_env_from_file_names() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD FROMFILE
		[exec:a]
		command = sh -c 'env >command.env; echo "$PASSWORD $FROMFILE"'
		env = PASSWORD
		 FROMFILE
		[exec:b]
		check = sh -c 'env >check.env'
		env = PASSWORD
	END
	echo from-a-file >secret
	FROMFILE_FILE=$PWD/secret status 0 with_password apply
	contains command.env "PASSWORD=$password"
	contains command.env FROMFILE=from-a-file
	contains check.env "PASSWORD=$password"
	lacks check.env FROMFILE=
	contains "$err" "[exec:a] *** ***"
}

# ---- what helpers print ----

# printed SCRIPT: what a helper prints that is given the password, in $err.
function printed {
	drop_in 10.ini <<-END
		[app]
		env_from_file = PASSWORD
		[exec:e]
		command = sh printing
		env = PASSWORD
	END
	printf '%s\n' "$1" >printing
	status "${2-0}" with_password --report report.json apply
}

a_long_line_is_redacted_as_a_whole() {
	local before
	for before in 4090 8180 16380 65530 70000; do
		printed "head -c $before /dev/zero | tr '\\0' x; echo \"\$PASSWORD\""
		contains "$err" 'x***'
		lacks "$err" hunt
		lacks "$err" -on
	done
}

every_usual_form_is_redacted() {
	password='hunt"er/2 & so on'
	printed "python3 -c '
import base64, json, os, shlex, urllib.parse
s = os.environ[\"PASSWORD\"]
print(\"json\", json.dumps({\"password\": s}))
print(\"url\", urllib.parse.quote(s, safe=\"\"), urllib.parse.quote_plus(s))
print(\"hex\", s.encode().hex(), s.encode().hex().upper())
print(\"base64\", base64.b64encode(s.encode()).decode())
print(\"basic\", base64.b64encode(b\"user:\" + s.encode() + b\"x\").decode())
print(\"shell\", shlex.quote(s))
print(\"python\", ascii(s))
'"
	contains "$err" '] json {"password": "***"}'
	contains "$err" '] url *** ***'
	contains "$err" '] hex *** ***'
	contains "$err" '] base64 ***'
	matches "$err" '] basic dXNlcj\*\*\*.?=*$'
	contains "$err" "] shell '***'"
	contains "$err" "] python '***'"
}

a_secret_of_many_lines_is_redacted() {
	printf -- '-----BEGIN KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQEF\nAASCAUAwggE8AgEAAkEAq7BF\nUg==\n-----END KEY-----\n' >pem
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PEM
		[exec:e]
		command = sh -c 'echo before; cat pem; echo after; tail -n 3 pem; head -c -1 pem | base64'
	END
	PEM_FILE=$PWD/pem status 0 with_password apply
	local shown
	shown=$(grep -F '[exec:e]' "$err" | sed 's/.*] //')
	equal $'before\n***\nafter\n***\n-----END KEY-----\n***\n***' "$(head -n 7 <<<"$shown")"
	lacks "$err" AASC
	lacks "$err" Ug==
}

# A helper can read what we can.
secrets_that_a_helper_reads_itself_are_redacted() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = FROMFILE
		[key:k]
		path = k
		env = APP_KEY
		[exec:e]
		command = sh -c 'cat k; echo; cat "$FROMFILE_FILE"; echo "read"'
	END
	echo from-a-file >secret
	status 0 with_password -q apply --only key:k
	FROMFILE_FILE=$PWD/secret status 0 with_password apply --only exec:e
	contains "$err" "[exec:e] read"
	lacks "$err" "$(cat k)"
	lacks "$err" from-a-file
}

a_secret_that_a_helper_makes_is_redacted_in_the_next() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = MADE
		[exec:a]
		command = sh -c 'printf "a-new%s\n" -secret >made'
		creates = made
		[exec:b]
		command = sh -c 'cat made; echo "read"'
	END
	MADE_FILE=$PWD/made status 0 with_password sh -c 'echo "$MADE"'
	equal a-new-secret "$(cat "$out")"
	contains "$err" "[exec:b] read"
	lacks "$err" a-new-secret
}

the_bytes_of_a_key_are_redacted_however_they_are_written() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		encoding = base64
		prefix = base64:
		[exec:e]
		command = sh -c 'cut -d: -f2 k; cut -d: -f2 k | base64 -d | od -An -tx1 | tr -d " \n"; echo; echo end'
		requires = key:k
	END
	status 0 with_password apply
	contains "$err" "[exec:e] end"
	lacks "$err" "$(cut -d: -f2 k)"
	lacks "$err" "$(cut -d: -f2 k | base64 -d | od -An -tx1 | tr -d ' \n')"
}

a_message_is_redacted() {
	printed 'printf "message=it is %s\nstatus=done\n" "$PASSWORD" >"$GROUNDWORK_RESULT"'
	contains "$err" "it is ***"
	contains report.json "it is ***"
	lacks report.json hunter2
	password=$'short\nlines'
	printed 'printf "message=it is %s\n" "$PASSWORD" >"$GROUNDWORK_RESULT"'
	contains report.json "it is ***"
	lacks report.json short
}

the_last_lines_of_a_failed_command_are_redacted() {
	printed 'head -c 5000 /dev/zero | tr "\0" x; echo "$PASSWORD"; echo "\"$PASSWORD\""; exit 1' 111
	lacks "$err" hunter2
	lacks report.json hunter2
	contains report.json 'x***'
	contains report.json '\"***\"'
}

# ---- what we print ----

# A path may have a secret in it: that is made, and not shown.
a_secret_in_a_path_is_redacted() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		[directory:d]
		path = d/${PASSWORD}
		[link:l]
		path = l
		target = ${PASSWORD}
		[file:f]
		path = d/${PASSWORD}/f
		content = x
		[exec:e]
		command = sh -c 'pwd; touch "$(basename "$PWD")"'
		workdir = d/${PASSWORD}
		creates = d/${PASSWORD}/${PASSWORD}
		description = ${PASSWORD}
	END
	status 0 with_password plan
	contains "$out" "/d/***'"
	lacks "$out" hunter2
	status 0 with_password plan --format json
	lacks "$out" hunter2
	status 0 with_password -v --report report.json apply
	exists "d/$password/f" "d/$password/$password"
	contains "$err" "/d/***'"
	contains "$err" "] $PWD/d/***"
	lacks "$err" hunter2
	contains report.json "/d/***"
	lacks report.json hunter2
	status 0 with_password list
	lacks "$out" hunter2
}

a_secret_in_an_error_is_redacted() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		[directory:d]
		path = d
		mode = ${PASSWORD}
		[directory:e]
		path = f/${PASSWORD}
		requires = ${PASSWORD}
	END
	touch f
	status 100 with_password apply
	contains "$err" "[directory:d] mode"
	contains "$err" "[directory:e] requires"
	lacks "$err" hunter2
	sed -i '/^mode/d; /^requires/d' conf/10.ini
	status 111 with_password --report report.json apply
	contains "$err" "f/***"
	lacks "$err" hunter2
	contains report.json "f/***"
	lacks report.json hunter2
}

# Wherever in a secret the text of an error is cut.
a_secret_at_the_end_of_a_long_error_is_redacted() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		[exec:e]
		command = true
		workdir = ${LONG}${PASSWORD}
	END
	local size cut=0
	for ((size = 4000; size < 4070; size += 2)); do
		LONG=/$(printf "%${size}s" "" | tr ' ' x | sed 's|xxxx|xxx/|g') status 111 \
			with_password apply
		lacks "$err" hunt
		! grep -qF '***…' "$err" || cut=1
	done
	equal 1 "$cut" "one was cut"
}

# Who launches the application knows no secrets.
a_secret_in_the_working_directory_is_redacted() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		workdir = gone/${PASSWORD}
	END
	local option
	for option in --init --no-init; do
		status 111 with_password "$option" true
		contains "$err" "working directory '$PWD/gone/***'"
		lacks "$err" hunter2
	done
}

# /proc/PID/environ shows what the kernel was once given.
what_a_key_step_hands_on_is_not_in_the_supervisors_environment() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
	END
	local key
	key=$(printf 'cd%.0s' {1..32})
	status 0 env APP_KEY="$key" "$GROUNDWORK" -q -c conf --init \
		sh -c 'echo "$APP_KEY"; tr "\0" "\n" <"/proc/$PPID/environ"'
	equal "$key" "$(head -n 1 "$out")"
	contains "$out" "APP_KEY=***"
	lacks "$out" "APP_KEY=c"
}

a_template_with_a_secret_is_for_its_owner_alone() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		[file:a]
		path = a
		content = password=${PASSWORD}
		[file:b]
		path = b
		content = url=${URL}
		[file:c]
		path = c
		content = user=${NAME} ${PASSWORD:+with password}
		[file:d]
		path = d
		content = ${PIN}
	END
	sed -i 's/^env_from_file.*/& PIN/' conf/10.ini
	URL="db://u:$password@h" NAME=name PIN=1234 status 0 with_password plan
	contains "$out" "create '$PWD/a' (0600)"
	contains "$out" "create '$PWD/c' (0644)"
	URL="db://u:$password@h" NAME=name PIN=1234 status 0 with_password apply
	mode a 600
	mode b 600
	mode c 644
	mode d 600 # whatever its value
}

# What turns text around, or moves the cursor, is shown and does nothing.
characters_that_act_are_shown() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d/${NAME}
	END
	NAME=$'a\u202eb\u2066\u2028\e[2J' status 0 with_password plan
	contains "$out" 'd/a\xe2\x80\xaeb\xe2\x81\xa6\xe2\x80\xa8\x1b[2J'
	lacks "$out" $'\u202e'
	NAME=$'a\u202eb\u009b' status 0 with_password plan --format json
	contains "$out" 'd/a\u202eb\u009b'
	NAME=$'a\u202eb' status 0 with_password --report report.json apply
	contains "$err" 'd/a\xe2\x80\xaeb'
	lacks "$err" $'\u202e'
	contains report.json 'd/a\u202eb'
}

# A /dev of our own, with a termination log as a kubelet makes it.
root_the_termination_log_is_one_safe_line() {
	needs_mounts
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		[exec:e]
		command = sh -c 'printf "$PASSWORD \033[2J\n"; head -c 1500 /dev/zero | tr "\0" x; exit 1'
		env = PASSWORD
		workdir = ${WORKDIR:-/}
	END
	cat >in_namespace <<-'END'
		mkdir dev
		mount -t tmpfs none dev
		mkdir dev/shm
		mount --bind /dev/shm dev/shm # where the tests may be
		mount --move dev /dev
		mknod -m 666 /dev/null c 1 3
		mknod -m 666 /dev/zero c 1 5
		echo old >/dev/termination-log
		code=0
		"$@" || code=$?
		cat /dev/termination-log >log
		exit "$code"
	END
	PASSWORD=$password status 111 unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	matches log '^groundwork: .*\[exec:e\]'
	equal 1 "$(wc -l <log)" "lines"
	equal 1024 "$(wc -c <log)" "bytes"
	contains log '*** \x1b[2J xxx'
	contains log 'xxx…'
	lacks log hunter2
	PASSWORD=$password WORKDIR=/no/$password status 111 \
		unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	contains log "'/no/***': No such file or directory"
	lacks log hunter2
	# Of a configuration that is wrong, the first error, with its place.
	printf '[directory:d]\npath = d\nmode = 9\n' | drop_in 20.ini
	status 100 unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	equal "groundwork: conf/20.ini:3:8: [directory:d] mode: '9' is no mode: expected up to four octal digits (0-7), as in 0640" "$(cat log)"
	printf 'owner = a:b\n' >>conf/20.ini
	status 100 unshare -m sh in_namespace "$GROUNDWORK" -c conf apply
	contains log "as in 0640 (and 1 more error)"
}
