#!/bin/bash
# SPDX-License-Identifier: MIT
# The notebook from its first start to its second: demo.sh GROUNDWORK
#
# An application that cannot start in an empty directory starts there behind groundwork, stores
# a note, stops, starts again on the same files, and still has the note. Exit 0 only if all of
# this was seen. Writes only to a temporary directory.
set -euo pipefail

groundwork=$(realpath "${1:?usage: demo.sh GROUNDWORK}")
cd "${BASH_SOURCE[0]%/*}"
temporary=$(mktemp -d "${TMPDIR:-/tmp}/notes-demo.XXXXXX")
base=$temporary/ground
log=$temporary/log
unset NOTES_KEY NOTES_CONFIG NOTES_TITLE "${!GROUNDWORK_@}"
export PYTHONDONTWRITEBYTECODE=1
app=

# shellcheck disable=SC2317 # called by the trap
cleanup() {
	# It may have ended already.
	[[ -z $app ]] || kill -KILL "$app" 2>/dev/null || true
	rm -rf "$temporary"
}
trap cleanup EXIT

heading() {
	echo
	echo "== $*"
}

give_up() {
	echo "demo: $*" >&2
	exit 1
}

indent() {
	sed "s|$base|\$BASE|g; s/^/    /"
}

# expect CODE COMMAND…: runs it, shows what it says, and checks how it ended.
expect() {
	local want=$1 got=0
	shift
	"$@" >"$temporary/said" 2>&1 || got=$?
	indent <"$temporary/said"
	echo "exit code $got"
	((got == want)) || give_up "expected exit code $want"
}

alone() {
	(cd "$base" && python3 "$OLDPWD/app/server.py")
}

# http METHOD PATH [JSON]: prints the answer's body; fails where the status is an error.
http() {
	python3 - "$@" <<-'END'
		import os, sys, urllib.request
		method, path, body = (sys.argv[1:] + [None])[:3]
		address = f"http://127.0.0.1:{os.environ['PORT']}{path}"
		request = urllib.request.Request(address, body and body.encode(), method=method)
		opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
		print(opener.open(request, timeout=10).read().decode(), end="")
	END
}

# start REPORT: in the background; returns when the port answers.
start() {
	echo "\$ groundwork -c conf.d -C \$BASE --report ${1##*/} run &"
	"$groundwork" -c conf.d -C "$base" --report "$1" run </dev/null >"$log" 2>&1 &
	app=$!
	local try
	for ((try = 0; try < 500; try++)); do
		if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
			indent <"$log"
			return
		fi
		kill -0 "$app" 2>/dev/null || break
		sleep 0.02
	done
	indent <"$log"
	give_up "the application does not answer on port $PORT"
}

stop() {
	local code=0
	kill -TERM "$app"
	wait "$app" || code=$?
	app=
	echo "SIGTERM sent; exit code $code"
	((code == 0)) || give_up "expected exit code 0"
}

# every_step REPORT STATUS: each step of the report ended so.
every_step() {
	python3 - "$@" <<-'END' || give_up "not every step was $2"
		import json, sys
		steps = json.load(open(sys.argv[1]))["steps"]
		other = [step["id"] for step in steps if step["status"] != sys.argv[2]]
		sys.exit(", ".join(other) or not steps)
	END
	echo "Its report says the same of all steps: $2."
}

PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
export PORT
mkdir "$base"

heading "The application alone, on an empty directory"
echo "\$ cd \$BASE && python3 app/server.py"
expect 1 alone
[[ -z $(ls -A "$base") ]] || give_up "the directory is not empty any more"

heading "What groundwork would do there"
echo "\$ groundwork -c conf.d -C \$BASE plan --exit-code"
expect 2 "$groundwork" -c conf.d -C "$base" plan --exit-code
[[ -z $(ls -A "$base") ]] || give_up "the plan wrote something"
echo "The directory is still empty."

heading "The first start, behind groundwork"
start "$temporary/first.json"
every_step "$temporary/first.json" success

heading "A note is stored and read"
http POST /notes '{"author": "Ada", "text": "The engine weaves."}' | indent
note=$(http GET /notes/1)
indent <<<"$note"
[[ $note == *'"The engine weaves.", "verified": true'* ]] || give_up "that is not the note"

heading "The key is in its file, and in nothing that was said"
stat -c '%A %n' "$base/data/signing.key" | indent
[[ $(stat -c %a "$base/data/signing.key") == 600 ]] || give_up "the key can be read by others"
! grep -qFf "$base/data/signing.key" "$log" "$temporary/first.json" ||
	give_up "the key was written where it does not belong"

heading "It stops on SIGTERM"
stop

heading "What groundwork would do now"
echo "\$ groundwork -c conf.d -C \$BASE plan --exit-code"
expect 0 "$groundwork" -c conf.d -C "$base" plan --exit-code

heading "The second start: every step is in place"
start "$temporary/second.json"
every_step "$temporary/second.json" skipped

heading "The note is still there"
again=$(http GET /notes/1)
indent <<<"$again"
[[ $again == "$note" ]] || give_up "that is not the note"
stop

echo
echo "All of this was checked: the application has no first-run code, and needs none."
