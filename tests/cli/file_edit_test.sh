#!/bin/bash
# SPDX-License-Identifier: MIT
# Single keys of files: `set`, `unset` and `policy = edit`.

# Most of these tests hand ${…} to groundwork, not to the shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

keys_of_an_existing_file_are_set_and_all_else_stays() {
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		policy = edit
		unset = log.old
		set =
		  [server]
		  port = ${PORT}
		  host = ${HOST}
		  [new]
		  key = 1
	END
	printf '; ours\r\n[Server]\r\n  PORT=80  \r\n\r\n# log\r\n[log]\r\nold = 1\r\nlevel = x ; y\r\n' >app.ini
	printf '; ours\r\n[Server]\r\n  PORT=81  \r\nhost = a b\r\n\r\n# log\r\n[log]\r\nlevel = x ; y\r\n\r\n[new]\r\nkey = 1\r\n' >expected
	chmod 640 app.ini
	cp app.ini before
	status 0 env PORT=81 HOST='a b' "$GROUNDWORK" -c conf plan
	matches "$out" "~ file:app +change keys in '$PWD/app.ini'"
	cmp before app.ini
	status 0 env PORT=81 HOST='a b' "$GROUNDWORK" -c conf apply
	cmp expected app.ini
	mode app.ini 640
	snapshot app.ini >before
	status 0 env PORT=81 HOST='a b' "$GROUNDWORK" -c conf apply
	contains "$err" "1 in place"
	equal "" "$(snapshot app.ini | diff before -)" "what was touched"
}

every_format_is_edited() {
	drop_in 10.ini <<-'END'
		[defaults:file]
		policy = edit
		[file:json]
		path = app.json
		set =
		  {"a": {"b": "${VALUE}"}, "gone": null}
		[file:env]
		path = .env
		set = B=${PLAIN}
		[file:properties]
		path = app.properties
		unset = c.d
		set = a.b=${PLAIN}
		[file:written]
		path = app.conf
		format = env
		set = A="${PLAIN}"
	END
	printf '{\n\t"x": [1,2],\n\t"a": {"b": 1, "c": 2}, "gone": 3\n}\n' >app.json
	printf '# c\nexport B="old\nlines"\nC=1' >.env
	printf 'a.b : 1\nc.d = 2 \\\n  3\ne = 4\n' >app.properties
	echo 'A=x' >app.conf
	status 0 env VALUE=$'a"\'b' PLAIN=p "$GROUNDWORK" -c conf apply
	equal $'{\n\t"x": [1,2],\n\t"a": {"b": "a\\"\'b", "c": 2}\n}' "$(cat app.json)"
	equal $'a.b : p\ne = 4' "$(cat app.properties)"
	equal $'# c\nexport B=p\nC=1' "$(cat .env)"
	status 0 env VALUE=$'a"\'b' PLAIN=p "$GROUNDWORK" -c conf apply
	contains "$err" "4 in place"
}

create_sets_keys_in_its_template_and_afterwards_these_alone() {
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		content =
		  [a]
		  b = 1
		  c = 2
		set =
		  [a]
		  b = ${B}
	END
	status 0 env B=3 "$GROUNDWORK" -c conf apply
	equal $'[a]\nb = 3\nc = 2' "$(cat app.ini)"
	printf '[a]\nc = 9\nb = 4\nd = 5\n' >app.ini
	status 0 env B=3 "$GROUNDWORK" -c conf apply
	equal $'[a]\nc = 9\nb = 3\nd = 5' "$(cat app.ini)"
	printf 'policy = manage\n' >>conf/10.ini
	status 0 env B=3 "$GROUNDWORK" -c conf apply
	equal $'[a]\nb = 3\nc = 2' "$(cat app.ini)"
	status 0 env B=3 "$GROUNDWORK" -c conf apply
	contains "$err" "1 in place"
}

a_value_cannot_become_another_key() {
	printf '[file:app]\npath = app.ini\npolicy = edit\nset = a = ${V}\n' | drop_in 10.ini
	printf 'a = 1\n' >app.ini
	status 100 env V=$'x\nadmin = yes' "$GROUNDWORK" -c conf apply
	equal 'a = 1' "$(cat app.ini)"
	printf '[file:app]\npath = app.conf\nformat = ini\npolicy = edit\nset = a = ${V}\n' | drop_in 10.ini
	mv app.ini app.conf
	status 100 env V=$'x\nadmin = yes' "$GROUNDWORK" -c conf apply
	equal 'a = 1' "$(cat app.conf)"
	status 100 gw apply
	contains "$err" "[file:app] set: V is not set"
}

what_cannot_be_edited_is_an_error_and_stays() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[defaults:file]
		policy = edit
		[file:gone]
		path = gone.ini
		set = a = 1
		[file:twice]
		path = twice.ini
		set = a = 1
		[file:broken]
		path = broken.json
		set = {"a": 1}
		[file:link]
		path = link.ini
		set = a = 1
	END
	printf 'a = 2\na = 3\n' >twice.ini
	echo '{' >broken.json
	ln -s twice.ini link.ini
	status 111 gw plan
	contains "$out" "'$PWD/gone.ini' is missing, and policy = edit changes an existing file alone"
	status 111 gw apply
	matches "$err" "file:gone.*'.*/gone.ini' is missing, and policy = edit"
	matches "$err" "file:twice.*set: .*/twice.ini:2: the key is there a second time"
	matches "$err" "file:broken.*set: .*/broken.json:2:1"
	matches "$err" "file:link.*is a symbolic link"
	missing gone.ini
	equal $'a = 2\na = 3' "$(cat twice.ini)"
}

a_format_that_is_not_known_is_an_error_of_the_configuration() {
	local keys at key
	function is_refused { # LINE KEY
		status 100 gw check
		matches "$err" "conf/10.ini:$1: \\[file:f\\] $2: the ending of '.*/f.conf' does not say its format; write"
		status 100 gw plan
	}
	for keys in $'policy = edit\nset = a = 1' $'policy = edit\nunset = a' 'from_env = A_{key}' \
		$'source = ../dir\nset = a = 1' $'content = a=1\nmust_have = a'; do
		printf '[file:f]\npath = f.conf\n%s\n' "$keys" | drop_in 10.ini
		at=$(wc -l <conf/10.ini)
		key=$(tail -n 1 conf/10.ini)
		is_refused "$at" "${key%% *}"
		echo 'format = env' >>conf/10.ini
		if [[ $keys == *source* ]]; then
			mkdir dir
			echo a=1 >dir/x.env
			status 100 gw check
			contains "$err" "10.ini:4: [file:f] set: it is for one file, not for a directory"
		else
			status 0 gw check
		fi
	done
	printf '[file:f]\npath = ${WHERE}\npolicy = edit\nunset = a\n' | drop_in 10.ini
	status 0 gw check
	WHERE=f.conf status 100 gw plan
	# In a directory each file has its own ending.
	printf '[file:f]\npath = d\nsource = ../dir\nmust_have = a\n' | drop_in 10.ini
	status 0 gw plan
	printf '[file:f]\npath = f\nformat = lines\nfrom_env = A_{key}\n' | drop_in 10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:4: [file:f] from_env: a text of lines has no keys"
}

what_is_edited_is_validated_before_it_is_published() {
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		policy = edit
		set = a = 2
		must_have = b
		validate = sh -c 'grep -q "b = 1" "$1"' sh {file}
	END
	echo 'a = 1' >app.ini
	status 111 gw apply
	contains "$err" "has no 'b'"
	sed -i '/must_have/d' conf/10.ini
	status 111 gw apply
	contains "$err" "was refused"
	equal 'a = 1' "$(cat app.ini)"
	printf 'a = 1\nb = 1\n' >app.ini
	status 0 gw apply
	equal $'a = 2\nb = 1' "$(cat app.ini)"
}

# What the application writes, while the new text is judged and while it is flushed.
what_another_process_writes_meanwhile_is_not_lost() {
	local act=${GROUNDWORK%/*}/act_before policy app
	app="grep -q app app.ini || printf 'a = 1\nb = app\n' >app.ini"
	for policy in edit create; do
		echo 'a = 1' >app.ini
		drop_in 10.ini <<-END
			[file:app]
			path = app.ini
			policy = $policy
			set = a = 2
			validate = sh -c "$app" sh {file}
		END
		status 0 gw apply
		contains "$err" "app.ini' is being changed by another process; trying again"
		equal $'a = 2\nb = app' "$(cat app.ini)" "$policy"
	done
	[[ -x $act ]] || skip "act_before was not built"
	"$act" open:none 0 true true 2>"$err" || skip "no ptrace here: $(tail -n 1 "$err")"
	sed -i /validate/d conf/10.ini
	for policy in edit create track; do
		echo 'a = 1' >app.ini
		sed -i "s/^policy.*/policy = $policy/" conf/10.ini
		if [[ $policy == track ]]; then
			rm app.ini
			printf '[bootstrap]\nstate = s\n' >>conf/10.ini
			sed -i 's/^set = a = 2/content = a = 1/' conf/10.ini
			status 0 gw apply
			sed -i 's/^content = .*/content = a = 2/' conf/10.ini
		fi
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 0 "$act" \
			'sync:.app.ini.groundwork-*' 1 "$app" "$GROUNDWORK" -c conf apply
		contains "$err" "app.ini' is being changed by another process; trying again"
		contains app.ini "b = app"
	done
}

edit_has_keys_and_no_other_text() {
	printf '[file:a]\npath = a.ini\npolicy = edit\n[file:b]\npath = b.ini\npolicy = edit\ncontent = x\nset = a = 1\n' | drop_in 10.ini
	status 100 gw check
	matches "$err" "conf/10.ini:3: \[file:a\] policy: edit needs .set., .unset. or .from_env."
	matches "$err" "conf/10.ini:7: \[file:b\] content: policy = edit changes keys of an existing file"
}

keys_are_set_from_variables_by_their_names() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = GITEA__*__FILE
		[defaults:file]
		policy = edit
		[file:gitea]
		path = app.ini
		from_env =
		  GITEA__{section}__{key} hex
		  !GITEA__*__KEEP
		set =
		  [server]
		  domain = set
		  root = /
		[file:kafka]
		path = server.properties
		from_env =
		  KAFKA_{key} lower ___=- __=_ _=.
		  !KAFKA_OPTS
		[file:json]
		path = app.json
		from_env = APP__{section}__{key}
		[file:env]
		path = .env
		from_env = APP__Web__{key}
	END
	printf 'top=1\n; c\n[Server]\ndomain=x\nroot=\n[log.file]\nlevel=1\n' >app.ini
	printf 'log.dirs = /a\n' >server.properties
	printf '{"Web": {"Host": "x", "Port": 80}}' >app.json
	printf '# c\nPort=1\n' >.env
	echo 'topsecret' >password
	local variables=(GITEA__SERVER__DOMAIN='a b' GITEA__log_0X2E_file__level=2 GITEA____TOP=3
		GITEA__server__KEEP=no GITEA__server__EMPTY= GITEA__db__PASSWD__FILE="$PWD/password"
		KAFKA_LOG_DIRS=/b KAFKA_OPTS=-x KAFKA_BROKER_ID=1
		APP__Web__Port=81 APP__Web__Host=82 APP__Db__Name='q"')
	status 0 env "${variables[@]}" "$GROUNDWORK" -c conf apply
	equal $'top=3\n; c\n[Server]\ndomain=a b\nroot=/\n[log.file]\nlevel=2\n\n[db]\nPASSWD=topsecret' "$(cat app.ini)"
	equal $'log.dirs = /b\nbroker.id = 1' "$(cat server.properties)"
	equal '{"Web": {"Host": "82", "Port": 81}, "Db": {"Name": "q\""}}' "$(cat app.json)"
	equal $'# c\nPort=81\nHost=82' "$(cat .env)"
	contains "$err" "'$PWD/app.ini' now holds a secret"
	lacks "$err" topsecret
	snapshot app.* server.properties .env >before
	status 0 env "${variables[@]}" "$GROUNDWORK" -c conf apply
	contains "$err" "4 in place"
	equal "" "$(snapshot app.* server.properties .env | diff before -)" "what was touched"
}

what_a_variable_cannot_be_is_found_before_anything_is_touched() {
	drop_in 10.ini <<-'END'
		[file:first]
		path = first
		order = 1
		[file:app]
		path = app.ini
		from_env = APP__{section}__{key}
	END
	status 100 env APP__a__b=$'x\n[admin]' "$GROUNDWORK" -c conf apply
	contains "$err" "conf/10.ini:6: [file:app] from_env: APP__a__b: a value with a line end"
	status 100 env APP__a__b=1 APP__A__B=2 "$GROUNDWORK" -c conf apply
	matches "$err" "from_env: APP__[aA]__[bB] and APP__[aA]__[bB] both stand for the key"
	missing first
	status 0 env APP__a__b__FILE=/x "$GROUNDWORK" -c conf apply
	contains_once "$err" "[file:app] from_env: APP__a__b__FILE becomes a key of that name"
	equal $'[a]\nb__FILE = /x' "$(cat app.ini)"
	sed -i 's/{key}/{kye}/' conf/10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:6:12: [file:app] from_env: 'APP__{section}__{kye}' has no {key}"
}

# go-ini, MySQL and PHP read no more of "p;w#d" than "p".
a_value_that_readers_of_ini_would_cut_is_a_warning() {
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		policy = edit
		from_env = APP__{section}__{key}
		set =
		  [db]
		  USER = ${USER_NAME}
		  PASSWD = ${PW}${PW}
		  QUOTED = `${PW}`
		  DOUBLE = "${PW}"
		  ; ${NAME}
		  HERE = a ; b # ${NAME}
		[file:other]
		path = other.cfg
		template = t
		policy = manage
		[file:sh]
		path = x.properties
		set = a = ${PW}
	END
	printf '[a]\nKEY = ${PW}\nSAFE = ${NAME}\n' >conf/t
	: >app.ini
	local variables=(PW='p;w#d' USER_NAME='`root`' NAME=n APP__db__TOKEN="'t" APP__db__HOST=h)
	status 0 env "${variables[@]}" "$GROUNDWORK" -c conf apply
	equal $'[db]\nUSER = `root`\nPASSWD = p;w#dp;w#d\nQUOTED = `p;w#d`\nDOUBLE = "p;w#d"\nHERE = a ; b # n\nHOST = h\nTOKEN = \'t' "$(cat app.ini)"
	contains_once "$err" "conf/10.ini:7: [file:app] set: 'USER' in '$PWD/app.ini' gets the value of USER_NAME, which"
	contains_once "$err" "conf/10.ini:8: [file:app] set: 'PASSWD' in '$PWD/app.ini' gets the value of PW, which"
	contains "$err" 'write `${PW}` or "${PW}", in the quotes that its reader takes off'
	contains_once "$err" "conf/10.ini:4: [file:app] from_env: 'TOKEN' in '$PWD/app.ini' gets the value of APP__db__TOKEN, which"
	contains "$err" '!APP__db__TOKEN here, and in `set` TOKEN = `${APP__db__TOKEN}`'
	contains_once "$err" "conf/t:2: [file:other] template: 'KEY' in '$PWD/other.cfg' gets the value of PW, which"
	equal 4 "$(grep -c 'many readers of ini files cut it' "$err")"
	lacks "$err" 'p;w#d'
	status 100 env "${variables[@]}" PW='a`b' "$GROUNDWORK" -c conf apply
	contains "$err" "conf/10.ini:9:13: [file:app] set: \${PW}: a value with a \` cannot stand in these quotes"
	status 100 env "${variables[@]}" PW='a"b' "$GROUNDWORK" -c conf apply
	contains "$err" "conf/10.ini:10:13: [file:app] set: \${PW}: a value with a quote or a backslash cannot stand in these"
}

# To configparser "50%" is an error, and "%(a)s" another key's value, also in quotes.
a_percent_that_readers_of_ini_would_expand_is_a_warning() {
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		policy = edit
		from_env = APP__{section}__{key}
		set =
		  [db]
		  URL = ${URL}
		  QUOTED = "${URL}"
		  MEANT = ${URL|ini}
		  ; ${NAME}
		  HERE = %(a)s ${NAME}
		[file:other]
		path = other.cfg
		content = a = ${URL}
	END
	: >app.ini
	local variables=(URL='a%40b' NAME=n APP__db__TOKEN='5%' APP__db__HOST=h)
	status 0 env "${variables[@]}" "$GROUNDWORK" -c conf apply
	equal $'[db]\nURL = a%40b\nQUOTED = "a%40b"\nMEANT = a%40b\nHERE = %(a)s n\nHOST = h\nTOKEN = 5%' "$(cat app.ini)"
	contains_once "$err" "conf/10.ini:7: [file:app] set: 'URL' in '$PWD/app.ini' gets the value of URL, which has a %: Python's configparser, supervisord and others expand it there; where its reader does, give URL with %% for each, else write \${URL|ini}"
	contains_once "$err" "conf/10.ini:8: [file:app] set: 'QUOTED'"
	contains_once "$err" "conf/10.ini:4: [file:app] from_env: 'TOKEN' in '$PWD/app.ini' gets the value of APP__db__TOKEN, which has a %"
	contains "$err" '!APP__db__TOKEN here, and in `set` TOKEN = ${APP__db__TOKEN|ini}'
	contains_once "$err" "conf/10.ini:14: [file:other] content: 'a' in"
	equal 4 "$(grep -c 'which has a %' "$err")"
	status 0 env "${variables[@]}" "$GROUNDWORK" -c conf apply
}

# log4j2 looked up "${jndi:…}".
a_reference_that_readers_would_expand_is_a_warning() {
	drop_in 10.ini <<-'END'
		[file:p]
		path = p.properties
		policy = edit
		set =
		  a = ${V}
		  b = ${V|properties}
		  c = ${N}
		[file:y]
		path = y.yaml
		content =
		  a: ${V}
		  b: "${V}${V}"
		  # ${N}
		policy = manage
		[file:x]
		path = x.xml
		content = <a b="${V}"/>
		policy = manage
		[file:j]
		path = j.json
		content = ["${V}"]
	END
	: >p.properties
	status 0 env V='${HOME}' N=n "$GROUNDWORK" -c conf apply
	equal $'a = ${HOME}\nb = ${HOME}\nc = n' "$(cat p.properties)"
	contains_once "$err" "conf/10.ini:5: [file:p] set: the value of V, which goes into '$PWD/p.properties', has a \${: Spring, log4j2, Kafka and others expand it there; where that is meant, or its reader does not, write \${V|properties}"
	contains_once "$err" "conf/10.ini:11: [file:y] content: the value of V"
	contains_once "$err" "conf/10.ini:12: [file:y] content: the value of V"
	contains_once "$err" "write \${V|xml}"
	equal 4 "$(grep -c 'has a \${' "$err")"
}

a_key_with_the_name_of_a_section_in_front_is_a_warning() {
	local said="conf/10.ini:4: [file:app] set: 'server.PORT' is set in front of all sections, and there is a section [Server]; for a key of that one, write [Server] in a line above 'PORT = …'"
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		policy = edit
		set = server.PORT = 1
	END
	printf 'top = 1\n[Server]\nPORT = 2\n' >app.ini
	status 0 gw plan
	contains "$err" "$said"
	status 0 gw apply
	equal 1 "$(grep -cF "$said" "$err")" "warnings"
	status 0 gw apply
	contains "$err" "$said"
	# Where there is no such section, as in those of PHP, it is a name like any other.
	printf 'top = 1\n[http]\nPORT = 2\n' >app.ini
	status 0 gw apply
	lacks "$err" warning
	equal $'top = 1\nserver.PORT = 1\n[http]\nPORT = 2' "$(cat app.ini)"
}

what_fits_nothing_is_said() {
	drop_in 10.ini <<-'END'
		[file:app]
		path = app.ini
		content = top = 1
		policy = manage
		unset = log.MODE top
		[file:edited]
		path = edited.json
		policy = edit
		unset = a.b
		from_env = NOSUCH_{key}
	END
	echo '{"a": 1}' >edited.json
	status 0 gw plan
	contains "$err" "conf/10.ini:5: [file:app] unset: '$PWD/app.ini' has no 'log.MODE'"
	contains "$err" "conf/10.ini:9: [file:edited] unset: '$PWD/edited.json' has no 'a.b'"
	contains "$err" "conf/10.ini:10: [file:edited] from_env: no variable that is set and not empty fits"
	status 0 gw apply
	# Each new text could have it; that an existing file has it no more is what was asked.
	contains "$err" "conf/10.ini:5: [file:app] unset: '$PWD/app.ini' has no 'log.MODE'"
	lacks "$err" "file:edited] unset"
	lacks "$err" "from_env"
}

yaml_is_not_changed_key_by_key() {
	local key
	for key in 'set = a: 2' 'unset = a' 'from_env = APP_{key}' 'must_have = a'; do
		printf '[file:app]\npath = app.yml\ncontent = a: 1\n%s\n' "$key" | drop_in 10.ini
		status 100 gw check
		contains "$err" "conf/10.ini:4: [file:app] ${key%% *}: '$PWD/app.yml' is YAML, whose single keys are neither found nor changed"
		printf '[file:app]\npath = ${NAME}\ncontent = a: 1\n%s\n' "$key" | drop_in 10.ini
		status 0 gw check
		status 100 env NAME=app.yml "$GROUNDWORK" -c conf apply
		contains "$err" "[file:app] ${key%% *}: '$PWD/app.yml' is YAML, whose single keys"
	done
}

a_section_that_follows_a_text_at_once_is_doubted() {
	local more hint="is groundwork's here (a line of the text of"
	for more in 'set =\n[app]' 'set =\n  [server]\n  PORT = 1\n[app]' \
		'content =\n  [server]\n[env]' 'set =\n  A = 1\n\n  ; none\n  B = 2\n[bootstrap]'; do
		printf '[file:app]\npath = app.ini\npolicy = edit\n%b\n' "$more" | drop_in 10.ini
		gw check 2>"$err" || true # a text that is empty may be missed, too
		contains_once "$err" "] $hint \`${more%% *}\` is indented below that); where that is meant, an empty line above it says so"
		matches "$err" "warning: .*conf/10.ini:$(wc -l <conf/10.ini): \\[${more##*[}"
	done
	for more in 'set =\n\n[app]' 'set =\n  [server]\n  PORT = 1\n# ours\n[app]' \
		'content =\n  hello\n[env]' 'content = A = 1\n[env]' 'set =\n[link:x]\npath = a\ntarget = b'; do
		printf '[file:app]\npath = app.ini\npolicy = edit\n%b\n' "$more" | drop_in 10.ini
		gw check 2>"$err" || true # a text that is empty may be missed, too
		lacks "$err" "$hint"
	done
	# A text of another file ends there.
	printf '[file:app]\npath = app.ini\npolicy = edit\nset =\n' | drop_in 10.ini
	printf '\n\n\n\n[app]\n' | drop_in 20.ini
	gw check 2>"$err" || true
	lacks "$err" "$hint"
	printf '[file:app]\npath = app.txt\ncontent = text\n' | drop_in 10.ini
	printf '[app]\ncommand = true\n' | drop_in 20.ini
	status 0 gw check
	printf '[ap]\ncommand = true\n' | drop_in 20.ini
	status 100 gw check
	contains "$err" "20.ini:1: [ap]: unknown section; there are app, "
	lacks "$err" indented
}

a_line_that_is_not_indented_has_a_hint() {
	printf '[file:app]\npath = app.ini\npolicy = edit\nset =\n[server]\nPORT = 1\n' | drop_in 10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:5: [server]: unknown section; did you mean 'secret'? (a line of the text of \`set\` is indented below that)"
	printf '[file:app]\npath = app.ini\npolicy = edit\nset = [server]\nPORT = 1\n' | drop_in 10.ini
	status 100 gw check
	matches "$err" 'conf/10.ini:5: \[file:app\] PORT: unknown key; .* \(a line of the text of .set. is indented below that\)'
	printf '[file:app]\npath = app.ini\ncontent = a\nmode = 0600\n[server]\n' | drop_in 10.ini
	status 100 gw check
	lacks "$err" indented
}

whole_lines_are_set_and_replace_what_begins_alike() {
	drop_in 10.ini <<-'END'
		[file:sshd]
		path = sshd_config
		format = lines
		policy = edit
		unset = Banner
		set =
		  PermitRootLogin ${ROOT}
		  Port 2222
		match = PermitRootLogin
	END
	printf '#PermitRootLogin yes\nPermitRootLogin yes\nBanner x\nUsePAM yes\n' >sshd_config
	status 0 env ROOT='no # really' "$GROUNDWORK" -c conf apply
	equal $'#PermitRootLogin yes\nPermitRootLogin no # really\nUsePAM yes\nPort 2222' "$(cat sshd_config)"
	status 0 env ROOT='no # really' "$GROUNDWORK" -c conf apply
	contains "$err" "1 in place"
	status 100 env ROOT=$'no\nPermitEmptyPasswords yes' "$GROUNDWORK" -c conf apply
	contains "$err" "a value with a line end cannot stand in one line"
	sed -i 's/^match = .*/match =\n  PermitRootLogin\n  Prt/' conf/10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:9: [file:sshd] match: no line of \`set\` begins with 'Prt'"
	sed -i '/^format/d' conf/10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:8: [file:sshd] match: is for the lines of \`set\`"
}

# Each start said that it is in place, and a second one did not find what the first had set.
what_is_set_is_found_again_or_refused() {
	printf '[file:x]\npath = x.ini\npolicy = edit\nset = [a]\n  j = "9"\n' | drop_in 10.ini
	local text
	for text in '[a]\nk = 1 \\\n' '[a]\nk = "\n' '[a]\nk = """x\n' '[a ]\nj = 1\n'; do
		# shellcheck disable=SC2059
		printf "$text" >x.ini
		cp x.ini before
		status 111 gw apply
		matches "$err" "10.ini:4: .file:x. set: "
		cmp before x.ini
	done
	printf '[a]\nk = "x"\n' >x.ini
	status 0 gw apply
	status 0 gw apply
	contains "$err" "nothing to do"
}

what_is_set_has_values_of_one_line() {
	printf '[file:x]\npath = x\nformat = ini\nset =\n  [a]\n  k = 1,\n    2\n' | drop_in 10.ini
	status 100 gw check
	contains "$err" "10.ini:4: [file:x] set: its text:3: it is indented deeper than the key above it"
	printf '[file:x]\npath = x\nformat = ini\nset = a = 1\n  b = 2\n' | drop_in 10.ini
	status 0 gw apply
	printf '[file:y]\npath = y\nformat = ini\nset = [${V}]\n  b = 2\n' | drop_in 10.ini
	status 100 env V= "$GROUNDWORK" -c conf apply
	contains "$err" "set: its text:1: the header has no name of a section"
}

# A start said "in place" for ever.
a_name_that_no_key_can_have_is_an_error() {
	local format name
	while read -r format name; do
		for key in unset must_have; do
			printf '[file:f]\npath = f\nformat = %s\n%s = ok %s\n' "$format" "$key" "$name" | drop_in 10.ini
			status 100 gw check
			contains "$err" "10.ini:4: [file:f] $key: '$name' is "
		done
	done <<-'END'
		ini [a]
		ini a.*
		ini a.k=1
		json a.*
		env a.b
	END
	printf '[file:f]\npath = f\nformat = ini\nunset = program:x.k [a].k\n' | drop_in 10.ini
	status 0 gw check
}

# With SEEDS (make corpus), 1,000 files.
files_by_chance_change_in_the_named_keys_alone() {
	local count=${SEEDS:+1000}
	"$ROOT/tests/cli/file_edit.py" make "${count:=100}"
	status 0 gw apply
	"$ROOT/tests/cli/file_edit.py" compare "$count"
	snapshot files >before
	status 0 gw apply
	equal "" "$(snapshot files | diff before -)" "what was touched"
}

what_has_no_equals_sign_sets_nothing() {
	local format
	for format in ini env properties; do
		printf '[file:f]\npath = f\nformat = %s\ncontent = b=1\nset =\n  c=1\n  a\n' "$format" | drop_in 10.ini
		status 100 gw check
		contains "$err" "10.ini:5: [file:f] set: its text:2: it has no '=', as in KEY = VALUE"
	done
	# A switch, as in the files of MySQL; and of properties a colon separates, too.
	printf '[file:f]\npath = f\nformat = ini\ncontent = [mysqld]\nset =\n  [mysqld]\n  skip-networking\n' | drop_in 10.ini
	status 0 gw apply
	contains f skip-networking
	printf '[file:g]\npath = g\nformat = properties\ncontent = b=1\nset = a: 1\n' | drop_in 10.ini
	status 0 gw apply
}

# To Java, Docker and others what is behind a value belongs to it.
nothing_is_left_behind_a_value() {
	printf 'user = \nzone=\t \nold = x  \nsame=joe \ncr=a \r\n' >e.properties
	printf 'user= \nzone=\t \nold=x  \nsame=joe \ncr=a \r\n' >e.env
	local format
	for format in properties env; do
		printf '%s\n' '[file:e]' "path = e.$format" 'policy = edit' 'set = user = joe' '  zone = eu' \
			'  old = y' '  same = joe' '  cr = b' | drop_in "$format.ini"
		status 0 "$GROUNDWORK" -c "conf/$format.ini" apply
		status 0 "$GROUNDWORK" -c "conf/$format.ini" apply
		contains "$err" 'nothing to do'
	done
	equal $'user = joe\nzone=\t eu\nold = y\nsame=joe\ncr=b\r' "$(<e.properties)"
	equal $'user=joe\nzone=eu\nold=y\nsame=joe\ncr=b\r' "$(<e.env)"
}
