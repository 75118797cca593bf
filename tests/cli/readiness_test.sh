#!/bin/bash
# SPDX-License-Identifier: MIT
# Readiness that is more than an open port: what servers answer.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/http.sh"

# wait_for URL KEY…: [wait:s] of it, with these lines.
function wait_for {
	printf '%s\n' '[wait:s]' "url = $1" 'interval = 20ms' "${@:2}" | drop_in 10.ini
}

# answers ANSWER…: a server of first answers on the port $port.
function answers {
	rm -f answers answers.asked
	background python3 "$ROOT/tests/cli/first_answer.py" answers "$@"
	eventually test -e answers
	port=$(<answers)
}

# asked COUNT [OPTION] PATTERN FILE: a server writes down what it was asked after it has answered.
function asked {
	[[ $(grep -c "${@:2}") == "$1" ]]
}

# not_ready TEXT: it is asked once, and that is the end of the reason.
function not_ready {
	status 0 gw --online plan
	contains "$out" "now: not reached: "
	contains "$out" "(asked 1 time, last: "
	contains "$out" "$1)"
}

# ---- HTTP ----

a_url_is_waited_for_until_it_answers() {
	serve
	wait_for "http://$at/flaky/3/f"
	status 0 gw plan
	contains "$out" "nothing to make; waits for http://$at/flaky/3/f"
	missing files/.requests
	status 0 gw apply
	contains "$err" "= wait:s  http://$at/flaky/3/f answers, after "
	equal 4 "$(requests)"
}

which_status_is_readiness_can_be_said() {
	serve
	local code
	for code in 200 204 399; do
		wait_for "http://$at/status/$code/f"
		status 0 gw apply
	done
	for code in 400 404 500 503; do
		wait_for "http://$at/status/$code/f"
		not_ready "last: the server answers with status $code"
	done
	wait_for "http://$at/status/404/f" 'expect = 200 401-404'
	status 0 gw apply
	wait_for "http://$at/status/405/f" 'expect = 200 401-404'
	not_ready "last: the server answers with status 405"
	wait_for "http://$at/status/405/f" 'expect = 4xx'
	status 0 gw apply
	wait_for "http://$at/f" 'expect = 204'
	not_ready "last: the server answers with status 200"
	background "$GROUNDWORK" -c conf apply 2>log
	eventually grep -qE "\[wait:s\] is still at work: .*http://$at/f \(asked [0-9]+ times?, last: the server answers with status 200\)" log
}

a_redirect_is_an_answer_unless_it_is_to_be_followed() {
	serve
	wait_for "http://$at/to/http://$at/status/503/f"
	status 0 gw apply
	wait_for "http://$at/to/http://$at/status/503/f" 'expect = 200'
	not_ready "last: the server answers with status 302"
	wait_for "http://$at/to/http://$at/status/503/f" 'redirects = 1'
	not_ready "last: redirected to http://$at/status/503/f: the server answers with status 503"
	wait_for "http://$at/to/http://$at/f" 'redirects = 1' 'expect = 200'
	status 0 gw apply
	wait_for "http://$at/loop/1" 'redirects = 5'
	not_ready "redirected to http://$at/loop/6: the server redirects to http://$at/loop/7, beyond the 5 that \`redirects\` allows"
}

requires_takes_a_url() {
	serve
	printf '%s\n' '[directory:d]' 'path = d' "requires = http://$at/flaky/1/f" | drop_in 10.ini
	status 0 gw -v apply
	contains "$err" "[directory:d] requires: http://$at/flaky/1/f answers, after "
	exists d
	rm -r d
	printf '%s\n' '[directory:d]' 'path = d' "requires = http://$at/status/503/f" | drop_in 10.ini
	status 111 gw --timeout 3s apply
	contains "$err" "[directory:d]: requires: it took longer than its timeout of 3.0s: http://$at/status/503/f (asked "
	contains "$err" "last: the server answers with status 503)"
	# Before it could be asked at all.
	status 111 gw --timeout 1ms apply
	contains "$err" "timeout of 1.0ms: http://$at/status/503/f (asked 1 time"
	missing d
}

the_option_takes_a_url() {
	serve
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	status 0 gw --wait "http://$at/flaky/2/f" apply
	contains "$err" "--wait: http://$at/flaky/2/f answers, after "
	status 111 gw --wait "http://$at/status/500/f" --timeout 3s apply
	contains "$err" "--wait: it took longer than its timeout of 3.0s: http://$at/status/500/f (asked "
	contains "$err" ", last: the server answers with status 500)"
}

a_plan_may_ask() {
	serve
	wait_for "http://$at/f"
	status 0 gw --online plan
	contains "$out" "now: http://$at/f answers"
	wait_for "http://$at/status/503/f"
	status 0 gw --online plan
	contains "$out" "now: not reached: http://$at/status/503/f (asked 1 time, last: the server answers with status 503)"
}

what_is_no_answer_is_no_readiness() {
	serve
	wait_for "http://$at/silent/f"
	status 111 gw --timeout 2s apply
	contains "$err" "http://$at/silent/f (asked 1 time, no answer yet)"
	wait_for "http://$at/garbage"
	not_ready ''
	contains "$out" "last: Received HTTP/0.9 when not allowed"
	wait_for "http://$at/headers/f"
	not_ready ''
	contains "$out" "last: Too large response headers"
	wait_for "http://127.0.0.1:1"
	not_ready ''
	contains "$out" "onnect to 127.0.0.1"
}

what_a_url_knows_is_never_shown() {
	serve
	export URL="http://me:sesame-1@$at/status/503/f?token=sesame-2"
	# shellcheck disable=SC2016 # a variable of groundwork's
	wait_for '${URL}'
	status 0 gw plan
	lacks "$out" sesame
	status 0 gw list
	lacks "$out" sesame
	status 111 gw -v -v --timeout 2s --report r apply
	lacks "$err" sesame
	lacks r sesame
	contains "$err" "http://$at/status/503/f (asked"
	drop_in 10.ini <<-'END'
		[wait:s]
		url = ${URL}
		expect = 503
		[exec:e]
		command = sh -c "echo $URL; false"
	END
	status 111 gw apply
	lacks "$err" sesame
	contains "$err" "***"
	URL="http://$at/token/f?sesame=sesame-3" status 111 gw --timeout 2s --wait "http://u:sesame-4@$at/token/f" apply
	lacks "$err" sesame
}

# The way there begins without TLS, and what it leads to is verified all the same.
a_redirect_to_https_is_verified() {
	pem IP:127.0.0.1
	serve cert.pem
	local https=$at
	serve
	wait_for "http://$at/to/https://$https/f" 'redirects = 3' 'ca_file = ../only.pem'
	status 0 gw apply
	wait_for "http://$at/to/https://$https/f" 'redirects = 3'
	SSL_CERT_FILE='' not_ready "SSL certificate problem: self-signed certificate; the certificate of a private authority is named by \`ca_file\`, or by SSL_CERT_FILE"
	wait_for "http://$at/to/https://$https/f" 'redirects = 3' 'ca_file = missing.pem'
	status 111 gw apply
	contains "$err" "ca_file: '$PWD/conf/missing.pem' is missing"
	# Where none is there, the way may still be one without TLS.
	wait_for "http://$at/to/http://$at/f" 'redirects = 3'
	SSL_CERT_FILE='' status 0 gw apply
}

a_server_of_https_is_verified() {
	pem IP:127.0.0.1
	serve cert.pem
	wait_for "https://$at/f"
	SSL_CERT_FILE='' not_ready "by \`ca_file\`, or by SSL_CERT_FILE"
	contains "$out" "SSL certificate problem: self-signed certificate; "
	wait_for "https://$at/f" 'ca_file = ../only.pem'
	status 0 gw apply
	contains "$err" "https://$at/f answers"
	wait_for "https://$at/f"
	SSL_CERT_FILE=$PWD/only.pem status 0 gw apply
	wait_for "https://$at/f" 'insecure = yes'
	status 0 gw apply
	SSL_CERT_FILE=$PWD/nowhere status 0 gw apply
	wait_for "https://$at/f"
	SSL_CERT_FILE=$PWD/nowhere status 111 gw apply
	contains "$err" "[wait:s]: SSL_CERT_FILE: '$PWD/nowhere' is missing"
	wait_for "https://$at/f" 'ca_file = missing.pem'
	status 111 gw apply
	contains "$err" "[wait:s] ca_file: '$PWD/conf/missing.pem' is missing"
	pem DNS:elsewhere.example
	serve cert.pem
	wait_for "https://$at/f" 'ca_file = ../only.pem'
	not_ready "'127.0.0.1'"
	contains "$out" "no alternative certificate subject name matches"
}

wrong_keys_of_http_are_errors() {
	drop_in 10.ini <<-'END'
		[wait:a]
		url = http://127.0.0.1/
		expect = 200,204 20 2xx-3xx
		redirects = 100
		[wait:b]
		url = tcp://127.0.0.1:1
		expect = 200
		insecure = yes
		[wait:c]
		url = https://127.0.0.1
		insecure = yes
		ca_file = x.pem
	END
	status 100 gw check
	contains "$err" "conf/10.ini:3:10: [wait:a] expect: a comma would be part of the item: spaces alone separate items"
	contains "$err" "conf/10.ini:4:13: [wait:a] redirects: "
	sed -i '3,4d' conf/10.ini
	status 100 gw apply
	contains "$err" "conf/10.ini:5: [wait:b] expect: is of http:// and https://, and no \`url\` is one of these"
	contains "$err" "conf/10.ini:6: [wait:b] insecure: is of http://"
	contains "$err" "conf/10.ini:9: [wait:c] insecure: then nothing is verified by \`ca_file\`"
}

what_is_of_tls_alone_has_no_effect_on_http() {
	echo '-----BEGIN CERTIFICATE-----' >x.pem
	for key in insecure=yes ca_file=../x.pem; do
		wait_for http://127.0.0.1:1/ "$key"
		status 0 gw check
		contains_once "$err" "warning: conf/10.ini:4: [wait:s] ${key%=*}: has no effect"
		for more in redirects=1 url+=https://a; do
			wait_for http://127.0.0.1:1/ "$key" "$more"
			status 0 gw check
			lacks "$err" "has no effect"
		done
	done
}

a_plan_names_a_ca_file_that_cannot_be_used() {
	echo junk >junk
	for file in none junk; do
		printf '%s\n' '[wait:w]' 'url = https://127.0.0.1:1' "ca_file = $PWD/$file" | drop_in 10.ini
		status 111 gw plan
		contains "$out" "conf/10.ini:3: [wait:w] ca_file: '$PWD/$file' "
	done
}

# The port is open, and its server is another one than was meant.
what_answers_in_another_language_is_named() {
	cat >tls.py <<-'END'
		import os, socket
		server = socket.create_server(("127.0.0.1", 0))
		open("new", "w").write(str(server.getsockname()[1]))
		os.rename("new", "port")
		while True:
		    connection = server.accept()[0]
		    connection.recv(4096)
		    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x46")
		    connection.close()
	END
	background python3 tls.py
	eventually test -e port
	wait_for "http://127.0.0.1:$(<port)"
	not_ready "; does the port speak https://?"
}

# ---- databases ----

postgres_is_ready_once_it_lets_others_in() {
	local answer
	answers '-pgerror:57P03:the database system is starting up' \
		'-pgerror:57P03:the database system is not yet accepting connections' -close 'R\0\0\0\x08\0\0\0\0'
	wait_for "postgres://app:sesame-1@127.0.0.1:$port/shop"
	status 0 gw apply
	contains "$err" "postgres://127.0.0.1:$port answers, after "
	eventually asked 3 'user\\x00app\\x00database\\x00shop\\x00\\x00' answers.asked
	lacks answers.asked sesame
	for answer in '-pgerror:28000:no pg_hba.conf entry, no encryption' '-pgerror:28P01:no' '-pgerror:3D000:no' \
		'-drip:R\0\0\0\x17\0\0\0\nSCRAM-SHA-256\0\0'; do
		answers "$answer"
		wait_for "postgresql://127.0.0.1:$port"
		status 0 gw apply
	done
	answers '-pgerror:57P03:the database system is starting up'
	wait_for "postgres://127.0.0.1:$port"
	not_ready "last: 127.0.0.1: the database system is starting up"
}

mysql_is_ready_once_it_greets() {
	local scheme
	for scheme in mysql mariadb jdbc:mysql; do
		answers '-mysqlerror:1040:Too many connections' -close '\x0b\0\0\0\xff\x10\x04Too many' \
			'\x4a\0\0\0\x0a8.0.36\0'
		wait_for "$scheme://127.0.0.1:$port/shop"
		status 0 gw apply
		contains "$err" "${scheme#jdbc:}://127.0.0.1:$port answers, after "
		# It is not asked for anything.
		eventually test "$(sort -u answers.asked)" == "b''"
	done
	answers '-mysqlerror:1129:Host is blocked'
	wait_for "mysql://127.0.0.1:$port"
	not_ready "last: 127.0.0.1: error 1129: Host is blocked"
}

redis_is_ready_once_it_answers() {
	local answer
	answers '-LOADING Redis is loading the dataset in memory\r\n' '-BUSY x\r\n' '-MASTERDOWN x\r\n' -close '+PONG\r\n'
	wait_for "redis://127.0.0.1:$port/0"
	status 0 gw apply
	contains "$err" "redis://127.0.0.1:$port answers, after "
	equal "$(printf '%s\n' "b'*1\\r\\n\$4\\r\\nPING\\r\\n'")" "$(sort -u answers.asked)"
	for answer in '-NOAUTH Authentication required.\r\n' '-NOPERM no\r\n' '-drip:+PONG\r\n'; do
		answers "$answer"
		wait_for "redis://127.0.0.1:$port"
		status 0 gw apply
	done
	answers '-LOADING Redis is loading\r\n'
	wait_for "redis://127.0.0.1:$port"
	not_ready "last: 127.0.0.1: LOADING Redis is loading"
}

# To a stranger it says no more than that it wants a password.
redis_gets_the_password_of_its_url() {
	answers '+OK\r\n-LOADING x\r\n' '-WRONGPASS x\r\n-LOADING x\r\n' '+OK\r\n+PONG\r\n'
	wait_for "redis://app:sesame%2D1@127.0.0.1:$port/0"
	status 0 gw -v -v apply
	lacks "$err" sesame
	eventually asked 3 -F "b'*3\r\n\$4\r\nAUTH\r\n\$3\r\napp\r\n\$8\r\nsesame-1\r\n*1\r\n\$4\r\nPING\r\n'" answers.asked
	answers '-x sesame-2\r\n-sesame-2\r\n'
	wait_for "redis://:sesame-2@127.0.0.1:$port"
	not_ready "last: 127.0.0.1: ***"
	lacks "$out" sesame
}

what_answers_as_another_server_is_not_ready() {
	local scheme
	answers 'HTTP/1.1 400 Bad Request\r\n\r\n'
	for scheme in postgres mysql redis; do
		wait_for "$scheme://127.0.0.1:$port"
		not_ready ''
		matches "$out" "last: 127.0.0.1: it does not answer as (PostgreSQL|MySQL|Redis) does, but as HTTP\)"
	done
	answers -flood
	for scheme in postgres mysql redis; do
		wait_for "$scheme://127.0.0.1:$port"
		not_ready ''
		matches "$out" "last: 127.0.0.1: [ -~]*\)"
	done
	wait_for "tcp://127.0.0.1:$port"
	status 0 gw apply
}

# Of several hosts the silent one keeps nobody waiting.
a_server_that_says_nothing_is_not_ready() {
	local scheme silent
	answers -silence
	silent=$port
	for scheme in postgres mysql redis; do
		wait_for "$scheme://127.0.0.1:$silent"
		status 111 gw --timeout 1s apply
		contains "$err" "127.0.0.1:$silent (asked 1 time, no answer yet)"
	done
	answers '+PONG\r\n'
	wait_for "redis://127.0.0.1:1,127.0.0.1:$silent,127.0.0.1:$port"
	status 0 gw apply
	contains "$err" "redis://127.0.0.1:1,127.0.0.1:$silent,127.0.0.1:$port answers"
}

# child_of PID: the first one.
function child_of {
	cut -d ' ' -f 1 "/proc/$1/task/$1/children"
}

function asks_as_nobody {
	local child
	child=$(child_of "$(child_of "$pid")") && grep -qP '^Uid:\t65534\t65534\t' "/proc/$child/status" &&
		grep -qP '^CapPrm:\t0+$' "/proc/$child/status"
}

root_who_asks_has_no_rights() {
	answers -silence
	local url
	mkdir run
	background python3 "$ROOT/tests/cli/first_answer.py" run/.s.PGSQL.5432 -silence
	eventually test -e run/.s.PGSQL.5432
	for url in "redis://127.0.0.1:$port" "http://127.0.0.1:$port/" \
		"postgres:///?host=$PWD/run"; do
		wait_for "$url"
		background "$GROUNDWORK" -c conf apply
		eventually asks_as_nobody
		kill -TERM "$pid"
		status 143 wait "$pid"
	done
}

# Its descriptors are not where others are.
a_closed_input_is_fine() {
	mkdir -m 700 run
	background python3 "$ROOT/tests/cli/first_answer.py" run/.s.PGSQL.5432 '-pgerror:57P03:later' \
		'R\0\0\0\x08\0\0\0\0'
	eventually test -e run/.s.PGSQL.5432
	wait_for "postgres:///?host=$PWD/run"
	status 0 "$GROUNDWORK" -c conf --online plan <&-
	contains "$out" "last: later)"
	status 0 "$GROUNDWORK" -c conf apply <&-
}

what_a_server_says_acts_on_no_terminal() {
	answers '-pgerror:57P03:a\x1b[31mb\r\nc\xff\xe2\x80\xaed'
	wait_for "postgres://127.0.0.1:$port"
	not_ready "last: 127.0.0.1: a?[31mb??c????d"
	answers '-x\x1b]0;title\x07\x00y\r\n'
	wait_for "redis://127.0.0.1:$port"
	not_ready "last: 127.0.0.1: x?]0;title?"
}

# The socket is where only its owner can reach it: before the rights are given up.
a_socket_of_postgres_is_asked_too() {
	mkdir -m 700 run
	background python3 "$ROOT/tests/cli/first_answer.py" run/.s.PGSQL.5432 \
		'-pgerror:57P03:starting up' '-pgerror:57P03:starting up' 'R\0\0\0\x08\0\0\0\0'
	wait_for "postgres://app@/shop?host=$PWD/run"
	status 0 gw apply
	contains "$err" "unix://$PWD/run/.s.PGSQL.5432 answers"
	eventually asked 3 'user\\x00app' run/.s.PGSQL.5432.asked
}
