#!/bin/bash
# SPDX-License-Identifier: MIT
# The image gitea; a program that reads app.ini stands for the real one.
. "${BASH_SOURCE[0]%/*}/../image.sh"

# serves: until it has printed what it read.
function serves {
	chmod 755 .
	cp "$image/server.py" .
	start python3 server.py data/conf/app.ini
	serving grep -q uid "$application_log"
}

# setting SECTION KEY: what the program has read.
function setting {
	python3 -c 'import json, sys
lines = open(sys.argv[1]).read().splitlines()
print(json.loads(lines[-1])["settings"][sys.argv[2]].get(sys.argv[3], ""))' \
		"$application_log" "$@"
}

root_a_fresh_volume_has_settings_and_a_secret() {
	export DOMAIN=git.example TRUSTED_PROXIES="10.0.0.1 10.0.0.2"
	serves
	equal http://git.example:3000/ "$(setting server ROOT_URL)"
	equal 22 "$(setting server SSH_PORT)"
	equal "$PWD/data/gitea.db" "$(setting database PATH)"
	equal 10.0.0.1,10.0.0.2 "$(setting security REVERSE_PROXY_TRUSTED_PROXIES)"
	equal "$(cat data/conf/secret.key)" "$(setting security SECRET_KEY)"
	equal "Gitea: Git with a cup of tea" "$(setting top APP_NAME)"
	equal "1000 1000" "$(owner_of_process "$pid")"
	stop TERM
}

root_what_the_user_wrote_stays_and_variables_set_keys() {
	serves
	stop TERM
	sed -i 's/^RUN_MODE = .*/RUN_MODE = dev ; mine/; s/^HTTP_PORT = .*/HTTP_PORT = 8080/' \
		data/conf/app.ini
	cp data/conf/app.ini before
	export GITEA__server__HTTP_PORT=9000 GITEA__log_0x2E_file__LEVEL=debug
	echo 'pass;word # "x"' >password
	chmod 600 password
	export GITEA__database__PASSWD__FILE=$PWD/password
	serves
	equal 9000 "$(setting server HTTP_PORT)"
	equal debug "$(setting log.file LEVEL)"
	equal "dev ; mine" "$(setting top RUN_MODE)"
	equal 'pass;word # "x"' "$(setting database PASSWD)"
	stop TERM
	cp data/conf/app.ini after
	snapshot data/conf >state
	serves
	equal "$(cat state)" "$(snapshot data/conf)" "what a warm start leaves alone"
	stop TERM
}

a_database_without_its_host_is_an_error() {
	DB_TYPE=postgres status 100 "$GROUNDWORK" -c "$CONF" -- true
	contains "$err" "set DB_HOST for this DB_TYPE"
	missing data
}

root_the_root_file_system_is_read_only() {
	chmod 755 .
	cp "$image/server.py" .
	start_read_only "$PWD/data" --
	serving grep -q uid "$application_log"
	stop TERM
}

user_any_user_serves_as_itself() {
	serves
	equal localhost "$(setting server DOMAIN)"
	stop TERM
}
