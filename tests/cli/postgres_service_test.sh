#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `database` with `url`: what a service file says of the server.
# The program expands what stands in quotes.
# shellcheck disable=SC2016
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

# with_service LINE…: a server with a password, a service file that has it, and a migration.
function with_service {
	server 'lock_timeout = 1s'
	on_postgres 'CREATE DATABASE d' "ALTER ROLE postgres PASSWORD 'geheim'"
	as_postgres sed -i 's/trust$/scram-sha-256/' data/pg_hba.conf
	on_postgres 'SELECT pg_reload_conf()' >reloaded.log
	export PGPASSWORD=geheim
	printf '%s\n' '# ours' '[other]' 'host=/nonexistent' '' '[app]' "host=$PWD" 'user=postgres' \
		'password=geheim' "$@" >services.conf
	chmod 600 services.conf
	sed -i '/^create/d' conf/10.ini
	echo 'CREATE TABLE a(x int);' >m/001_a.sql
}

# url_is ADDRESS
function url_is {
	sed -i "s|^url.*|url = $1|" conf/10.ini
}

a_service_file_says_where_the_server_is() {
	with_service 'dbname=d' 'connect_timeout=7'
	url_is "service=app servicefile=$PWD/services.conf"
	status 0 gw -v apply
	contains "$err" "applied 1 migration to 'postgres://?service=app': d: 001_a"
	lacks "$err" geheim
	lacks "$out" geheim
	echo 'CREATE TABLE b(x int);' >m/002_b.sql
	PGSERVICEFILE=$PWD/services.conf
	export PGSERVICEFILE
	url_is 'postgres:///?service=app'
	status 0 gw --online --rehearse plan
	contains "$out" "apply 1 of 2 migrations to 'postgres://?service=app'"
	unset PGSERVICEFILE
	mkdir home etc
	mv services.conf home/.pg_service.conf
	HOME=$PWD/home status 0 gw apply
	echo 'CREATE TABLE c(x int);' >m/003_c.sql
	mv home/.pg_service.conf etc/pg_service.conf
	echo '[elsewhere]' >home/.pg_service.conf
	HOME=$PWD/home PGSYSCONFDIR=$PWD/etc status 0 gw apply
	equal '001 002 003' "$(applied)"
}

# Neither PGSERVICE nor a file is read for an address that names no service.
a_service_is_that_which_the_address_names() {
	with_service 'dbname=d'
	export PGSERVICEFILE=$PWD/services.conf PGSERVICE=app
	url_is "postgres://postgres@/d?host=$PWD"
	status 111 gw --timeout 1s apply
	contains "$err" 'the server asks for a password, and there is none'
	url_is 'postgres://u:${PW}@/none?service=${PGSERVICE}\&user=postgres\&password=geheim'
	PW=x status 111 gw --timeout 1s apply
	contains "$err" 'database "none" does not exist (3D000)'
	contains "$err" "'postgres:///none?service=app'"
}

what_is_wrong_with_a_service_is_no_reason_to_wait() {
	with_service 'dbname=d'
	url_is "service=nothing servicefile=$PWD/services.conf"
	status 111 gw apply
	contains "$err" 'definition of service "nothing" not found'
	lacks "$err" tried
	url_is "service=app servicefile=$PWD/missing.conf"
	status 111 gw apply
	contains "$err" "servicefile: '$PWD/missing.conf' is missing"
	echo 'hots=db' >>services.conf
	url_is "service=app servicefile=$PWD/services.conf"
	status 111 gw apply
	contains "$err" "syntax error in service file \"$PWD/services.conf\", line 10"
	lacks "$err" tried
	lacks "$err" geheim
	PGSERVICEFILE=services.conf
	export PGSERVICEFILE
	url_is 'service=app'
	status 111 gw apply
	contains "$err" "url: PGSERVICEFILE: 'services.conf' is no absolute path"
	echo 'create = yes' >>conf/10.ini
	status 100 gw check
	contains "$err" 'url: names no database, which `create = yes` needs'
}

a_service_file_of_others_names_no_file_of_root_s() {
	local variable
	((EUID == 0)) || skip 'only as root'
	with_service 'dbname=d'
	chmod 666 services.conf
	url_is "service=app servicefile=$PWD/services.conf"
	status 111 gw apply
	contains "$err" "url: the service file '$PWD/services.conf' can be changed by everybody"
	chmod 600 services.conf
	chown 65534 services.conf
	status 111 gw apply
	contains "$err" 'can be changed by its owner, user 65534'
	url_is 'service=app'
	for variable in HOME PGSYSCONFDIR; do
		mkdir "$variable"
		cp services.conf "$variable/.pg_service.conf"
		cp services.conf "$variable/pg_service.conf"
		chmod 666 "$variable"/.pg* "$variable"/pg*
		status 111 env "$variable=$PWD/$variable" "$GROUNDWORK" -c conf apply
		contains "$err" "pg_service.conf' can be changed by everybody"
	done
}
