#!/bin/bash
# SPDX-License-Identifier: MIT
# Services: in `requires`, and in the kind `wait`.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# serve PORTFILE [SECONDS]: listens on a port of loopback, after that time.
function serve {
	cat >serve.py <<-'END'
		import os, socket, sys, time

		server = socket.socket()
		server.bind(("127.0.0.1", 0))
		with open(sys.argv[1] + ".new", "w") as file:
		    file.write(str(server.getsockname()[1]))
		os.rename(sys.argv[1] + ".new", sys.argv[1])
		time.sleep(float(sys.argv[2]))
		server.listen()
		while True:
		    server.accept()[0].close()
	END
	background python3 serve.py "$1" "${2:-0}"
	eventually test -e "$1"
}

a_service_is_waited_for_before_the_step() {
	serve port 1
	printf '%s\n' '[directory:d]' 'path = d' "requires = tcp://localhost:$(<port)" | drop_in 10.ini
	status 0 gw -v apply
	exists d
	contains "$err" "[directory:d] requires: tcp://localhost:$(<port) answers, after "
	status 0 gw apply
	contains "$err" "= directory:d"
}

# A port of ours may be the one that is asked for: here there is no other. It is asked once,
# since the port is not free again at once.
root_a_connection_to_ourselves_is_no_service() {
	unshare -n true 2>/dev/null || skip "no network namespaces here"
	printf '%s\n' '[wait:w]' 'url = tcp://127.0.0.1:40000' 'timeout = 3s' 'interval = 1h' | drop_in 10.ini
	# The script has no variables of ours.
	# shellcheck disable=SC2016
	status 111 unshare -n sh -c 'ip link set lo up &&
		echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range &&
		exec "$0" -c conf apply' "$GROUNDWORK"
	contains "$err" "127.0.0.1: Connection refused"
}

root_without_certificates_no_server_is_asked_over_tls() {
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
	printf '%s\n' '[wait:w]' 'url = https://127.0.0.1:1/' 'timeout = 1s' | drop_in 10.ini
	# As above.
	# shellcheck disable=SC2016
	status 111 unshare -m sh -c 'for at in /etc/ssl /etc/pki; do
			[ ! -d "$at" ] || mount -t tmpfs none "$at" || exit 9
		done
		exec "$0" -c conf apply' "$GROUNDWORK"
	contains "$err" "no certificates of authorities are there to verify its server by"
}

what_does_not_come_ends_the_start() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		requires = tcp://127.0.0.1:1 file:///nowhere/x
		timeout = 1500ms
	END
	status 111 gw sh -c 'touch started'
	missing d started
	matches "$err" "conf/10.ini:1: \[directory:d\]: requires: it took longer than its timeout of 1.5s: tcp://127.0.0.1:1 \(asked [0-9]+ times?, last: 127.0.0.1: Connection refused\); file:///nowhere/x \(asked [0-9]+ times?, last: No such file or directory\)"
}

# The 21st would begin at the deadline; a busy machine may have time for fewer.
# timeout: 90
twenty_tries_500ms_apart_are_the_default() {
	local tries
	printf '%s\n' '[directory:d]' 'path = d' 'requires = file:///nowhere/x' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "its timeout of 10.0s: file:///nowhere/x (asked "
	tries=$(sed -n 's/.* timeout of .*(asked \([0-9]*\) times, .*/\1/p' "$err")
	((tries >= 15 && tries <= 20)) || fail "it was asked $tries times"
}

# The command is given so long, less what went by before.
thirty_seconds_are_the_default_timeout() {
	printf '%s\n' '[wait:w]' "command = sh -c 'sleep 0.1; touch ready'" | drop_in 10.ini
	status 0 env "ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0" \
		strace -f -o trace -e trace=poll "$GROUNDWORK" -c conf apply
	exists ready
	matches trace 'poll\(.*, (2[5-9][0-9]{3}|30000)\)'
	status 0 gw explain bootstrap.timeout
	contains "$out" "duration, default 30s"
}

# Which of them counts: the step's, the option's, the variable's, the setting's.
the_nearest_timeout_counts() {
	printf '%s\n' '[bootstrap]' 'timeout = 300ms' '[directory:d]' 'path = d' \
		'requires = file:///nowhere/x' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "its timeout of 300ms"
	status 111 gw --timeout 200ms apply
	contains "$err" "its timeout of 200ms"
	GROUNDWORK_TIMEOUT=150ms status 111 gw apply
	contains "$err" "its timeout of 150ms"
	printf 'timeout = 100ms\n' >>conf/10.ini
	status 111 gw --timeout 60s apply
	contains "$err" "its timeout of 100ms"
	status 111 gw --timeout 60s --deadline 50ms apply
	contains "$err" "the deadline of 50ms (--deadline) has passed: file:///nowhere/x (asked 1 time"
}

where_nothing_is_to_be_done_nothing_is_waited_for() {
	drop_in 10.ini <<-'END'
		[defaults:exec]
		requires = file:///nowhere/x
		[bootstrap]
		state = st
		timeout = 100ms
		[exec:left_out]
		command = false
		when = env:NO
		[exec:made]
		command = touch b
		creates = a
		[exec:remembered]
		command = touch b
		once = yes
		[directory:d]
		path = d
		requires = file:///nowhere/x
	END
	touch a b
	mkdir d
	status 111 gw apply
	contains "$err" "[exec:remembered]: requires: "
	sed -i '1,2d' conf/10.ini
	status 0 gw apply
	sed -i '1i[defaults:exec]\nrequires = file:///nowhere/x' conf/10.ini
	status 0 gw apply
	contains "$err" "3 in place, 1 left out"
	status 111 gw --force exec:made apply
	contains "$err" "[exec:made]: requires: "
}

# It may ask the service that is waited for.
a_service_is_waited_for_before_a_check() {
	drop_in 10.ini <<-'END'
		[exec:e]
		check = touch checked
		command = touch made
		requires = file:///nowhere/x
		timeout = 100ms
	END
	status 111 gw apply
	contains "$err" "[exec:e]: requires: "
	missing checked made
}

# Each of them gives the database's address, and none shows the password.
a_url_of_the_application_is_an_address() {
	serve port
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		requires = ${DATABASE_URL}
		[wait:db]
		url = ${DATABASE_URL}
	END
	export DATABASE_URL
	DATABASE_URL="amqp+x://app:geheim%40123@127.0.0.1:$(<port)/app?sslmode=disable"
	status 0 gw plan
	contains "$out" "waits before for amqp://127.0.0.1:$(<port)"
	contains "$out" "nothing to make; waits for amqp://127.0.0.1:$(<port)"
	lacks "$out" geheim
	status 0 gw list
	contains "$out" "requires amqp://127.0.0.1:$(<port)"
	status 0 gw list --format json
	contains "$out" "\"requires\":[\"amqp://127.0.0.1:$(<port)\"]"
	status 0 gw -v --report r apply
	lacks "$err" geheim
	lacks r geheim
	contains r "\"requires\":[\"amqp://127.0.0.1:$(<port)\"]"
	export DATABASE_URL="postgres://app:geheim123@127.0.0.1:1/app"
	status 111 gw --timeout 100ms apply
	lacks "$err" geheim
}

# It may have a password, and is not printed.
a_wrong_address_of_several_is_named_by_its_number() {
	drop_in 10.ini <<<$'[directory:d]\npath = d'
	status 100 gw --wait tcp://a:1 --wait tcp://sesame --wait tcp://c:2 apply
	contains "$err" "--wait: the address of a service (number 2) names no port"
	GROUNDWORK_WAIT='tcp://a:1 directory:d tcp://sesame' status 100 gw apply
	contains "$err" "GROUNDWORK_WAIT: the address of a service (number 3) names no port"
	status 100 gw --wait tcp://sesame apply
	contains "$err" "--wait: the address of a service names no port"
	status 100 gw --wait tcp://a:1,tcp://sesame:2 apply
	contains "$err" "--wait: a comma would be part of the address of a service: write the option once for each"
	GROUNDWORK_WAIT='tcp://a:1,tcp://sesame:2' status 100 gw apply
	contains "$err" "GROUNDWORK_WAIT: a comma would be part of the address of a service: spaces separate several"
	status 100 gw --wait sqlite:///sesame.db apply
	contains "$err" "--wait: a file of SQLite is no service: wait for the step that makes it"
	lacks "$err" sesame
	missing d
}

a_wrong_address_is_an_error_at_load() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		requires = tcp://db ${DATABASE_URL:-}
		[wait:a]
		url = sesame http://x:y
		[wait:b]
		url = ${DATABASE_URL:-file:///}
		interval = 1ms
		[wait:c]
		interval = 1s
	END
	for words in check apply plan; do
		status 100 gw $words
		contains "$err" "10.ini:3: [directory:d] requires: the address of a service names no port"
		contains "$err" "10.ini:5:7: [wait:a] url: "
		contains "$err" "10.ini:9: [wait:c] says neither \`url\` nor \`command\`"
	done
	missing d
	drop_in 10.ini <<-'END'
		[wait:b]
		url = ${DATABASE_URL}
		interval = 1ms
	END
	DATABASE_URL="postgres://u:ses/ame@db" status 100 gw apply
	contains "$err" "10.ini:2:7: [wait:b] url: "
	contains "$err" "in a password these are written as %2F"
	lacks "$err" "ses/ame"
	DATABASE_URL=file:/// status 100 gw apply
	contains "$err" "10.ini:3: [wait:b] interval: is at least 10ms"
}

a_wait_ends_when_all_are_reached() {
	serve one 0.3
	serve two 0.6
	printf '%s\n' '[wait:all]' "url = tcp://127.0.0.1:$(<one) tcp://127.0.0.1:$(<two) file://$PWD/one" \
		'interval = 50ms' | drop_in 10.ini
	status 0 gw plan --exit-code
	# Both, when it begins. The inner shell has arguments of its own.
	# shellcheck disable=SC2016
	status 0 gw bash -c ': <"/dev/tcp/127.0.0.1/$0" && : <"/dev/tcp/127.0.0.1/$1" && touch started' \
		"$(<one)" "$(<two)"
	exists started
	contains "$err" "= wait:all  tcp://127.0.0.1:$(<one) answers"
}

a_command_says_when_it_is_ready() {
	drop_in 10.ini <<-'END'
		[wait:ready]
		command = sh -c 'echo "not yet: $(cat)"; echo x >>tries; test "$(wc -l <tries)" -ge 4'
		interval = 20ms
	END
	status 0 gw apply
	equal 4 "$(wc -l <tries)"
	contains "$err" "= wait:ready  its command ends with 0"
	lacks "$err" "not yet"
	rm tries
	printf 'timeout = 500ms\n' >>conf/10.ini
	sed -i 's/-ge 4/-ge 400/' conf/10.ini
	status 111 gw apply
	matches "$err" "conf/10.ini:1: \[wait:ready\]: command: it took longer than its timeout of 500ms: tried [0-9]+ times?: the command ended with status 1 \([0-9].*\); its last lines:$"
	contains_once "$err" "not yet: "
}

# It has not ended yet, and then does not end by itself: what it said is the reason.
# timeout: 90
what_a_command_said_is_said_when_time_ends_it() {
	drop_in 10.ini <<-'END'
		[wait:ready]
		command = sh -c 'echo "no socket yet"; touch said; exec sleep 1000'
		timeout = 1s
	END
	status 111 gw apply
	exists said
	matches "$err" "\[wait:ready\]: command: it took longer than its timeout of 1.0s: tried 1 time: the command did not end \(.*\); its last lines:$"
	contains_once "$err" "no socket yet"
	drop_in 10.ini <<-'END'
		[wait:ready]
		command = sh -c 'trap "" TERM; echo "no socket yet"; while :; do sleep 0.1; done'
	END
	status 111 gw --deadline 1s --report r.json apply
	matches "$err" "\[wait:ready\]: command: the deadline of 1.0s \(--deadline\) has passed: tried 1 time: the command did not end \(.*\); its last lines:$"
	contains_once "$err" "no socket yet"
	contains r.json '"status":"error"'
}

a_command_that_cannot_run_is_no_reason_to_wait() {
	printf '%s\n' '[wait:ready]' 'command = ./missing' | drop_in 10.ini
	status 111 gw --timeout 60s apply
	contains "$err" "[wait:ready]: command: "
	contains "$err" "./missing"
	lacks "$err" "timeout"
}

a_wait_that_is_not_critical_starts_the_application() {
	printf '%s\n' '[wait:a]' 'url = tcp://127.0.0.1:1' 'critical = no' 'timeout = 50ms' | drop_in 10.ini
	status 0 gw sh -c 'touch started'
	exists started
	contains "$err" "warning: conf/10.ini:1: [wait:a]: it took longer"
}

# Whatever asks is ended with us: a resolver may take its time.
a_stop_ends_a_wait() {
	local worker child
	# It takes connections, and never says that it is ready.
	background python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0))
open("port.new", "w").write(str(s.getsockname()[1]))
import os; os.rename("port.new", "port")
while True: kept = s.accept()'
	eventually test -e port
	printf '%s\n' '[wait:a]' "url = mysql://127.0.0.1:$(<port)" | drop_in 10.ini
	background env --default-signal "$GROUNDWORK" -c conf apply
	eventually grep -q . "/proc/$pid/task/$pid/children"
	worker=$(tr -d ' ' <"/proc/$pid/task/$pid/children")
	eventually grep -q . "/proc/$worker/task/$worker/children"
	child=$(tr -d ' ' <"/proc/$worker/task/$worker/children")
	kill -TERM "$pid"
	status 143 wait "$pid"
	missing "/proc/$child"
}

# Nobody is kept from the state directory meanwhile.
many_wait_side_by_side() {
	serve port 1
	printf '%s\n' '[bootstrap]' 'state = st' '[directory:st]' 'path = st' '[wait:a]' "url = tcp://127.0.0.1:$(<port)" \
		'[exec:o]' 'command = sh -c "echo x >>log"' 'once = yes' | drop_in 10.ini
	local number pids=()
	for ((number = 0; number < 8; number++)); do
		"$GROUNDWORK" -c conf apply 2>"log.$number" &
		pids+=($!)
	done
	for number in "${!pids[@]}"; do
		wait "${pids[number]}" || fail "$(cat "log.$number")"
	done
	equal x "$(cat log)"
}

# Another start on the same volume may be what is waited for: a step before had taken the lock.
a_service_that_needs_the_lock_is_not_kept_from_starting() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = st
		[exec:first]
		command = sh -c 'touch "$WHO"'
		order = 1
		[directory:d]
		path = ${WHO}.d
		requires = file:///proc/self/cwd/two
		when = env:WHO=one
		[wait:a]
		url = file:///proc/self/cwd/three
		when = env:WHO=one
		[wait:b]
		command = test -e four
		when = env:WHO=one
		interval = 20ms
	END
	mkdir st
	WHO=one background "$GROUNDWORK" -c conf apply 2>log
	local who
	for who in two three four; do
		eventually test -e one
		WHO=$who status 0 gw --deadline 20s apply
	done
	wait "$pid" || fail "$(<log)"
	exists one.d
}

# Whatever is wrong with it, and however long it is.
a_wrong_address_shows_no_password() {
	local address long
	long=$(printf 'x%.0s' {1..120})
	for address in "postgres://u:topsecret/1@$long/db" "unix://u:topsecret1@/$long" "http://u:topsecret1@$long:x" \
		"postgres://u:topsecret%@$long" "postgres://u:topsecret1@h:port-$long" "u:topsecret1@h:5432"; do
		printf '%s\n' '[wait:a]' "url = $address" | drop_in 10.ini
		status 100 gw --report r apply
		lacks "$err" topsecret
		lacks r topsecret
		# shellcheck disable=SC2016 # a variable of groundwork's
		printf '%s\n' '[wait:a]' 'url = ${URL}' | drop_in 10.ini
		URL=$address status 100 gw apply
		lacks "$err" topsecret
		printf '%s\n' '[directory:d]' 'path = d' "requires = $address" | drop_in 10.ini
		status 100 gw apply
		lacks "$err" topsecret
	done
}

no_time_at_all_is_an_error() {
	printf '%s\n' '[wait:x]' 'url = file:///nowhere' 'timeout = 0' | drop_in 10.ini
	status 100 gw check
	contains "$err" "10.ini:3:11: [wait:x] timeout: 0 leaves no time for anything; write none for no limit"
	printf '%s\n' '[bootstrap]' 'timeout = 0s' | drop_in 10.ini
	status 100 gw check
	contains "$err" "10.ini:2:11: [bootstrap] timeout: 0 leaves no time"
	status 100 gw --timeout 0 apply
	contains "$err" "0 leaves no time"
}

# What is waited for is in the one line that says that the step is at work.
what_is_waited_for_is_said_once() {
	printf '%s\n' '[wait:x]' "url = file://$PWD/ready" | drop_in 10.ini
	"$GROUNDWORK" -c conf apply 2>log &
	eventually grep -qF "[wait:x] is still at work: waiting for file://$PWD/ready (asked " log
	touch ready
	wait $!
	equal 1 "$(grep -c 'waiting for' log)"
}

# It would be a port that is open, and no more.
a_scheme_that_is_misspelt_is_an_error() {
	printf '%s\n' '[wait:w]' 'url = htps://127.0.0.1:1/ready' '[directory:d]' 'path = d' \
		'requires = postgers://127.0.0.1:1/app' | drop_in 10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:2:7: [wait:w] url: begins with 'htps://', which is not known; did you mean 'https://'?"
	contains "$err" "conf/10.ini:5"
	contains "$err" "did you mean 'postgres://'?"
	status 100 gw --wait htps://127.0.0.1:1 apply
	contains "$err" "did you mean 'https://'?"
}

# listen SOCKET MODE: takes connections there, of which each adds a line to `asked`.
function listen {
	cat >listen.py <<-'END'
		import os, socket, sys

		path, mode = sys.argv[1], int(sys.argv[2], 8)
		server = socket.socket(socket.AF_UNIX)
		server.bind(path + ".new")
		os.chmod(path + ".new", mode)
		server.listen()
		os.rename(path + ".new", path)
		while True:
		    connection = server.accept()[0]
		    with open("asked", "a") as asked:
		        asked.write(path + "\n")
		    connection.close()
	END
	background python3 listen.py "$1" "$2"
	eventually test -S "$1"
}

# misled URL TEXT: the wait is refused, and nobody was asked.
function misled {
	printf '%s\n' '[wait:w]' "url = $1" 'timeout = 200ms' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "$2"
	missing asked
	status 0 gw --online plan
	contains "$out" "$2"
	missing asked
}

root_no_link_of_others_leads_a_wait_elsewhere() {
	mkdir -m 700 private
	touch private/file
	mkdir volume run
	listen run/.s.PGSQL.5432 600
	ln -s "$PWD/private/file" volume/file
	ln -s "$PWD/private" volume/dir
	ln -s "$PWD/run/.s.PGSQL.5432" volume/socket
	ln -s "$PWD/run" volume/run
	ln -s /proc/self/fd/0 volume/fd
	ln run/.s.PGSQL.5432 volume/linked
	chown -h 10001:10001 volume volume/{file,dir,socket,run,fd}
	misled "file://$PWD/volume/file" "/volume/file': unsafe path: the link 'file' is followed, which user 10001 can exchange"
	misled "file://$PWD/volume/dir/file" "unsafe path: the link 'dir' is followed"
	misled "file://$PWD/volume/fd" "unsafe path: the link 'fd' is followed"
	misled "unix://$PWD/volume/socket" "with mode 0600 and is not theirs to write to"
	misled "unix://$PWD/volume/linked" "has several hard links, which user 10001 can exchange"
	misled "postgres:///app?host=$PWD/volume/run" "unsafe path: the link 'run' is followed"
}

root_links_that_are_right_lead_to_what_is_waited_for() {
	mkdir -m 755 volume run
	listen volume/theirs 600
	listen run/open 777
	ln -s run alias
	ln -s theirs volume/link
	ln -s "$PWD/run/open" volume/open
	chown -h 10001:10001 volume volume/*
	printf '%s\n' '[wait:w]' "url = unix://$PWD/volume/theirs unix://$PWD/volume/link" \
		"  unix://$PWD/alias/open unix://$PWD/volume/open file://$PWD/alias" \
		"  file://$PWD/volume/open" | drop_in 10.ini
	status 0 gw -v apply
	contains "$err" "unix://$PWD/volume/link answers, unix://$PWD/alias/open answers"
	# As an emptyDir has it, where each container may be another user.
	chown 0 volume
	chmod 1777 volume
	chown 10002 volume/theirs
	printf '%s\n' '[wait:w]' "url = unix://$PWD/volume/theirs" | drop_in 10.ini
	status 0 gw apply
}

# A device or a FIFO is not opened, which would block or do what opening it does.
root_a_pipe_in_place_of_a_socket_blocks_no_wait() {
	mkdir volume
	mkfifo volume/socket
	chown 10001 volume volume/socket
	printf '%s\n' '[wait:w]' "url = unix://$PWD/volume/socket" 'timeout = 200ms' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "last: Connection refused"
	printf '%s\n' '[wait:w]' "url = file://$PWD/volume/socket" | drop_in 10.ini
	status 0 gw apply
}

an_address_without_a_password_is_named_though_its_variable_is_secret() {
	local url
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = URL
		[wait:w]
		url = ${URL}
		timeout = 300ms
	END
	for url in tcp://127.0.0.1:9 tcp://user:hunter22@127.0.0.1:9/hunter23; do
		status 111 env URL=$url "$GROUNDWORK" -c conf apply
		contains "$err" "tcp://127.0.0.1:9 (asked"
		lacks "$err" hunter
		echo $url >file
		status 111 env URL_FILE=file "$GROUNDWORK" -c conf apply
		contains "$err" "tcp://127.0.0.1:9 (asked"
		lacks "$err" hunter
	done
	# What is behind it may be a secret, as that of a hook.
	drop_in 20.ini <<-'END'
		[exec:e]
		command = sh -c 'echo $URL'
		env = URL
		order = 1
	END
	status 111 env URL=http://127.0.0.1:9/hunter23 "$GROUNDWORK" -c conf apply
	lacks "$err" hunter
}

a_database_in_a_file_is_nothing_to_wait_for() {
	printf '%s\n' '[wait:w]' 'url = sqlite:///data/db.sqlite3' | drop_in 10.ini
	status 100 gw check
	contains "$err" "[wait:w] url: is of a file, which no service has to open: leave the step out where it is, as by \`when = !env:DATABASE_URL=sqlite*\`"
}
