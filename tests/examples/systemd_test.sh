#!/bin/bash
# SPDX-License-Identifier: MIT
# A unit of systemd: checked by systemd's own tools, and started as systemd would (systemd.py).
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

root_its_readme_is_true() {
	command -v systemd-analyze systemd-socket-activate >/dev/null || skip "no systemd here"
	command -v curl >/dev/null || skip "no curl"
	# Where a unit's command without a path is looked for.
	before="mount --bind /mnt/bin /usr/local/sbin"
	reads examples/systemd
}

# installed: a copy of the example, and its credential.
function installed {
	command -v curl >/dev/null || skip "no curl"
	cp -r "$ROOT/examples/systemd" unit
	chmod -R u+w unit
	mkdir store state bin
	echo 4711 >store/guests.admin
	ln -s "$GROUNDWORK" bin/groundwork
	PATH=$PWD/bin:$PATH
}

# begin: $manager is who has started it, the file `said` what that one says.
function begin {
	rm -f orders state/notify
	mkfifo orders
	: >said
	(cd unit && exec python3 "$ROOT/tests/examples/systemd.py" guests ../state ../store) \
		<orders >said 2>log &
	manager=$!
	exec {orders}>orders
}

# stop_service CODE: of the service. ends CODE: by itself.
function stop_service {
	exec {orders}>&-
	wait "$manager"
	contains said "exit $1"
}
function ends {
	wait "$manager"
	exec {orders}>&-
	contains said "exit $1"
}

# value NAME: what the manager has said of it.
function value {
	sed -n "s/^$1 //p" said
}

function ask {
	curl -s "http://127.0.0.1:$(value port)$1" "${@:2}"
}

function admin {
	ask / -H 'Authorization: Bearer 4711'
}

what_systemd_hands_over_reaches_the_application() {
	installed
	begin
	eventually grep -qx READY=1 said
	equal "Welcome, Ada" "$(ask /Ada)"
	equal "For the admin alone" "$(ask /)"
	equal "Ada" "$(admin)"
	# The ground is the service's directory, with the credential in no other file of it.
	mode state/guests/settings.json 600
	equal state/guests/settings.json "$(grep -rl 4711 state/guests)"
	tr '\0' '\n' <"/proc/$(value pid)/environ" >environment
	contains environment "LISTEN_PID=$(value pid)"
	lacks environment 4711
	stop_service 0
	begin
	eventually grep -qx READY=1 said
	contains log "nothing to do, 2 in place"
	equal "Ada" "$(admin)"
	stop_service 0
}

a_supervisor_needs_notify_access_of_all() {
	installed
	printf '[app]\ninit = yes\n' >unit/conf.d/95-init.ini
	begin
	eventually grep -qx "passed over, since NotifyAccess=main: READY=1" said
	stop_service 0
	sed -i 's/^NotifyAccess=main/NotifyAccess=all/' unit/guests.service
	begin
	eventually grep -qx READY=1 said
	equal "Welcome, Ada" "$(ask /Ada)"
	stop_service 0
}

what_no_second_start_can_mend_is_100() {
	installed
	contains unit/guests.service RestartPreventExitStatus=100
	echo 'pth = x' >>unit/conf.d/10-ground.ini
	begin
	ends 100
	lacks said READY
	contains log "pth: unknown key"
}

without_its_credential_it_is_not_ready() {
	installed
	sed -i 's/^LoadCredential.*/LoadCredential=other:guests.admin/' unit/guests.service
	begin
	ends 111
	lacks said READY
	contains log state/credentials/admin
}
