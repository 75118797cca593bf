#!/bin/bash
# SPDX-License-Identifier: MIT
# The connection to a PostgreSQL server: TLS, and the files that its address names.
# A server here has no further keys.
# shellcheck disable=SC2119
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/postgres.sh"

# authority NAME: NAME.pem and its key.
function authority {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
		-out "$1.pem" -subj "/CN=$1" -days 30 2>openssl.log
}

# tls_server: one that is called db.example, by the authority `ours`. There is another one.
function tls_server {
	command -v openssl >/dev/null || skip "openssl is not installed"
	server
	authority ours
	authority other
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key \
		-out server.csr -subj /CN=db 2>openssl.log
	echo 'subjectAltName=DNS:db.example' >names
	openssl x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 30 \
		-extfile names -out server.pem 2>openssl.log
	cp server.key server.pem data/
	((EUID != 0)) || chown postgres data/server.{key,pem}
	chmod 600 data/server.key
	as_postgres pg_ctl -D data -m immediate stop >stopped.log
	# Another process may take the port that was free.
	for ((i = 0; ; i++)); do
		port=$(python3 -c 'import socket
with socket.create_server(("127.0.0.1", 0)) as free:
    print(free.getsockname()[1])')
		options="-c listen_addresses=127.0.0.1 -c port=$port -c ssl=on \
			-c ssl_cert_file=server.pem -c ssl_key_file=server.key"
		! begin_server || break
		((i < 5)) || fail "the server does not begin: $(cat data/log)"
	done
	echo 'CREATE TABLE a(x int);' >m/1_a.sql
	chmod 644 ./*.pem
}

# connects CODE HOST WORD…: to that server, as if it was HOST. Where it does not, it waits.
function connects {
	printf '%s\n' '[database:d]' "url = host=$2 hostaddr=127.0.0.1 port=$port user=postgres dbname=d ${*:3}" \
		'create = yes' 'migrations = ../m' | drop_in 10.ini
	status "$1" gw --timeout "$(($1 == 0 ? 30 : 4))" apply
}

a_server_is_verified_by_the_authority_that_is_named() {
	tls_server
	connects 0 db.example sslmode=verify-full "sslrootcert=$PWD/ours.pem"
	connects 0 another sslmode=verify-ca "sslrootcert=$PWD/ours.pem"
	connects 111 another sslmode=verify-full "sslrootcert=$PWD/ours.pem"
	contains "$err" 'does not match host name "another"'
	connects 111 db.example sslmode=verify-ca "sslrootcert=$PWD/other.pem"
	contains "$err" "certificate verify failed; its authority is none of those in '$PWD/other.pem'"
	lacks "$err" tried
}

without_a_name_the_authorities_are_those_of_the_system() {
	tls_server
	connects 100 db.example sslmode=verify-ca
	contains "$err" 'write sslrootcert=FILE'
	connects 0 db.example sslmode=require
	export SSL_CERT_FILE=$PWD/ours.pem
	connects 0 db.example sslmode=verify-full
	connects 0 db.example sslrootcert=system
	connects 111 another sslmode=verify-full
	contains "$err" 'does not match host name "another"'
	SSL_CERT_FILE=$PWD/other.pem
	connects 111 db.example sslmode=verify-full
	contains "$err" "none of those in '$PWD/other.pem'"
	SSL_CERT_FILE=$PWD/nothing.pem
	connects 111 db.example sslmode=verify-full
	contains "$err" "url: SSL_CERT_FILE: '$PWD/nothing.pem' is missing"
}

# libpq would go on without it, and, but for the modes that verify, say nothing.
a_file_that_libpq_would_pass_over_is_an_error() {
	tls_server
	connects 111 db.example "sslrootcert=$PWD/nothing.pem"
	contains "$err" "url: sslrootcert: '$PWD/nothing.pem' is missing"
	connects 111 db.example "sslcrl=$PWD/nothing.pem"
	contains "$err" "url: sslcrl: '$PWD/nothing.pem' is missing"
	echo '*:*:*:*:secret' >passwords
	chmod 640 passwords
	connects 111 db.example "passfile=$PWD/passwords"
	contains "$err" "url: passfile: '$PWD/passwords' is a file of mode 0640"
	chmod 600 passwords
	connects 0 db.example "passfile=$PWD/passwords"
	ln -s passwords link
	connects 0 db.example "passfile=$PWD/link"
}

# The process that connects is another user, unless there are files that it must read.
root_has_authorities_that_only_root_may_read() {
	tls_server
	mkdir -m 700 private
	mv ours.pem private/
	connects 0 db.example sslmode=verify-full "sslrootcert=$PWD/private/ours.pem"
}

a_word_that_the_library_does_not_know_is_no_reason_to_wait() {
	tls_server
	connects 100 db.example sslmod=require
	contains "$err" "did you mean 'sslmode'?"
	connects 111 db.example ssl_min_protocol_version=x
	contains "$err" 'connect: invalid ssl_min_protocol_version value: "x"'
	lacks "$err" tried
	connects 111 db.example keepalives=x
	contains "$err" 'invalid integer value "x"'
	lacks "$err" tried
}
