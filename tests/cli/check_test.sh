#!/bin/bash
# SPDX-License-Identifier: MIT
# What `check` finds without the system: texts, digests, SQL and secrets beside the drop-in.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# found TEXT: `check` says it of the drop-in in the standard input, and so does `apply`.
function found {
	drop_in 10.ini
	status 100 gw check
	contains "$err" "$1"
	env -u A "$GROUNDWORK" -c conf apply >"$out" 2>"$err" && fail "it was applied"
	contains "$err" "$1"
}

a_fixed_text_is_what_the_step_says_of_it() {
	found "the new text of '$PWD/a.json' is not json: $PWD/a.json:2:1: a value is expected, but the text ends" <<-'END'
		[file:a]
		path = a.json
		content = {"a":
	END
	found "10.ini:4: [file:a] must_have: the new text of '$PWD/a.json' has no 'b'" <<-'END'
		[file:a]
		path = a.json
		content = {"a": 1}
		must_have = a b
	END
	found "10.ini:4: [file:a] sha256: that of the new text of '$PWD/a' is " <<-'END'
		[file:a]
		path = a
		content = {"a": 1}
		sha256 = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
	END
	echo '{' >conf/text.json
	found "the new text of '$PWD/a.json' is not json" <<-'END'
		[file:a]
		path = a.json
		template = text.json
	END
	found "the new text of '$PWD/a.json' is not json" <<-'END'
		[file:a]
		path = a.json
		source = text.json
		format = json
	END
	missing a a.json
}

a_text_of_set_is_judged_whatever_the_file_holds() {
	echo '{}' >a.json
	found "10.ini:4: [file:a] set: its text:2:1: a value is expected, but the text ends" <<-'END'
		[file:a]
		path = a.json
		policy = edit
		set = {"a":
	END
	found "10.ini:4: [file:a] set: $PWD/a.json:1:1: an object is expected" <<-'END'
		[file:a]
		path = a.json
		content = []
		set = {"a": 1}
		policy = manage
	END
}

of_a_text_with_values_nothing_is_said() {
	drop_in 10.ini <<-'END'
		[file:content]
		path = a.json
		content = {"a": ${A-}
		must_have = b
		[file:conditional]
		path = b.json
		content = {"a": ${if env:A}1, "b": 2${else}${A}${end}}
		must_have = b
		[file:set]
		path = c.json
		content = {}
		set = {"a": ${A}}
		must_have = a b
		[file:path]
		path = ${A}
		content = {}
		must_have = a
		[file:env]
		path = d.env
		from_env = MY_{key}
		must_have = A
		content = B=1
	END
	status 0 env -u A "$GROUNDWORK" -c conf check
}

sql_beside_the_drop_in_is_read() {
	mkdir -p conf/m
	echo 'CREATE TABLE a (x' >conf/m/001_a.sql
	echo 'CREATE TABLE b (x);' >conf/m/1_b.sql
	found "10.ini:3: [database:d] migrations: $PWD/conf/m/001_a.sql:1:1: the statement that begins here has an open parenthesis" <<-'END'
		[database:d]
		path = d.db
		migrations = m
	END
	contains "$err" "m/1_b.sql: version 1 exists twice: also in '"
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		[migrations:more]
		database = d
		path = m
	END
	status 100 gw check
	contains "$err" "10.ini:5: [migrations:more] path: "
	# What another tool has applied need not be what we can read.
	rm conf/m/1_b.sql
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = m' 'adopt = auto' | drop_in 10.ini
	status 0 gw check
	# Elsewhere is the system.
	printf '%s\n' '[database:d]' 'path = d.db' "migrations = $PWD/conf/m" | drop_in 10.ini
	status 0 gw check
	status 100 gw plan
	missing d.db
}

a_secret_beside_the_drop_in_is_of_age() {
	mkdir conf
	echo plain >conf/s.age
	found "10.ini:2: [secret:s] source: '$PWD/conf/s.age' is no age file" <<-'END'
		[secret:s]
		source = s.age
		identity = /run/id
		path = s
	END
	printf '%s\n' '[secret:s]' "source = $PWD/conf/s.age" 'identity = /run/id' 'env = S' | drop_in 10.ini
	status 0 gw check
}

what_a_step_makes_is_not_judged() {
	mkdir conf
	echo '{' >conf/a.json
	drop_in 10.ini <<-'END'
		[exec:maker]
		command = true
		order = 1
		[file:a]
		path = a.json
		template = a.json
	END
	status 0 gw check
}

a_template_of_another_tool_is_a_warning() {
	local form
	mkdir conf
	function warned { # FORM NAME
		contains "$err" "warning: conf/10.ini:5: [file:f] content: '$1' is left as it is, and \${$2} would be expanded"
	}
	for form in '{{ .Env.port }}' '{{ .PORT }}' '{{- .PORT -}}' '%PORT%' '@PORT@'; do
		printf '[file:f]\npath = f\ncontent =\n  a\n  b %s c\n' "$form" | drop_in 10.ini
		status 0 gw check
		warned "$form" "$(grep -oE 'PORT|port' <<<"$form")"
	done
	# What has references of ours, an allow-list, or other forms is fine.
	# shellcheck disable=SC2016
	for form in '{{ .PORT }} ${A-}' '{{ .Labels.instance }}' '{{ name }}' '{{ range .Items }}' '%H%M%S' \
		'100%' 'a@B@c' '@param@' '%(NAME)s' '%D' '{% if X %}'; do
		printf '[file:f]\npath = f\ncontent =\n  a\n  b %s c\n' "$form" | drop_in 10.ini
		status 0 gw check
		lacks "$err" "is left as it is"
	done
	printf '[file:f]\npath = f\nvars = A\ncontent = %%PORT%%\n' | drop_in 10.ini
	status 0 gw check
	lacks "$err" "is left as it is"
	echo '@PORT@' >conf/t
	printf '[file:f]\npath = f\ntemplate = t\n' | drop_in 10.ini
	status 0 gw check
	contains "$err" "conf/t:1: [file:f] template: '@PORT@' is left as it is, and \${PORT} would be expanded; \`source\` copies"
	sed -i 's/^template/source/' conf/10.ini
	status 0 gw check
	lacks "$err" "is left as it is"
}

root_a_strangers_template_is_a_warning_of_check() {
	local path
	mkdir volume
	printf '%s\n' one "\${NAME}" >volume/t
	chmod 666 volume/t
	for path in ../volume/t "\${T:-../volume/t}" "$PWD/volume/t"; do
		drop_in 10.ini <<-END
			[app]
			user = 10001
			[file:f]
			path = f
			template = $path
			vars = NAME
		END
		chmod 666 volume/t
		status 0 gw check
		contains_once "$err" "volume/t:2: [file:f] template: this text can be changed by everybody"
		contains "$err" "(chmod o-w), or mount it read-only; a start as root is refused"
		status 100 env NAME=x "$GROUNDWORK" -c conf apply
		chmod 664 volume/t
		chgrp 10001 volume/t
		status 0 gw check
		lacks "$err" warning
		status 0 env NAME=x "$GROUNDWORK" -c conf apply
		rm f
	done
}

root_an_env_file_of_the_applications_group_is_no_warning_of_check() {
	printf '%s\n' '[app]' 'user = 10001' 'env_file = ../app.env' | drop_in 10.ini
	echo A=1 >app.env
	chown 10001:10001 app.env
	chmod 664 app.env
	status 0 gw check
	lacks "$err" warning
	status 0 gw -- true
	chgrp 10002 app.env
	status 0 gw check
	contains "$err" "can be changed by group 10002: a start as root is refused"
}

root_a_strangers_template_is_in_the_plan_of_a_path_that_is_not_known() {
	echo x >made
	mkdir volume
	echo "\${NAME}" >volume/t
	chown 10001 volume/t
	drop_in 10.ini <<-'END'
		[file:made]
		path = made
		content = x
		[file:f]
		path = ${file:../made}
		template = ../volume/t
		policy = manage
	END
	status 100 env NAME=x "$GROUNDWORK" -c conf plan
	contains "$out" "volume/t:1: [file:f] template: this text can be changed by"
	status 100 env NAME=x "$GROUNDWORK" -c conf apply
}

root_a_template_that_a_step_gives_to_root_is_judged_at_its_turn() {
	mkdir t
	echo "\${NAME}" >t/t
	chown 10001 t/t
	drop_in 10.ini <<-'END'
		[directory:t]
		path = t
		owner = root
		recursive = full
		[file:f]
		path = f
		template = ../t/t
	END
	status 0 gw check
	lacks "$err" warning
	status 0 env NAME=x "$GROUNDWORK" -c conf apply
	equal x "$(cat f)"
}
