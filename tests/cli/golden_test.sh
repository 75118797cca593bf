#!/bin/bash
# SPDX-License-Identifier: MIT
# What people see of a plan, of a start and of what fails, as a whole: golden/*.txt. With
# GOLDEN=DIR in the environment they are written anew there, to be read before they are kept.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# ground: in a directory whose path has the same length each time.
function ground {
	root=$(mktemp -d /tmp/gw-XXXXXX)
	trap 'rm -rf "$root"; end_background' EXIT
	mkdir -p "$root"/conf/sql "$root/run"
	touch "$root/run/pid"
	printf '%s\n' 'CREATE TABLE users (id INTEGER PRIMARY KEY);' >"$root/conf/sql/001_users.sql"
	cat >"$root/conf/10.ini" <<-'END'
		[bootstrap]
		fail_fast = no
		[absent:pid]
		path = run/pid
		[directory:data]
		path = data data/uploads data/cache
		[key:session]
		path = data/session.key
		[file:settings]
		path = data/settings.json
		policy = manage
		content = {"port": ${PORT:-8080}, "token": "${key:session}"}
		[database:app]
		path = data/app.db
		migrations = sql
		[exec:seed]
		command = true
		when = on:SEED
		[exec:refused]
		command = sh -c 'echo it is refused >&2; exit 3'
		enabled = ${REFUSED:-no}
		[file:after]
		path = data/after
		requires = exec:refused
		enabled = ${REFUSED:-no}
	END
	cd "$root"
}

# seen NAME COLUMNS COLOR WORD…: on a terminal, it is what the file holds.
function seen {
	local golden=$ROOT/tests/cli/golden/$1.txt
	local columns=$2 color=$3
	shift 3
	"$ROOT/tests/cli/on_terminal.py" "$columns" "$GROUNDWORK" -c conf --color "$color" "$@" >got || true
	sed -e "s,${root##*-}\>,XXXXXX,g" -e 's/gw:[0-9a-f]*/gw:0123456789abcdef/' \
		-e 's/([0-9.]*[mu]*s)/(TIME)/' -e 's/\x1b/\\e/g' got >seen
	if [[ -n ${GOLDEN-} ]]; then
		cp seen "$GOLDEN/${golden##*/}"
	else
		diff -u "$golden" seen || fail "not what $golden has"
	fi
}

# at COLUMNS: all that there is to see.
function at {
	ground
	seen "plan-$1" "$1" never plan
	seen "first-$1" "$1" never apply
	seen "second-$1" "$1" never apply
	chmod 700 data/uploads
	printf '%s\n' '[directory:mode]' 'path = data/uploads' 'mode = 0755' >>conf/10.ini
	rm data/settings.json
	seen "changes-$1" "$1" never plan --diff
	REFUSED=yes seen "failure-$1" "$1" never apply
	report
	seen "status-$1" "$1" never status --report r.json
	seen "list-$1" "$1" never list
}

# A report of the failure whose times are always the same.
function report {
	REFUSED=yes gw --report r.json apply 2>/dev/null || true
	python3 - <<-'END'
		import json
		with open("r.json") as file:
		    run = json.load(file)
		run["started"] = "2199-01-01T00:00:00.000Z"
		run["duration_ms"] = 45.6
		for number, step in enumerate(run["steps"]):
		    step["duration_ms"] = 1.25 * number
		with open("r.json", "w") as file:
		    json.dump(run, file, separators=(",", ":"))
	END
}

at_80_columns() { at 80; }
at_120_columns() { at 120; }

with_color() {
	ground
	seen plan-color 110 always plan
	seen first-color 110 always apply
	seen second-color 110 always apply
	REFUSED=yes seen failure-color 110 always apply
	report
	seen status-color 110 always status --report r.json
}

# No line of a log that is no terminal is broken: it is searched, line by line.
what_is_no_terminal_gets_whole_lines() {
	ground
	"$GROUNDWORK" -c conf plan >planned
	"$GROUNDWORK" -c conf apply 2>log
	equal 9 "$(wc -l <log)"
	equal 8 "$(grep -c '^[-+·=]' planned)"
	equal 1 "$(awk 'length > 120' planned | wc -l)"
}
