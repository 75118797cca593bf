#!/bin/bash
# SPDX-License-Identifier: MIT
# The image redis.
. "${BASH_SOURCE[0]%/*}/../image.sh"

function ping_redis {
	[[ $(redis-cli -s "$PWD/data/socket" ping) == PONG ]]
}

# serves [WORD…]: with a socket in the volume, and no port.
function serves {
	needs redis-server redis-cli
	chmod 755 .
	start "$@" --port 0 --unixsocket "$PWD/data/socket" --save ''
	serving ping_redis
}

root_a_flag_is_for_the_server_which_is_redis() {
	serves --maxmemory 12345678
	equal 12345678 "$(redis-cli -s data/socket config get maxmemory | tail -n 1)"
	equal "$(id -u redis) $(id -u redis)" "$(owner_of_process "$pid")"
	equal 0077 "$(awk '/^Umask:/ { print $2 }' "/proc/$pid/status")"
	mode data 755 "$(id -u redis):$(id -g redis)"
	stop TERM
}

root_a_configuration_is_for_the_server() {
	echo "maxmemory 7654321" >small.conf
	serves "$PWD/small.conf"
	equal 7654321 "$(redis-cli -s data/socket config get maxmemory | tail -n 1)"
	stop TERM
}

root_what_root_left_in_the_volume_is_given_to_redis_once() {
	mkdir -p data/append
	touch data/file data/append/1
	serves redis-server
	stop TERM
	equal "$(id -u redis)" "$(stat -c %u data/append/1)"
	equal "$(id -u redis)" "$(stat -c %u data/file)"
	snapshot data/append data/file >before
	serves redis-server
	snapshot data/append data/file >after
	equal "$(cat before)" "$(cat after)" "what a warm start leaves alone"
	stop TERM
}

root_another_command_runs_as_it_is() {
	needs redis-server
	status 0 "$GROUNDWORK" -c "$CONF" -- id -u
	equal 0 "$(cat "$out")"
	missing data
}

root_the_root_file_system_is_read_only() {
	needs redis-server redis-cli
	chmod 755 .
	start_read_only "$PWD/data" -- --port 0 --unixsocket "$PWD/data/socket" --save ''
	serving inside redis-cli -s "$PWD/data/socket" ping
	equal "$(id -u redis) $(id -u redis)" "$(owner_of_process "$pid")"
	stop TERM
}

user_any_user_serves_as_itself() {
	serves
	equal "$(id -u) $(id -u)" "$(owner_of_process "$pid")"
	stop INT
}
