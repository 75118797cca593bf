#!/bin/bash
# SPDX-License-Identifier: MIT
# What may stand in the `url` of a database. No server is asked.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# with_url TEXT: the drop-in.
function with_url {
	printf '%s\n' '[database:x]' "url = $1" 'migrations = ../m' | drop_in 10.ini
	mkdir -p m
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
}

# shellcheck disable=SC2016 # for groundwork
a_password_with_a_slash_sent_a_part_of_it_to_another_host() {
	with_url 'postgres://app:${PW}@127.0.0.1:1/app'
	export PW=half@127.0.0.9:1/geheim
	status 100 gw check
	contains "$err" "conf/10.ini:2:"
	contains "$err" "[database:x] url: \${PW}: its value has a '/', '?' or '%'"
	contains "$err" 'write ${…|url}'
	lacks "$err" geheim
	status 100 gw apply
	lacks "$err" geheim
	echo 'half@127.0.0.9:1/geheim' >secret
	with_url 'postgres://app:${file:../secret}@127.0.0.1:1/app'
	status 111 gw apply
	contains "$err" "\${file:../secret}: its value has a '/'"
	lacks "$err" geheim
	with_url 'postgres://app:half@127.0.0.9:1/geheim@127.0.0.1:1/app'
	status 100 gw check
	contains "$err" "has an '@' behind its first '/'"
	lacks "$err" geheim
}

# shellcheck disable=SC2016 # for groundwork
a_value_was_words_of_the_address() {
	export PW='x host=127.0.0.9 sslmode=disable' NAME='app?host=127.0.0.9&sslmode=disable'
	with_url 'host=127.0.0.1 port=1 user=app password=${PW}'
	status 100 gw check
	contains "$err" '${PW}: its value has a quote, a backslash or white space'
	with_url 'postgres://app@127.0.0.1:1/${NAME}'
	status 100 gw check
	contains "$err" "\${NAME}: its value has a '?', '%' or '@'"
}

# shellcheck disable=SC2016 # for groundwork
a_value_that_is_encoded_or_the_whole_address_is_taken() {
	export PW='p@ss/w0rd?%41' WORDS='?connect_timeout=3' URL='postgres://app:p%41@127.0.0.1:1/app'
	with_url 'postgres://app:${PW|url}@127.0.0.1:1/app'
	status 0 gw check
	with_url 'postgres://app@127.0.0.1:1/app${WORDS|none}'
	status 0 gw check
	with_url '${URL}'
	status 0 gw check
	with_url '${URL}?connect_timeout=3'
	status 0 gw check
	with_url '${MISSING:-postgres://app@127.0.0.1:1/app?connect_timeout=3}'
	status 0 gw check
}

a_port_that_is_none_is_an_error_of_check() {
	with_url 'postgres://127.0.0.1:99999/app'
	status 100 gw check
	contains "$err" 'has a port that is no number up to 65535'
}

# shellcheck disable=SC2016 # for groundwork
a_name_is_judged_where_the_address_is_unset() {
	local url long
	long=$(printf 'a%.0s' {1..64})
	for url in '${DATABASE_URL}' postgres://127.0.0.1:1/app; do
		with_url "$url"
		printf '%s\n' 'schema = pg_x' "template = $long" 'create = yes' 'adopt = user_version' >>conf/10.ini
		status 100 gw check
		contains "$err" "conf/10.ini:4:10: [database:x] schema: is the server's own"
		contains "$err" "conf/10.ini:5:12: [database:x] template: has 64 bytes, and a name of PostgreSQL at most 63"
		contains "$err" "conf/10.ini:7: [database:x] adopt: user_version is of SQLite, and \`url\` is a server's"
		contains "$err" '3 errors'
	done
}

# shellcheck disable=SC2016 # a key of ours
a_key_of_a_new_database_was_ignored_beside_one_that_is_there() {
	local key
	for key in owner=nobody template=template0 encoding=UTF8; do
		with_url 'postgres://127.0.0.1:1/app'
		echo "$key" >>conf/10.ini
		status 100 gw check
		contains "$err" "[database:x] ${key%=*}: "
		contains "$err" '`create = yes`'
		echo 'create = yes' >>conf/10.ini
		status 0 gw check
	done
}

# shellcheck disable=SC2016 # for groundwork
a_second_line_of_a_file_became_a_part_of_the_database() {
	printf 'postgres://127.0.0.1:1/app\n\n' >secret
	with_url '${file:../secret}'
	status 111 gw apply
	contains "$err" 'has a line end or a tab in it'
}
