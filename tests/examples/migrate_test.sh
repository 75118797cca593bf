#!/bin/bash
# SPDX-License-Identifier: MIT
# A docker-entrypoint.sh, and the drop-in that takes its place.
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

export APP_NAME=Notes

# before DIRECTORY, after DIRECTORY: what each leaves there, and what the application sees.
function before_it {
	local tool
	for tool in envsubst openssl sqlite3; do
		command -v $tool >/dev/null || skip "no $tool"
	done
	(cd "$ROOT/examples/migrate" && APP_USER=$(id -un) DATA_DIR=$1 setpriv --reuid "$2" --clear-groups \
		./docker-entrypoint.sh printenv PORT SESSION_KEY)
}
function after_it {
	DATA_DIR=$1 "$GROUNDWORK" -c "$ROOT/examples/migrate/conf.d" "${@:2}" -- printenv PORT SESSION_KEY
}

root_its_readme_is_true() {
	reads examples/migrate
}

root_what_the_script_has_made_is_taken_as_it_is() {
	local key
	mkdir data
	chown 1234 data
	chmod 755 .
	before_it "$PWD/data" 1234 >said
	key=$(<data/session.key)
	equal "8080 $key" "$(xargs <said)"
	cp data/app.json before.json
	# The database has tables and no ledger.
	status 111 after_it "$PWD/data"
	contains "$err" "adopt = baseline:"
	printf '[database:app]\nadopt = baseline:001\n' | drop_in 20-adopt.ini
	status 0 after_it "$PWD/data" -c conf
	equal "8080 $key" "$(xargs <"$out")"
	same before.json data/app.json
	contains "$err" "= key:session"
	status 0 after_it "$PWD/data" -c conf
	contains "$err" "nothing to do"
}
