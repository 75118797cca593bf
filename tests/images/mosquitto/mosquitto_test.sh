#!/bin/bash
# SPDX-License-Identifier: MIT
# The image eclipse-mosquitto.
. "${BASH_SOURCE[0]%/*}/../image.sh"

function publish {
	"$@" mosquitto_pub --unix "$PWD/data/socket" -t groundwork -m message -r
}

function serves {
	needs mosquitto mosquitto_pub
	chmod 755 .
	start mosquitto -c config/mosquitto.conf
	serving publish env
}

root_the_broker_and_its_volume_are_of_puid_and_pgid() {
	export PUID=2001 PGID=2002
	serves
	equal "2001 2001" "$(owner_of_process "$pid")"
	mode data 755 2001:2002
	stop TERM
	exists data/mosquitto.db
	mode config/mosquitto.conf 644 2001:2002
}

root_a_warm_start_changes_nothing_and_serves_what_was_retained() {
	needs mosquitto_sub
	serves
	stop TERM
	snapshot config >before
	serves
	equal message "$(mosquitto_sub --unix "$PWD/data/socket" -t groundwork -C 1 -W 5)"
	snapshot config >after
	cmp before after
	stop TERM
	status 0 "$GROUNDWORK" -c "$CONF" plan --exit-code mosquitto
	contains "$out" ": nothing to do"
}

root_other_ids_are_given_all_of_it_at_the_next_start() {
	serves
	equal "1883 1883" "$(owner_of_process "$pid")"
	stop TERM
	export PUID=2001 PGID=2002
	serves
	stop TERM
	equal "" "$(find config data log ! -user 2001)" "what is another's"
}

root_a_configuration_of_the_user_is_left_as_it_is() {
	mkdir config
	printf 'listener 0 %s/data/socket\nallow_anonymous true\nmax_qos 1\n' "$PWD" \
		>config/mosquitto.conf
	cp config/mosquitto.conf before
	serves
	stop TERM
	cmp before config/mosquitto.conf
}

root_the_root_file_system_is_read_only() {
	needs mosquitto mosquitto_pub
	chmod 755 .
	start_read_only "$PWD/config" "$PWD/data" "$PWD/log" --
	serving publish inside
	equal "1883 1883" "$(owner_of_process "$pid")"
	stop TERM
}

user_any_user_serves_as_itself() {
	serves
	equal "$(id -u) $(id -u)" "$(owner_of_process "$pid")"
	stop TERM
}
