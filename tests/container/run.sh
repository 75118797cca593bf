#!/bin/bash
# SPDX-License-Identifier: MIT
# The Dockerfile, and groundwork in real containers: run.sh [NAME…]
#
# It needs podman. Where containers have to be set up in a way of the machine's own,
# CONTAINER_LAB names a program that knows how: "setup", "build ARG…", "podman ARG…" and
# "kube FILE"; shared/container-lab beside the clone is found by itself. Without either all
# is skipped, which is no failure; that such a program cannot set them up is one. Each
# function `name() {` below is a test, in this order, and ends at the first thing that is not
# as expected; a helper is written `function name {`. What is made here is removed. A directory
# LIBRARIES gets the release's libraries as the image's build has made them. With FULL=1 the
# Dockerfile's tests run, too, and the image of another machine is built, and run by qemu-user.
set -uo pipefail
cd "${BASH_SOURCE[0]%/*}/../.." || exit 2
[[ -n ${CONTAINER_LAB-} || ! -x ../shared/container-lab ]] ||
	CONTAINER_LAB=../shared/container-lab

image=localhost/groundwork-test:latest # as tests/container/Dockerfile calls it
foreign=localhost/groundwork-test-arm64:latest
# The one that CONTAINER_LAB has; others get theirs from where the Dockerfile says.
base=(${CONTAINER_LAB:+--build-arg BASE=docker.io/library/debian:bookworm-slim})
stage=localhost/groundwork-test-build:latest
notes=localhost/groundwork-notes:latest
checked=localhost/groundwork-checked:latest
pod=groundwork-test-pod
container=groundwork-test
volume=groundwork-test-ground
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-container.XXXXXX")
log=$work/log

# ---- the engine ----

function engine { # as podman
	if [[ -n ${CONTAINER_LAB-} ]]; then
		"$CONTAINER_LAB" podman "$@" </dev/null
	else
		podman "$@" </dev/null
	fi
}

function build { # TAG [ARG…] DIRECTORY
	local command=(podman build)
	[[ -z ${CONTAINER_LAB-} ]] || command=("$CONTAINER_LAB" build)
	timeout "${CONTAINER_LIMIT:-600}" "${command[@]}" --layers -t "$@" </dev/null
}

function kube { # FILE
	if [[ -n ${CONTAINER_LAB-} ]]; then
		"$CONTAINER_LAB" kube "$1" </dev/null
	else
		podman play kube "$1" </dev/null
	fi
}

function obstacle {
	if [[ -n ${CONTAINER_LAB-} ]]; then
		"$CONTAINER_LAB" setup </dev/null >"$log" 2>&1 ||
			echo "CONTAINER_LAB could not be set up"
	elif ! command -v podman >/dev/null; then
		echo "no podman here"
	elif ! podman info >"$log" 2>&1; then
		echo "podman does not work here"
	fi
}

# ---- what a test is written with ----

. tests/checks.sh

# The first failure ends the test, which is a subshell.
function fail {
	echo "    ${FUNCNAME[1]}: $*"
	echo "    the container said:"
	engine logs "$container" 2>&1 | tail -n 20 | sed 's/^/    | /'
	exit 1
}

# As a careful administrator starts it: an arbitrary user, no privilege, and only one
# volume that can be written.
confined=(--read-only --user 10001:0 --cap-drop all --security-opt no-new-privileges
	--network host -v "$volume:/ground")

function start { # [ARG…]: the notebook, in the background, until it answers
	engine rm -f "$container" >/dev/null 2>&1
	expect 0 engine run -d --name "$container" "${confined[@]}" -e PORT="$port" "$@" "$notes"
	local try
	for ((try = 0; try < 300; try++)); do
		http GET / >/dev/null 2>&1 && return
		[[ $(engine inspect -f '{{.State.Running}}' "$container") == true ]] || break
		sleep 0.1
	done
	fail "the application does not answer"
}

function stop { # WANT: SIGTERM, and the exit code
	# What does not end by itself in that time is killed, which is 137.
	expect 0 engine stop -t 30 "$container"
	expect 0 engine inspect -f '{{.State.ExitCode}}' "$container"
	[[ $(cat "$work/out") == "$1" ]] || fail "exit code $(cat "$work/out"), not $1"
}

function http { # METHOD PATH [JSON]
	PORT=${port} python3 - "$@" <<-'END'
		import os, sys, urllib.request
		method, path, body = (sys.argv[1:] + [None])[:3]
		address = f"http://127.0.0.1:{os.environ['PORT']}{path}"
		request = urllib.request.Request(address, body and body.encode(), method=method)
		opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
		print(opener.open(request, timeout=10).read().decode(), end="")
	END
}

function status_of_steps { # the different ones, of the report on the volume
	engine exec "$container" python3 -c 'import json
print(*sorted({step["status"] for step in json.load(open("/ground/report.json"))["steps"]}))'
}

# as_root [OPTION…] -- COMMAND…: as most images are started, with `configured` lines.
function as_root {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	engine run --name "$container" -v "$work/conf:/conf:ro" -e GROUNDWORK_CONFIG=/conf \
		"${options[@]}" "$notes" "$@"
}

function configured { # LINE…
	mkdir -p "$work/conf"
	printf '%s\n' "$@" >"$work/conf/10.ini"
	engine rm -f "$container" >/dev/null 2>&1
}

# ---- the tests ----

function keep_libraries {
	local id
	expect 0 build "$stage" "${base[@]}" --target build .
	id=$(engine create "$stage" x) || fail "no container of its build can be made"
	mkdir -p "$LIBRARIES"
	expect 0 engine cp "$id:/src/build/musl/." "$LIBRARIES"
	engine rm "$id" >/dev/null
}

the_image_builds() {
	expect 0 build "$image" "${base[@]}" --build-arg REVISION=0123abc .
	[[ -z ${LIBRARIES-} ]] || keep_libraries
}

it_holds_one_static_file_and_its_notices() {
	local id
	id=$(engine create "$image" x) || fail "no container of it can be made"
	engine export "$id" | tar -tf - | grep -v '/$' >"$work/files"
	engine rm "$id" >/dev/null
	# The engine's own mount points are not in the image.
	[[ $(grep -vE '^(etc|dev|proc|sys|run)/' "$work/files" | sort | xargs) == "NOTICES groundwork" ]] ||
		fail "it holds: $(tr '\n' ' ' <"$work/files")"
}

it_says_what_it_is() {
	local version
	version=$(engine run --rm "$image" --version | sed -n 's/^groundwork //p')
	expect 0 engine inspect -f '{{.Config.Entrypoint}} {{.Config.Cmd}} {{.Config.User}}' "$image"
	[[ $(<"$work/out") == "[/groundwork] [] " ]] || fail "it starts: $(<"$work/out")"
	expect 0 engine inspect -f '{{json .Config.Labels}}' "$image"
	says '"org.opencontainers.image.title":"groundwork"'
	says "\"org.opencontainers.image.version\":\"$version\""
	says '"org.opencontainers.image.revision":"0123abc"'
	says '"org.opencontainers.image.licenses":"MIT"'
}

it_runs_as_any_user() {
	local user
	configured "[directory:d]" "path = /ground/d" "[key:k]" "path = /ground/d/k"
	chmod -R a+rX "$work"
	for user in 10001:0 4242:4242; do
		expect 0 engine run --rm --read-only --user "$user" --cap-drop all "$image" --version
		expect 0 engine run --rm --read-only --user "$user" --cap-drop all \
			-v "$work/conf:/etc/groundwork/conf.d:ro" --tmpfs /ground:mode=1777 "$image" plan
		says "2 steps: 2 to make"
		expect 0 engine run --rm --read-only --user "$user" --cap-drop all \
			-v "$work/conf:/etc/groundwork/conf.d:ro" --tmpfs /ground:mode=1777 "$image" apply
		says "the ground is laid: 2 made"
	done
}

it_runs_with_nothing_around_it() {
	expect 0 engine run --rm "$image" --version
	says "groundwork "
	expect 0 engine run --rm "$image" version
	says "groundwork "
	expect 0 engine run --rm "$image" -- /groundwork help
	says "USAGE"
	expect 100 engine run --rm "$image"
	says "there is no command, and no drop-in"
	expect 100 engine run --rm "$image" plan
	says "no drop-in"
	expect 127 engine run --rm "$image" no-such-program
	says "not found"
}

the_notebook_builds_upon_it() {
	expect 0 build "$notes" -f tests/container/Dockerfile .
}

a_plan_of_nothing_writes_nothing() {
	expect 2 engine run --rm "${confined[@]}" "$notes" plan --exit-code
	expect 0 engine run --rm "${confined[@]}" --entrypoint /bin/ls "$notes" -A /ground
	[[ ! -s $work/out ]] || fail "the volume holds: $(cat "$work/out")"
}

it_is_pid_1_and_confined() {
	start -e GROUNDWORK_REPORT=report.json
	expect 0 engine exec "$container" cat /proc/1/comm
	says groundwork
	expect 0 engine exec "$container" cat /proc/1/status
	grep -qE '^Uid:\s+10001\s' "$work/out" || fail "not user 10001"
	grep -qE '^CapEff:\s+0+$' "$work/out" || fail "not without capabilities"
	[[ $(status_of_steps) == success ]] || fail "steps: $(status_of_steps)"
	http POST /notes '{"author": "Ada", "text": "In a container."}' >/dev/null ||
		fail "no note is taken"
}

sigterm_ends_it() {
	stop 0
}

a_second_start_finds_all_in_place() {
	start -e GROUNDWORK_REPORT=report.json
	[[ $(status_of_steps) == skipped ]] || fail "steps: $(status_of_steps)"
	[[ $(http GET /notes/1) == *'"In a container.", "verified": true'* ]] || fail "no note"
	stop 0
}

a_warm_volume_may_be_read_only() {
	expect 0 engine run --rm --read-only --user 10001:0 --cap-drop all -e PORT="$port" \
		-v "$volume:/ground:ro" "$notes" apply
}

the_code_of_a_signal() {
	engine rm -f "$container" >/dev/null 2>&1
	expect 0 engine run -d --name "$container" "${confined[@]}" "$notes" sleep 1000
	local try
	for ((try = 0; try < 300; try++)); do
		engine exec "$container" pgrep -x sleep >/dev/null 2>&1 && break
		sleep 0.1
	done
	stop 143
}

orphans_are_reaped() {
	engine rm -f "$container" >/dev/null 2>&1
	# A child whose parent is gone becomes the child of PID 1, and ends.
	expect 0 engine run --rm --name "$container" "${confined[@]}" "$notes" sh -c '
		for i in 1 2 3 4 5 6 7 8 9 10; do (true & true) & done; wait
		for i in 1 2 3 4 5 6 7 8 9 10; do
			ps -eo stat= | grep -q Z || exit 0
			sleep 0.2
		done
		exit 1'
}

# The engine hands descriptors to PID 1, as systemd does to a service.
sockets_are_handed_to_the_application() {
	configured "[app]" "user = 10001"
	echo handed over >"$work/handed"
	# The container's shell expands it.
	# shellcheck disable=SC2016
	expect 0 as_root --preserve-fds=1 -e LISTEN_PID=1 -e LISTEN_FDS=1 -- \
		sh -c 'test $$ != 1 && test $LISTEN_PID = $$ && cat <&3' 3<"$work/handed"
	says "handed over"
}

the_user_can_open_the_streams() {
	configured "[app]" "user = 10001"
	expect 0 as_root -- sh -c 'echo to stdout >/dev/stdout && echo to stderr >/dev/stderr'
	says "to stdout"
	says "to stderr"
}

the_account_is_the_applications() {
	configured "[app]" "user = 10001:10002" "account = notes:/ground"
	# shellcheck disable=SC2016 # as above
	expect 0 as_root -- sh -c 'echo "$(id -un) $(id -gn) $HOME" && getent passwd notes'
	says "notes notes /ground"
	says "notes:*:10001:10002::/ground:/bin/sh"
	# A root file system that cannot be written is fine.
	configured "[app]" "user = 10001:10002" "account = notes:/ground"
	# shellcheck disable=SC2016 # as above
	expect 0 as_root --read-only -- sh -c 'id -u && echo "$HOME"'
	says "10001"
}

# As images of nginx and php-fpm are stopped.
a_stop_by_quit_ends_in_stop_timeout() {
	local try script='trap "" QUIT; echo up; while :; do sleep 0.1; done'
	configured "[app]" "stop_signals = TERM INT QUIT" "stop_timeout = 500ms"
	expect 0 as_root -d --stop-signal QUIT -- sh -c "$script"
	for ((try = 0; try < 300; try++)); do
		[[ $(engine logs "$container" 2>/dev/null) != *up* ]] || break
		sleep 0.1
	done
	stop 137
	engine logs "$container" >"$work/out" 2>&1
	says "the application did not end in time: killed"
}

# A volume as the kubelet makes it: what is mounted is the directory, and a link in it is
# exchanged.
an_exchanged_volume_is_signalled() {
	local try
	configured "[file:made]" "path = /made" "source = /sources/t" "policy = manage" \
		"[app]" "user = 10001" "reload = HUP"
	rm -rf "$work/sources"
	mkdir -p "$work/sources/..0" "$work/sources/..1"
	echo first >"$work/sources/..0/t"
	echo second >"$work/sources/..1/t"
	ln -s ..0 "$work/sources/..data"
	ln -s ..data/t "$work/sources/t"
	chmod -R a+rX "$work"
	# shellcheck disable=SC2016 # the container's shell expands it
	expect 0 as_root -d -v "$work/sources:/sources:ro" -- sh -c '
		trap "echo heard \$(cat /made)" HUP
		trap "exit 7" TERM
		echo up
		while :; do sleep 0.1; done'
	for ((try = 0; try < 300; try++)); do
		[[ $(engine logs "$container" 2>/dev/null) != up ]] || break
		sleep 0.1
	done
	ln -s ..1 "$work/sources/..tmp"
	mv -T "$work/sources/..tmp" "$work/sources/..data"
	for ((try = 0; try < 300; try++)); do
		[[ $(engine logs "$container" 2>/dev/null) != *heard* ]] || break
		sleep 0.1
	done
	engine logs "$container" >"$work/out" 2>/dev/null
	[[ $(cat "$work/out") == $'up\nheard second' ]] || fail "it has heard: $(cat "$work/out")"
	stop 7
}

# What Kubernetes shows of a container that has ended.
a_failed_bootstrap_leaves_its_message() {
	configured "[exec:seed]" "command = sh -c 'echo the disk is on fire; exit 3'" "[app]" "user = 10001"
	install -m 0666 /dev/null "$work/message"
	expect 111 as_root --read-only -v "$work/message:/dev/termination-log" -- true
	grep -q "exec:seed.*status 3; .*: the disk is on fire" "$work/message" || fail "it is: $(<"$work/message")"
	(($(wc -l <"$work/message") == 1 && $(wc -c <"$work/message") <= 1024)) ||
		fail "it is no line of 1 KiB: $(<"$work/message")"
	configured "[directory:d]" "pth = /d"
	expect 100 as_root --read-only -v "$work/message:/dev/termination-log" -- true
	grep -q "10.ini:2: .directory:d. pth: unknown key" "$work/message" ||
		fail "it is: $(<"$work/message")"
	: >"$work/message"
	configured "[app]" "user = 10001"
	expect 0 as_root --read-only -v "$work/message:/dev/termination-log" -- true
	[[ ! -s $work/message ]] || fail "without a failure it is: $(<"$work/message")"
}

function health { # WANT
	engine healthcheck run "$container" >/dev/null 2>&1
	expect 0 engine inspect -f '{{.State.Health.Status}}' "$container"
	[[ $(<"$work/out") == "$1" ]] || fail "it is $(<"$work/out"), not $1"
}

# While the first start works, when a later one has failed, and when it has been mended.
a_health_check_follows_the_bootstrap() {
	local try
	# Images in the format of OCI have no health check.
	printf '%s\n' "FROM $notes" 'HEALTHCHECK --retries=1 CMD ["/groundwork", "-q", "status"]' \
		>"$work/Dockerfile"
	expect 0 build "$checked" --format docker -f "$work/Dockerfile" "$work"
	configured "[bootstrap]" "report = /ground/report.json" "[wait:go]" "url = file:///go/now"
	rm -rf "$work/go"
	mkdir -m 755 "$work/go"
	notes=$checked expect 0 as_root -d --tmpfs /ground -v "$work/go:/go:ro" -- sleep 1000
	for ((try = 0; try < 300; try++)); do
		engine exec "$container" test -e /ground/report.json && break
		sleep 0.1
	done
	health unhealthy
	touch "$work/go/now"
	for ((try = 0; try < 300; try++)); do
		engine exec "$container" pgrep -x sleep >/dev/null && break
		sleep 0.1
	done
	health healthy
	rm "$work/go/now"
	expect 111 engine exec -e GROUNDWORK_CONFIG=/conf "$container" \
		/groundwork --deadline 100ms apply
	health unhealthy
	touch "$work/go/now"
	expect 0 engine exec "$container" /groundwork apply
	health healthy
	stop 143
}

a_pod_whose_init_container_lays_the_ground() {
	sed "s/@PORT@/$port/" tests/container/pod.yaml >"$work/pod.yaml"
	expect 0 kube "$work/pod.yaml"
	local try
	for ((try = 0; try < 300; try++)); do
		http GET / >/dev/null 2>&1 && break
		sleep 0.1
	done
	http GET / >"$work/out" 2>&1 || {
		engine logs "$pod-app" 2>&1 | tail -n 20 | sed 's/^/    | /'
		fail "the application of the pod does not answer"
	}
	says '"notes": 0'
	engine logs "$pod-app" >"$work/app" 2>&1
	grep -q 'nothing to do' "$work/app" || fail "the ground was laid twice: $(cat "$work/app")"
}

full_its_own_tests_pass() {
	CONTAINER_LIMIT=3600 expect 0 build "$stage" "${base[@]}" --target test .
}

full_it_builds_for_another_machine() {
	local qemu
	qemu=$(command -v qemu-aarch64-static) || fail "no qemu-user-static here"
	CONTAINER_LIMIT=3600 expect 0 build "$foreign" "${base[@]}" --platform linux/arm64 .
	expect 0 engine inspect -f '{{.Architecture}}' "$foreign"
	says arm64
	expect 0 engine run --rm --read-only --user 10001:0 --cap-drop all \
		-v "$qemu:/qemu:ro" --entrypoint '["/qemu", "/groundwork"]' "$foreign" --version
	says "groundwork "
}

# ---- running them ----

# shellcheck disable=SC2317 # called by the trap
function cleanup {
	{
		engine pod rm -f "$pod"
		engine rm -f "$container"
		engine volume rm -f "$volume"
	} >/dev/null 2>&1
	rm -rf "$work"
}

mapfile -t tests < <(sed -n 's/^\([a-z0-9_]*\)() {$/\1/p' tests/container/run.sh)
[[ -n ${FULL-} ]] || mapfile -t tests < <(printf '%s\n' "${tests[@]}" | grep -v '^full_')
(($# == 0)) || tests=("$@")

reason=$(obstacle)
if [[ -n $reason ]]; then
	echo "skipped: $reason"
	rm -rf "$work"
	echo "containers: 0 passed, 0 failed, ${#tests[@]} skipped"
	# Where containers are set up for us, a skipped run is a failure.
	[[ -z ${CONTAINER_LAB-} ]]
	exit
fi

trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
engine pod rm -f "$pod" >/dev/null 2>&1
engine volume rm -f "$volume" >/dev/null 2>&1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')

run_tests containers "${tests[@]}"
