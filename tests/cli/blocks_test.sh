#!/bin/bash
# SPDX-License-Identifier: MIT
# Conditions and lists in templates and in values.
# The texts are for groundwork to expand.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function template {
	drop_in 10.ini <<-'END'
		[file:settings]
		path = settings.json
		template = settings.tmpl
		policy = manage
	END
	cat >conf/settings.tmpl
}

branches_and_lists_make_a_json_file() {
	template <<-'END'
		{
		  ${if on:TLS}
		  "tls": true,
		  ${elif env:MODE=prod|stage-*}
		  "mode": "${MODE}",
		  ${else}
		  "debug": true,
		  ${end}
		  "hosts": [${for H in HOSTS}${H}${sep}, ${end}],
		  "plugins": {
		    ${for K,V in env:PLUGIN_*}
		    "${K}": "${V}"${sep},
		    ${end}
		  }
		}
	END
	export HOSTS=$'a"b, c\\ d\n' PLUGIN_B='x"y' PLUGIN_A=or
	status 0 env MODE=stage-1 "$GROUNDWORK" -c conf apply
	equal "$(cat settings.json)" '{
  "mode": "stage-1",
  "hosts": ["a\"b", "c\\", "d"],
  "plugins": {
    "A": "or",
    "B": "x\"y"
  }
}'
	status 0 env TLS=yes MODE='*' "$GROUNDWORK" -c conf apply
	contains settings.json '  "tls": true,'
	lacks settings.json mode
	status 0 env MODE='*' "$GROUNDWORK" -c conf apply
	contains settings.json '"debug": true,'
}

# Of the branches that are taken, and of all files at once.
missing_names_are_reported_together() {
	template <<-'END'
		{"a": "${if env:MODE=prod}${PROD_ONLY}${else}${DEV_ONLY}${end}",
		"b": "${ALWAYS}"}
	END
	drop_in 20.ini <<-'END'
		[file:other]
		path = other
		content =
		  ${for X in NAMES}${X}${end}
		  ${if GONE}${NEVER}${end}
	END
	status 100 env MODE=prod "$GROUNDWORK" -c conf apply
	contains "$err" 'settings.tmpl:1:'
	contains "$err" 'PROD_ONLY is not set'
	contains "$err" 'ALWAYS is not set'
	contains "$err" 'conf/20.ini:4:3: [file:other] content: NAMES is not set'
	lacks "$err" DEV_ONLY
	lacks "$err" NEVER
	missing other
}

errors_have_line_and_column() {
	template <<-'END'
		{"a": 1,
		 "b": ${if TLS}1${else}2${else}3${end}}
	END
	status 100 gw apply
	matches "$err" 'conf/settings.tmpl:2:25: .*\$\{else\}. stands outside of'
	drop_in 20.ini <<-'END'
		[file:other]
		path = other
		content =
		  a
		  ${for X in A}
		  b
		[link:l]
		path = ${if nonsense:x}a${end}
		target = x
	END
	status 100 gw check
	matches "$err" 'conf/20.ini:5:3: .file:other. content: .*is not closed by'
	drop_in 40.ini <<-'END'
		[directory:d]
		path = ${if A}x y${end} z
	END
	status 100 gw check
	matches "$err" 'conf/40.ini:2:8: .directory:d. path: .*\$\{if A\}. is not closed by'
	matches "$err" 'conf/40.ini:2:18: .directory:d. path: .*\$\{end\}. closes nothing'
	rm conf/10.ini conf/40.ini
	printf '[file:other]\ncontent = x\n' | drop_in 30.ini
	status 100 gw apply
	matches "$err" "conf/20.ini:8: .link:l. path: 'nonsense:x': a condition is env:NAME"
}

blocks_stand_in_values() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = ${for X in DIRS}d/${X}${end} ${if EXTRA}extra${end}
		[link:l]
		path = l
		target = ${if env:MODE=prod}production${elif MODE}${MODE}${else}none${end}
		[exec:e]
		command = sh -c 'printf "<%s>" "$@" >out' sh "${for X in LIST}${X}${sep} ${end}" ${if GONE}x${end}
	END
	status 0 env DIRS=one MODE='a b' LIST='p,q"' "$GROUNDWORK" -c conf apply
	exists d/one
	missing extra
	equal "$(readlink l)" 'a b'
	equal "$(cat out)" '<p q"><>'
}

what_an_earlier_step_makes_is_known_at_its_turn() {
	template <<-'END'
		{"a": ${if path:made}"${VALUE}"${else}null${end}}
	END
	drop_in 05.ini <<-'END'
		[exec:make]
		command = touch {file}
		creates = made
		order = 1
	END
	export VALUE='x"'
	status 0 gw plan
	matches "$out" '^\? file:settings +not known before exec:make has run: '
	status 0 gw apply
	equal "$(cat settings.json)" '{"a": "x\""}'
	rm -r made settings.json
	drop_in 05.ini <<-'END'
		[file:make]
		path = made
		order = 1
	END
	status 0 gw plan
	matches "$out" '^\+ file:settings +create '
}

a_text_may_ask_what_has_changed() {
	drop_in 10.ini <<-'END'
		[file:a]
		path = a
		order = 1
		policy = manage
		content =
		  ${if changed:link:z}new${else}old${end}
		[link:z]
		path = z
		target = x
		order = 90
	END
	status 0 gw apply
	equal "$(cat a)" new
	status 0 gw apply
	equal "$(cat a)" old
}

a_no_that_holds_is_a_warning() {
	template <<-'END'
		{"debug": ${if DEBUG}true${else}false${end}}
	END
	status 0 env DEBUG=false "$GROUNDWORK" -c conf apply
	contains settings.json true
	contains "$err" 'if on:DEBUG} asks for yes, true, on or 1'
	equal "$(grep -c 'on:DEBUG' "$err")" 1
}

a_secret_in_a_loop_stays_one() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		bytes = 16
		[file:f]
		path = f
		content =
		  ${for X in key:k}${X}${end}
	END
	status 0 gw apply
	equal "$(stat -c %a f)" 600
	same f k
}

what_is_wrong_in_a_branch_that_is_not_taken_is_an_error() {
	printf '%s\n' '[file:f]' 'path = f' 'template = ../t' | drop_in 10.ini
	# not_taken LINE COLUMN ERROR TEXT, with X unset
	function not_taken {
		printf '%b' "$4" >t
		status 100 gw apply
		contains "$err" "/t:$1:$2: [file:f] template: $3"
		status 100 gw check
		contains "$err" "/t:$1:$2: [file:f] template: $3"
		missing f
	}
	not_taken 1 9 "'\${else if Y}' is none of" '${if X}a${else if Y}b${end}'
	contains "$err" "did you mean '\${elif …}'?"
	not_taken 3 4 "'\${FOO^^}' is none of" 'x\n${if X}\n z ${FOO^^}\n${end}'
	not_taken 1 9 "a block ends with \${end}" '${if X}a${endif}b${end}'
	not_taken 1 1 "'\${if X}' is not closed" '${if X}a'
	printf '${if X}${UNSET}${end}b' >t
	status 0 gw check
	status 0 gw apply
	equal b "$(cat f)"
}

check_reads_a_directory_of_templates() {
	mkdir -p conf/t/sub
	echo '${if X}' >conf/t/sub/a.tmpl
	echo '${X^^}' >conf/t/b
	printf '%s\n' '[file:f]' 'path = f' 'template = t' | drop_in 10.ini
	status 100 gw check
	contains "$err" "t/sub/a.tmpl:1:1: [file:f] template: '\${if X}' is not closed"
	contains "$err" "t/b:1:1: [file:f] template: '\${X^^}' is none of"
	echo 'suffix = .tmpl' >>conf/10.ini
	status 100 gw check
	lacks "$err" "t/b"
	# What is none of ours may have any form.
	echo 'vars = Y' >>conf/10.ini
	status 0 gw check
}
