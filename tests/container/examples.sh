#!/bin/bash
# SPDX-License-Identifier: MIT
# The examples in real containers, as their READMEs have a reader type it: examples.sh [NAME…]
#
# It needs what run.sh needs, or is skipped. `docker` is podman here, or what CONTAINER_LAB
# names, and `docker compose` is podman-compose. Each function `name() {` below is a test, which ends at the first thing that is not
# as expected; a helper is written `function name {`. Images stay, and are what the next run
# begins with; containers and volumes are removed.
set -uo pipefail
cd "${BASH_SOURCE[0]%/*}/../.." || exit 2
[[ -n ${CONTAINER_LAB-} || ! -x ../shared/container-lab ]] ||
	CONTAINER_LAB=$(realpath ../shared/container-lab)
export CONTAINER_LAB=${CONTAINER_LAB-}
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-examples.XXXXXX")
mkdir "$work/bin"
cp tests/container/docker "$work/bin/"
export PATH=$work/bin:$PATH
export READER=$PWD/tests/examples/reader.py
. tests/checks.sh
. tests/examples/typed.sh

function obstacle {
	if [[ -n $CONTAINER_LAB ]]; then
		"$CONTAINER_LAB" setup </dev/null >"$work/log" 2>&1 ||
			echo "CONTAINER_LAB could not be set up"
	elif ! podman info >"$work/log" 2>&1; then
		echo "podman is missing, or does not work here"
	fi
}

function fail {
	echo "    ${FUNCNAME[1]}: $*"
	exit 1
}

# reads NAME [HEADING…]: what examples/NAME has a reader type below these.
function reads {
	python3 "$READER" "examples/$1/README.md" "${@:2}" >"$work/typed" || fail "no commands"
	# shellcheck disable=SC1091 # it was just written
	(. "$work/typed") >"$work/said" 2>&1 || {
		tail -n 15 "$work/said" | sed 's/^/    | /'
		fail "the README of $1 is not true"
	}
}

# eventually COMMAND…
function eventually {
	local try
	for ((try = 0; try < 300; try++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	fail "did not succeed in time: $*"
}

# rendered NAME: what `kubectl apply -k examples/NAME` sends to a cluster, for the engine here:
# images are those that were made here, the network is the machine's, in which there is one Pod of
# each (they would share their volumes, too), and init containers stay (podman 4.3 may want to
# remove one before it knows of its end).
function rendered {
	kubectl kustomize "examples/$1" >"$work/rendered" || fail "no kustomization of $1"
	sed -E 's,^( *)- image: ([a-z-]+)$,\1- image: localhost/\2:latest\n\1  imagePullPolicy: Never,
		s,^( *)containers:$,\1hostNetwork: true\n&,
		s,^metadata:$,&\n  annotations: {io.podman.annotations.init.container.type: always},
		s,^( *)replicas: .*,\1replicas: 1,
		/^ *ports:$/d; /^ *- containerPort:/d' "$work/rendered"
}

# parted: without what it cannot play, a Job. $work/job.yaml has its Pod, and all ConfigMaps.
function parted {
	python3 - "$work/rendered" "$work/job.yaml" <<-'END'
		import sys, yaml
		everything = list(yaml.safe_load_all(open(sys.argv[1])))
		jobs = [document for document in everything if document["kind"] == "Job"]
		pods = [{"apiVersion": "v1", "kind": "Pod", "metadata": job["metadata"],
		         "spec": job["spec"]["template"]["spec"]} for job in jobs]
		shared = [document for document in everything if document["kind"] == "ConfigMap"]
		yaml.safe_dump_all(shared + pods, open(sys.argv[2], "w"))
		yaml.safe_dump_all([document for document in everything if document not in jobs], sys.stdout)
	END
}

function play { # FILE
	if [[ -n $CONTAINER_LAB ]]; then
		"$CONTAINER_LAB" kube "$1" >"$work/said" 2>&1
	else
		podman play kube "$1" >"$work/said" 2>&1
	fi || fail "it cannot be played: $(tail -n 5 "$work/said")"
}

# serves ADDRESS: whatever answers. greets GREETING: the site does so.
function serves {
	curl -sk "$1"
}
function greets {
	curl -skI https://localhost:8443/ | grep -q "^X-Greeting: $1"
}

# logged CONTAINER TEXT; is_ready CONTAINER: it says so.
function logged {
	docker logs "$1" 2>&1 | grep -qF -e "$2"
}
function is_ready {
	docker logs "$1" 2>&1 | grep -qx ready
}

# ---- the tests ----

the_default_set_serves_an_application() {
	local options
	mkdir "$work/default"
	cp -r conf.d "$work/default/"
	sed -n '/^FROM debian/,/^```/p' README.md | sed '/^```/d; s,^CMD.*,CMD ["sleep"\, "1000"],' \
		>"$work/default/Dockerfile"
	# The format of OCI has no health checks.
	docker build --format docker -t default "$work/default" >"$work/said" 2>&1 ||
		fail "it does not build: $(tail -n 5 "$work/said")"
	for options in "-e PUID=1234 -e PGID=1235" "--user 10001:0 --read-only --tmpfs /tmp"; do
		docker volume rm -f default >/dev/null 2>&1
		# The words are options.
		# shellcheck disable=SC2086
		docker run -d --name default $options -v default:/data default >"$work/said" 2>&1
		eventually docker healthcheck run default
		docker exec default stat -c '%u:%g %a' /data/secret.key >"$work/said"
		case "$options $(<"$work/said")" in
		-e*" 1234:1235 600" | --user*" 10001:0 600") ;;
		*) fail "the key is $(<"$work/said")" ;;
		esac
		docker rm -f -t 0 default >"$work/said"
	done
}

nginx_is_an_image() {
	reads nginx "In a container"
}

nginx_follows_its_config_map() {
	local templates
	rendered nginx >"$work/pod.yaml"
	play "$work/pod.yaml"
	eventually serves https://localhost:8443/
	serves https://localhost:8443/ >"$work/said"
	cmp "$work/said" examples/nginx/pages/index.html || fail "that is another page"
	# The engine has made a volume of it.
	templates=$(docker volume inspect -f '{{.Mountpoint}}' site-templates) || fail "no volume"
	sed -i 's/:-hello/:-changed/' "$templates/site.conf.template"
	eventually greets changed
}

notes_is_an_image() {
	reads notes "In a container"
}

# The Deployment's Pod waits for what the Job makes in a database that comes last.
kubernetes_puts_it_in_front_of_any_image() {
	docker build -t groundwork . >"$work/said" 2>&1 || fail "it does not build"
	docker build -t database examples/postgres >"$work/said" 2>&1 || fail "no server builds"
	docker secret create app - >"$work/said" 2>&1 <<-END || fail "no secret: $(<"$work/said")"
		{"database-url": "$(printf %s "postgres://postgres@localhost:54329/app" | base64 -w0)"}
	END
	rendered kubernetes >"$work/whole.yaml"
	mv "$work/whole.yaml" "$work/rendered"
	parted >"$work/component.yaml"
	play "$work/component.yaml"
	eventually logged app-pod-0-app "postgres://localhost:54329"
	docker run -d --name database -e POSTGRES_HOST_AUTH_METHOD=trust database \
		-c port=54329 >"$work/said" 2>&1
	eventually logged app-pod-0-app "to be made by others"
	play "$work/job.yaml"
	eventually is_ready app-pod-0-app
	docker logs app-database-database >"$work/said" 2>&1
	grep -q "+ database:app.*with 1 migration" "$work/said" || fail "the Job said: $(<"$work/said")"
	docker exec app-pod-0-app cat /proc/1/comm >"$work/said"
	[[ $(<"$work/said") == groundwork ]] || fail "PID 1 is $(<"$work/said")"
	docker rm -f -t 0 database >"$work/said" 2>&1
}

postgres_is_an_image() {
	reads postgres "In a container"
	docker volume rm -f database >"$work/said" 2>&1
	docker run -d --name any -u 10001:0 -e POSTGRES_PASSWORD=secret \
		-v database:/var/lib/postgresql database >"$work/said" 2>&1
	eventually docker exec any psql -U postgres -At -c 'SELECT 1'
}

# A systemd that is PID 1. That mounts spread, as its credentials do, is for it to do elsewhere.
systemd_starts_the_unit() {
	docker build -t groundwork . >"$work/said" 2>&1 || fail "it does not build"
	mkdir "$work/systemd"
	cat >"$work/systemd/Dockerfile" <<-'END'
		FROM debian:bookworm-slim
		RUN apt-get update && apt-get install -y --no-install-recommends \
			systemd python3-minimal libpython3-stdlib curl
		COPY --from=groundwork /groundwork /usr/local/bin/groundwork
		CMD ["/lib/systemd/systemd"]
	END
	docker build -t systemd "$work/systemd" >"$work/said" 2>&1 ||
		fail "it does not build: $(tail -n 5 "$work/said")"
	python3 "$READER" examples/systemd/README.md "On a machine with systemd" >"$work/typed"
	docker run -d --name systemd --systemd=always --cap-add SYS_ADMIN \
		-v "$PWD/examples:/top/examples:ro" -v "$PWD/tests/examples:/reader:ro" \
		-v "$work/typed:/typed:ro" systemd >"$work/said" 2>&1 || fail "$(<"$work/said")"
	eventually docker exec systemd systemctl is-system-running
	docker exec systemd sh -c 'mount --make-rshared / && mount --make-rshared /run'
	docker exec -w /top -e READER=/reader/reader.py systemd \
		bash -c '. /reader/typed.sh; . /typed' >"$work/said" 2>&1 ||
		fail "its README is not true: $(tail -n 15 "$work/said")"
	docker exec systemd curl -s -H 'Authorization: Bearer 4711' localhost:8080 >"$work/said"
	[[ $(<"$work/said") == Ada ]] || fail "the admin is shown $(<"$work/said")"
	docker exec systemd sh -c 'tr "\0" " " <"/proc/$(systemctl show -P MainPID guests)/cmdline"' \
		>"$work/said"
	[[ $(<"$work/said") == "python3 app/guests.py " ]] || fail "its main process is $(<"$work/said")"
	docker exec systemd systemctl stop guests.service >"$work/said" 2>&1
	docker exec systemd systemctl show -P Result guests >"$work/said"
	[[ $(<"$work/said") == success ]] || fail "it ended with $(<"$work/said")"
}

# ---- running them ----

# gone container|pod NAME: podman 4.3 may find a mount of it busy at first, and of several that
# it is to remove it removes none where one is missing.
# shellcheck disable=SC2317 # called by cleanup
function gone {
	docker "$1" rm -f -t 0 "$2"
	! docker "$1" exists "$2"
}

# What READMEs have run here, and what else is made.
containers=(default site database any notes_notes_1 systemd)
pods=(site-pod-0 app-pod-0 app-database)
# shellcheck disable=SC2317 # called by the trap
function cleanup {
	local file name
	{
		for file in "$work"/{pod,component,job}.yaml; do
			[[ ! -s $file ]] || docker play kube --down "$file"
		done
		for name in "${pods[@]}"; do
			(eventually gone pod "$name")
		done
		docker volume ls -q | grep '^groundwork-conf-' | xargs -r podman volume rm
		[[ ! -s $work/job.yaml ]] || docker secret rm app
		for name in "${containers[@]}"; do
			(eventually gone container "$name")
		done
		docker network rm notes_default
		docker volume rm -f default site site-templates database notes_ground
	} >/dev/null 2>&1
	rm -rf "$work"
}

mapfile -t tests < <(sed -n 's/^\([a-z0-9_]*\)() {$/\1/p' "$0")
(($# == 0)) || tests=("$@")
reason=$(obstacle)
for name in podman-compose kubectl; do
	command -v "$name" >/dev/null || reason=${reason:-no $name here}
done
for name in "${containers[@]}"; do
	! docker container exists "$name" || reason=${reason:-there is a container $name}
done
for name in "${pods[@]}"; do
	! docker pod exists "$name" || reason=${reason:-there is a pod $name}
done
if [[ -n $reason ]]; then
	echo "skipped: $reason"
	rm -rf "$work"
	echo "examples: 0 passed, 0 failed, ${#tests[@]} skipped"
	# Where containers are set up for us, a skipped run is a failure.
	[[ -z $CONTAINER_LAB ]]
	exit
fi
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

run_tests examples "${tests[@]}"
