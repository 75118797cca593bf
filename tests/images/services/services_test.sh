#!/bin/bash
# SPDX-License-Identifier: MIT
# Services that others wait for: each is started late, and takes connections before it is ready.
# shellcheck source=tests/images/image.sh
. "${BASH_SOURCE[0]%/*}/../image.sh"
# shellcheck source=tests/cli/http.sh
. "$ROOT/tests/cli/http.sh"
# shellcheck source=tests/postgres.sh
. "$ROOT/tests/postgres.sh"

PATH=$PATH:/usr/sbin

# An address of loopback that is ours, with the usual ports.
host=127.$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1))

# by USER: $as is what root runs a command with as that user, and nothing for others.
function by {
	as=()
	((EUID != 0)) || as=(setpriv --reuid "$1" --regid "$1" --clear-groups)
}

# waits URL KEY…: begins to wait for it, and makes `reached` then.
function waits {
	printf '%s\n' '[wait:s]' "url = $1" 'timeout = 50s' "${@:2}" '[directory:reached]' 'path = reached' \
		'requires = wait:s' | drop_in 10.ini
	"$GROUNDWORK" -c conf apply >waiting.log 2>&1 &
	waiting=$!
	# What begins with the wait is started when that has asked several times.
	eventually says 'onnect' # "Connection refused", "Failed to connect"
	sleep 3
}

# says TEXT: so it is now.
function says {
	"$GROUNDWORK" -c conf --online --only wait:s plan | grep -F -e "$1"
}

# is_up_and_not_ready TEXT: it answers with that, and the wait goes on.
function is_up_and_not_ready {
	eventually says "$1"
	kill -0 "$waiting" || fail "it has ended: $(<waiting.log)"
	missing reached
}

function is_ready {
	wait "$waiting" || fail "it has failed: $(<waiting.log)"
	exists reached
}

# It is a standby that serves nobody until it is promoted, and has no entry for a client then.
postgres_is_waited_for() {
	needs postgres initdb pg_ctl
	by postgres
	chmod 1777 .
	"${as[@]}" initdb -D data -U postgres -A trust -E UTF8 -N >initdb.log
	"${as[@]}" touch data/standby.signal
	echo 'hostssl all all all scram-sha-256' >data/pg_hba.conf
	waits "postgres://app:x@$host:5432/shop postgres:///shop?host=$PWD"
	background "${as[@]}" postgres -D data -c listen_addresses="$host" -c port=5432 -c fsync=off \
		-c unix_socket_directories="$PWD" -c hot_standby=off -c restore_command=false
	is_up_and_not_ready "last: $host: the database system is not accepting connections"
	is_up_and_not_ready "last: the database system is not accepting connections"
	"${as[@]}" pg_ctl -D data -W promote >promote.log
	is_ready
	"${as[@]}" pg_ctl -D data -m immediate stop >stop.log
}

# It loads its data, slowly, until that is configured otherwise.
redis_is_waited_for() {
	needs redis-server redis-cli
	background redis-server --port 0 --unixsocket "$PWD/socket" --save '' >first.log
	eventually redis-cli -s socket ping
	redis-cli -s socket eval 'for i = 1, 20000 do redis.call("set", "k" .. i, i) end' 0 >/dev/null
	redis-cli -s socket shutdown save
	wait "$pid"
	waits "redis://:x@$host/0"
	background redis-server --bind "$host" --unixsocket "$PWD/socket" --requirepass x --save '' \
		--key-load-delay 10000 --loading-process-events-interval-bytes 1024 >second.log
	is_up_and_not_ready "last: $host: LOADING Redis is loading"
	redis-cli -s socket -a x config set key-load-delay 0 >/dev/null 2>&1
	is_ready
}

# Its port is open before it is started, as under socket activation.
mariadb_is_waited_for() {
	needs mariadbd mariadb-install-db
	local user=mysql
	((EUID == 0)) || user=$(id -un)
	chmod 1777 .
	mariadb-install-db --no-defaults --datadir="$PWD/data" --user="$user" --skip-test-db \
		--skip-log-bin >install.log 2>&1
	waits "mysql://app:x@$host/shop"
	cat >activate.py <<-'END'
		import os, socket, sys, time

		server = socket.create_server((sys.argv[1], 3306))
		while not os.path.exists("go"):
		    time.sleep(0.02)
		os.dup2(server.fileno(), 3)
		os.set_inheritable(3, True)
		os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
		os.execvp("mariadbd", ["mariadbd"] + sys.argv[2:])
	END
	background python3 activate.py "$host" --no-defaults --datadir="$PWD/data" --user="$user" \
		--socket="$PWD/socket" --pid-file="$PWD/data/pid" 2>server.log
	is_up_and_not_ready "last: $host: it accepts the connection and says nothing"
	touch go
	is_ready
}

# What it passes requests on to is started later.
nginx_is_waited_for() {
	needs nginx
	pem "IP:$host"
	nginx_with front "listen $host:8080; listen $host:8443 ssl;
		ssl_certificate $PWD/cert.pem; ssl_certificate_key $PWD/cert.pem;
		location / { proxy_pass http://unix:$PWD/back:; }"
	nginx_with back "listen unix:$PWD/back; location / { return 204; }"
	waits "http://$host:8080/ready https://$host:8443/ready" "ca_file = $PWD/only.pem" 'expect = 2xx'
	background nginx -p "$PWD/" -c front.conf
	is_up_and_not_ready "https://$host:8443/ready (asked 1 time, last: the server answers with status 502)"
	background nginx -p "$PWD/" -c back.conf
	is_ready
}

# nginx_with NAME SERVER: its configuration.
function nginx_with {
	cat >"$1.conf" <<-END
		daemon off;
		master_process off;
		pid $1.pid;
		error_log $1.log;
		events { }
		http {
			access_log off;
			client_body_temp_path $1.tmp;
			proxy_temp_path $1.tmp;
			fastcgi_temp_path $1.tmp;
			uwsgi_temp_path $1.tmp;
			scgi_temp_path $1.tmp;
			server { $2 }
		}
	END
}
