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
	found "10.ini:4: [file:a] set: [file:a] set:2:1: a value is expected, but the text ends" <<-'END'
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
