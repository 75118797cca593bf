#!/bin/bash
# SPDX-License-Identifier: MIT
# The image nginx.
. "${BASH_SOURCE[0]%/*}/../image.sh"

function get {
	"$@" curl -sf --unix-socket "$PWD/run/http.sock" http://shop.example/
}

function serves {
	needs nginx curl
	chmod 755 .
	start nginx -e stderr -c "$PWD/nginx/nginx.conf" -g 'daemon off;'
	serving get env
}

root_templates_become_the_configuration() {
	NGINX_GREETING='a "quoted" one' serves
	equal 'a "quoted" one shop.example' "$(get env)"
	equal "$(id -u www-data) $(id -u www-data)" "$(owner_of_process "$pid")"
	missing nginx/conf.d/site.conf.template
	stop QUIT
	exists nginx/conf.d/site.conf
}

root_a_warm_start_changes_nothing() {
	serves
	stop TERM
	snapshot nginx >before
	serves
	equal "$(cat before)" "$(snapshot nginx)" "what a warm start leaves alone"
	lacks "$application_log" "groundwork: +"
	stop TERM
}

root_a_file_of_the_user_is_a_part_of_it_and_stays() {
	mkdir -p nginx/conf.d
	# shellcheck disable=SC2016
	echo 'map $host $mine { default mine; }' >nginx/conf.d/map.conf
	chown -R www-data: nginx
	snapshot nginx/conf.d/map.conf >before
	serves
	equal "$(cat before)" "$(snapshot nginx/conf.d/map.conf)"
	stop TERM
	echo 'nonsense;' >nginx/conf.d/map.conf
	NGINX_GREETING=other status 111 "$GROUNDWORK" -c "$CONF" -- nginx
	contains "$err" 'unknown directive "nonsense"'
	contains nginx/conf.d/site.conf hello
}

root_what_nginx_refuses_is_not_published() {
	serves
	stop TERM
	snapshot nginx >before
	NGINX_WORKERS=many NGINX_GREETING=other status 111 "$GROUNDWORK" -c "$CONF" -- nginx
	contains "$err" '"worker_processes" directive invalid value'
	contains "$err" "nginx' was refused"
	equal "$(cat before)" "$(snapshot nginx)" "what is not published"
}

root_a_hostile_name_breaks_out_of_nothing() {
	NGINX_HOST='x; return 403 "pwned"; #' serves
	equal "hello shop.example" "$(get env)"
	stop TERM
	# shellcheck disable=SC2016
	NGINX_HOST='$hostname' status 100 "$GROUNDWORK" -c "$CONF" -- nginx
	contains "$err" "site.conf.template:3"
}

root_the_root_file_system_is_read_only() {
	needs nginx curl
	chmod 755 .
	TMPDIR=$PWD/tmp start_read_only "$PWD/run" "$PWD/nginx" "$PWD/tmp:1777" -- nginx -e stderr -c "$PWD/nginx/nginx.conf" \
		-g 'daemon off;'
	serving get inside
	stop TERM
}

user_any_user_serves_as_itself() {
	serves
	equal "$(id -u) $(id -u)" "$(owner_of_process "$pid")"
	stop QUIT
}
