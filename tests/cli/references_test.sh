#!/bin/bash
# SPDX-License-Identifier: MIT
# ${…} that cuts values, and that reads files.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# Of each value and glob, what a shell makes of them.
ends_are_cut_as_a_shell_does() {
	local glob cut number=0
	local values=('tcp://db:5432/a/b.c' '*.*' a '' '[x]y[z]' 'ääbää' $'1\n2\n' "\\x\\")
	local globs=('*' '?' '*/' '/*' '*:*' '[a-d]*' '*[!a-d]' '\**' '*ä' '[[]*' '.*' '*[[:space:]]')

	mkdir conf wanted
	for glob in "${globs[@]}"; do
		for cut in "#$glob" "##$glob" "%$glob" "%%$glob"; do
			number=$((number + 1))
			printf '%s\n' "[file:f$number]" "path = made/$number" 'policy = manage' \
				"content = <\${VALUE$cut}>" >>conf/10.ini
			echo "echo \"<\${VALUE$cut}>\" >wanted/$number" >>script
		done
	done
	export VALUE
	for VALUE in "${values[@]}"; do
		status 0 gw apply
		LC_ALL=C.UTF-8 bash script
		diff -r wanted made || fail "$VALUE"
	done
}

files_are_found_from_where_they_are_written() {
	mkdir -p conf/sub credentials
	echo in-conf >conf/x
	echo in-sub >conf/sub/x
	printf 'db\n' >credentials/db
	echo in-text >conf/y
	cat >conf/sub/template <<-'END'
		${file:x}+${file:${CREDENTIALS_DIRECTORY}/db}+${text:../y}
	END
	drop_in 10.ini <<-'END'
		[env]
		IN_ENV = ${text:x}
		[file:set]
		path = set.env
		policy = edit
		set =
		  A=${text:sub/x}
		  B=${IN_ENV}
		[file:content]
		path = content
		content = ${file:x}+${file:sub/x}+${file:none:-${file:${CREDENTIALS_DIRECTORY}/db}}
		[file:template]
		path = template
		template = sub/template
		[file:open]
		path = open
		content = ${text:y}
		[exec:e]
		command = touch ${text:y}
	END
	export CREDENTIALS_DIRECTORY=$PWD/credentials
	echo A=1 >set.env
	status 0 gw check
	status 0 gw apply
	equal $'A=in-sub\nB=in-conf' "$(cat set.env)"
	equal "$(cat content)" in-conf+in-sub+db
	equal "$(cat template)" in-sub+db+in-text
	equal "$(stat -c %a content open)" $'600\n644'
	exists in-text
	drop_in 20.ini <<-'END'
		[file:content]
		content = ${file:gone}
		policy = manage
	END
	status 111 gw apply
	contains "$err" "file:$PWD/conf/gone is missing"
	rm template
	status 100 env -u CREDENTIALS_DIRECTORY "$GROUNDWORK" -c conf apply
	contains "$err" 'CREDENTIALS_DIRECTORY is not set'
}

# However it is read.
what_was_read_as_a_secret_is_one() {
	mkdir conf
	echo hunter2 >conf/x
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = ${file:x}
		[exec:e]
		command = touch ${text:x}
	END
	status 111 gw apply
	contains "$err" 'as an argument it would be shown'
	lacks "$err" hunter2
}

a_value_has_no_byte_zero() {
	# shellcheck disable=SC2016 # groundwork's
	printf '%s\n' '[file:f]' 'path = f' 'content = ${file:v}' | drop_in 10.ini
	printf 'a\0b' >conf/v
	status 111 gw apply
	contains "$err" "/v' holds a NUL byte, which no value can"
	missing f
}
