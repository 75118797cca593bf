#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016 # the program expands these
# What values become at their place in each format, as the format's own parser reads it.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# torture FORMAT…: see escapes.py.
function torture {
	local got=0
	python3 "$ROOT/tests/cli/escapes.py" "$GROUNDWORK" "$@" >"$out" 2>&1 || got=$?
	((got != 77)) || skip "$(cat "$out")"
	((got == 0)) || fail "$(cat "$out")"
}

user_json_and_toml_values_come_back_the_same() {
	torture json toml
}

user_yaml_values_come_back_the_same() {
	torture yaml
}

user_values_of_pages_come_back_the_same() {
	torture xml html
}

# timeout: 180
user_shell_values_come_back_the_same() {
	torture shell
}

# The last one of equal names counts.
no_value_becomes_a_name_that_json_has_already() {
	printf '[file:f]\npath = f.json\ntemplate = t.json\n' | drop_in 10.ini
	local text
	for text in '{"admin": false, "${K}": true}' '{"x": {"ad${M:-m}in": 1, "${K:-a}": 2}}' \
		'{"\u0061dmin": 1, ${K}: 2}' '{"${K}${M}": 1, "admin": 2}' \
		'{${if env:K}"${K}"${end}: 1, "admin": 2}' '{"admin${M}": 1, "admin": 2}' \
		'{"${K|url}" : 1, "admin": 2}' '{"${K}${if env:K}": 1, ${end}"admin": 2}'; do
		echo "$text" >conf/t.json
		status 100 env K=admin M= "$GROUNDWORK" -c conf apply
		matches "$err" "f.json:1:[0-9]*: two members have the name 'admin'"
		missing f.json
	done
	echo '{"admin": 0, "x": {"${K}": 1}, "y": [{"${K}": 1}, {"${K}": "${K}"}], "${K}2": 1}' >conf/t.json
	status 0 env K=admin "$GROUNDWORK" -c conf apply
	rm f.json
	printf '[key:a]\npath = a\n[key:b]\npath = b\n' | drop_in 20.ini
	echo '{"${key:a}": 1, "${key:b}": 1}' >conf/t.json
	status 0 gw plan
	status 0 gw apply
}

# sh read the value once as a word, and once more as code.
no_value_becomes_code_of_a_shell_in_a_string() {
	printf '[file:f]\npath = f.sh\ntemplate = t.sh\n' | drop_in 10.ini
	local line
	while IFS= read -r line; do
		printf '%s\n' "$line" >conf/t.sh
		status 100 env V='$(touch pwned)' "$GROUNDWORK" -c conf apply
		matches "$err" "conf/t.sh:1:[0-9]*: .*..V.: .* shell in a word that '.*' runs as code: have it read a variable"
		missing f.sh
	done <<-'END'
		trap 'rm -f ${V}' EXIT
		sh -c 'echo ${V}'
		eval "X=${V}"
		su -c "echo ${V}" app
	END
	printf '%s\n' 'V=${V}' "trap 'echo \"\$V\" >trapped' EXIT" 'sh -c '\''echo "$1" >given'\'' sh "${V}"' >conf/t.sh
	status 0 env V='$(touch pwned)' "$GROUNDWORK" -c conf apply
	sh f.sh
	equal '$(touch pwned)' "$(cat trapped)"
	equal '$(touch pwned)' "$(cat given)"
	missing pwned
}

# What is taken all the same is run: none of it may do what a value says.
no_value_becomes_code_of_bash() {
	printf '[file:f]\npath = f.sh\ntemplate = t.sh\npolicy = manage\n' | drop_in 10.ini
	local line
	export E='' W='x; touch pwned' V='a[$(touch pwned)]'
	while IFS= read -r line; do
		printf '%s\n' "$line" >conf/t.sh
		status 100 gw apply
		matches "$err" "this value cannot be made safe for shell .*: have it read a variable there"
		missing f.sh
	done <<-'END'
		eval ${E} "x ${W}"
		x=$${y#*{}; eval "${W}"
		eval &>/dev/null "${W}"
		time -p eval "${W}"
		builtin -- eval "${W}"
		a[0]=1 eval "${W}"
		function f { eval "${W}"; }; f
		if [[ ${V} -gt 0 ]]; then :; fi
		[[ "${E}${V}" -gt 0 ]]
		declare -i n="${V}"
		declare -i n; n="${V}"
		declare -i n; read n <<< "${V}"
		declare -i n; while read n; do :; done <<< "${V}"
		declare -i n; mapfile -t n < <(echo "${V}")
		declare -i n; printf -v n %s "${V}"
		[[ a && ( "${V}" -gt 0 ) ]]
		echo a >&"${V}"
		{eval,"${W}"}
		trap $E "${W}" EXIT
		printf -v "${V}" x
		test -v "${V}"
		bash <<< "${W}"
		. <(echo "${W}")
		PS4="${V}"; set -x; :
	END
	cat >conf/t.sh <<-'END'
		A="${W}"
		(
		  echo "${V}"
		  [ -f "${V}" ] || [[ "${V}" == x ]] || [[ ${V} != y ]] && echo ${V} &>/dev/null
		)
		list=(
		  "${W}"
		  --x="${E}${W}"
		)
		here="$(
		  cat <<'E'
		it's (
		E
		)$${B#'#'}"
		export B="${V}" && printf '%s\n' "$A" "$${list[@]}" "$(printf %s "${W}")" "$B"
		[[ ${N} -gt 3 ]] && cat <<<"${W}"
	END
	status 0 env N=4 "$GROUNDWORK" -c conf apply
	equal "$(printf '%s\n' "$V" "$W" "$W" "--x=$W" "$W" "$V" "$W")" "$(bash f.sh)"
	missing pwned
}

user_sql_values_come_back_the_same() {
	torture sql
}

user_values_of_a_line_come_back_the_same() {
	torture ini properties env
}

user_nginx_values_come_back_the_same() {
	torture nginx
}

user_php_values_come_back_the_same() {
	torture php
}

user_js_values_come_back_the_same() {
	torture js
}

user_lua_values_come_back_the_same() {
	torture lua
}

user_no_value_changes_what_a_random_template_means() {
	torture fuzz 60 "$RANDOM" toml shell xml
}

user_random_json_becomes_what_it_must() {
	torture fuzz 200 "$RANDOM" json
}

user_no_value_changes_what_random_yaml_means() {
	torture fuzz 200 "$RANDOM" yaml
}

# Behind "? |" a line without indentation is no text any more, but the next key.
a_value_begins_no_key_where_the_text_is_not_understood() {
	printf '? |\n${V}\n' >a.yaml
	drop_in 10.ini <<-'END'
		[file:a]
		template = ../a.yaml
		path = out.yaml
		policy = manage
	END
	for value in a: a:b -- --- ... -a @ /:; do
		V=$value status 100 gw apply
		contains "$err" "this value cannot be made safe for yaml"
	done
	missing out.yaml
	V=word status 0 gw apply
}

# To YAML 1.1, 22:22 is 1342, and a key `no` is false. What the template writes alone stays.
a_word_of_yaml_that_would_be_no_string_gets_quotes() {
	cat >a.yaml <<-'END'
		ports:
		- ${P}:${P} # both
		- ${P}${P}
		- 1:30 ${EMPTY}x
		- [${P}:${P}, ${EMPTY}no, no]
		- ${for X in LIST}${X}${sep}:${end}
		- ${P|none}:${P|none}
		${K}: ${EMPTY}${K}
		12: 1:30
		0${P}: tr${U}
		tr${U}: ${Y}-0${M}-01 10:00:00
	END
	drop_in 10.ini <<-'END'
		[file:a]
		template = ../a.yaml
		path = out.yaml
		policy = manage
	END
	export P=22 K=NO EMPTY='' LIST='1 30 59' Y=2026 M=1 U=ue
	status 0 gw apply
	cat >expected <<-'END'
		ports:
		- "22:22" # both
		- 2222
		- 1:30 x
		- ["22:22", "no", no]
		- "1:30:59"
		- 22:22
		"NO": "NO"
		12: 1:30
		"022": true
		"true": "2026-01-01 10:00:00"
	END
	status 0 diff expected out.yaml
	status 0 gw plan
	contains "$out" "nothing to do"
	# Behind "a:" the line would end, and "a" be a key; "#" would begin a comment.
	for text in 'a:${EMPTY}' 'a ${EMPTY}#b'; do
		printf -- '- %s\n' "$text" >a.yaml
		status 100 gw apply
		contains "$err" "put quotes around the word"
	done
}

user_no_value_is_executed_by_random_php() {
	torture fuzz 200 "$RANDOM" php
}

user_no_value_is_executed_by_random_js() {
	torture fuzz 200 "$RANDOM" js
}

user_no_value_is_executed_by_random_lua() {
	torture fuzz 200 "$RANDOM" lua
}

a_value_that_cannot_be_made_safe_is_an_error_with_its_place() {
	printf 'a=1\n  # é${VALUE}\n' >t.sh
	drop_in 10.ini <<-'END'
		[file:t]
		path = out.sh
		template = ../t.sh
	END
	status 100 env VALUE='$(id)' "$GROUNDWORK" -c conf apply
	contains "$err" "t.sh:2:6: [file:t] template: \${VALUE}: this value cannot be made safe for shell in a comment"
	contains "$err" '|none'
	missing out.sh
	status 0 env VALUE=plain "$GROUNDWORK" -c conf apply
}

a_text_for_json_must_be_json() {
	drop_in 10.ini <<-'END'
		[file:t]
		path = out.json
		content =
		  {"a": 1,
		   "b": ${VALUE|none}}
	END
	status 0 env VALUE='x' "$GROUNDWORK" -c conf check # it is not asked for values
	status 100 env VALUE='x' "$GROUNDWORK" -c conf plan
	status 100 env VALUE='x' "$GROUNDWORK" -c conf apply
	contains "$err" "the new text of '$PWD/out.json' is not json"
	contains "$err" "out.json:2:7"
	missing out.json
	status 0 env VALUE='[2]' "$GROUNDWORK" -c conf apply
}

escapes_of_a_file_are_guessed_from_its_ending() {
	mkdir t
	printf 'a: ${VALUE}\n' >t/a.yaml
	printf '<a b="${VALUE}"/>\n' >t/a.xml
	printf 'x = "${VALUE}";\n' >t/a.js
	printf 'x = ${VALUE}\n' >t/a.lua
	printf "<?php return '\${VALUE}';\n" >t/a.php
	printf '${VALUE|url}\n' >t/a.txt
	drop_in 10.ini <<-'END'
		[file:t]
		path = out
		template = ../t
	END
	status 0 env VALUE="a: 'b\"</" "$GROUNDWORK" -c conf apply
	equal 'a: "a: '\''b\"</"' "$(cat out/a.yaml)"
	equal '<a b="a: &#39;b&quot;&lt;/"/>' "$(cat out/a.xml)"
	equal "x = \"a: \\'b\\\"\\x3c/\";" "$(cat out/a.js)"
	equal "x = \"a: \\'b\\\"</\"" "$(cat out/a.lua)"
	equal "<?php return 'a: \\'b\"</';" "$(cat out/a.php)"
	equal 'a%3A%20%27b%22%3C%2F' "$(cat out/a.txt)"
}

# ---- a format that nobody has named ----

a_raw_value_with_signs_is_a_warning() {
	drop_in 10.ini <<-'END'
		[file:x]
		path = x.conf
		policy = manage
		content =
		  listen ${PORT:-80; }
		  name ${NAME}; ${NAME}
		  plain ${WORD} ${NAME|none} ${NAME|nginx}
		  other ${OTHER}
		[file:create]
		path = y.conf
		content = a ${NAME}
		[file:chosen]
		path = z.conf
		escape = none
		content = a ${NAME}
		[file:alone]
		path = alone
		content = ${NAME}
		[file:known]
		path = known.json
		content = ["${NAME}"]
	END
	export NAME='hunter2; evil' WORD='a_b#c' OTHER='# two words'
	status 0 gw plan
	contains_once "$err" "10.ini:6: [file:x] content: the values of NAME and OTHER, with a quote"
	contains_once "$err" "go into '$PWD/x.conf' as they are, since its ending names no format; write \`escape\`, or \${NAME|none} where that is meant"
	contains_once "$err" "[file:create] content: the value of NAME, with"
	lacks "$err" hunter2
	lacks "$err" "[file:chosen]"
	lacks "$err" "[file:alone]"
	lacks "$err" "[file:known]"
	status 0 gw apply
	contains_once "$err" "[file:x] content: the values of"
	contains_once "$err" "[file:create] content: the value of"
	# What is left as it is gets no value.
	status 0 gw apply
	contains_once "$err" "[file:x] content: the values of"
	lacks "$err" "[file:create] content"
}

# Node's reader, and dotenv for it, end the value at the second quote, or keep a backslash.
an_escape_that_some_readers_of_variables_keep_is_a_warning() {
	local value
	drop_in 10.ini <<-'END'
		[file:e]
		path = app.env
		policy = manage
		content =
		  A=${V}
		  B='${W}'
		  C="${W}"
		  D="${W|env}"
	END
	for value in 'a "b"' 'a$b' 'a`b'; do
		status 0 env V="$value" W="$value" "$GROUNDWORK" -c conf apply
		contains_once "$err" "conf/10.ini:7: [file:e] content: the value of W, which goes into '$PWD/app.env', has a \", \$ or \` between double quotes"
		contains_once "$err" "systemd, Compose or a shell, write \${W|env}"
		equal 1 "$(grep -c warning "$err")"
		contains app.env "A='$value'"
		if command -v node >/dev/null && node --env-file=app.env -e '' 2>/dev/null; then
			equal "$value $value" "$(node --env-file=app.env -p 'process.env.A + " " + process.env.B')"
			[[ $(node --env-file=app.env -p process.env.C) != "$value" ]] || fail "Node knows escapes"
		fi
	done
	sed -i "/B='/d" conf/10.ini
	# No other form is read alike by all.
	for value in "it's \"x\"" 'a\"b'; do
		status 0 env V="$value" W="$value" "$GROUNDWORK" -c conf apply
		lacks "$err" warning
	done
}

what_a_template_writes_into_a_file_of_variables_is_read_back_from_it() {
	drop_in 10.ini <<-'END'
		[file:e]
		path = app.env
		policy = manage
		content = V=${VALUE}
	END
	mkdir reader
	printf '[app]\ncommand = printenv V\nenv_file = %s\n' "$PWD/app.env" >reader/10.ini
	for value in 'a #b' 'a\b' "'q" '$(touch evil)' "it's \"x\" \\ \$HOME" 'a/b' ' a '; do
		status 0 env VALUE="$value" "$GROUNDWORK" -c conf apply
		status 0 "$GROUNDWORK" -c reader
		equal "$value" "$(cat "$out")"
		equal "$value" "$(sh -c '. ./app.env && printf %s "$V"')"
	done
	missing evil
}
