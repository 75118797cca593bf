#!/bin/bash
# SPDX-License-Identifier: MIT
# nginx with templates, a certificate, and a change while it runs.
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

# ask PATH OPTION…: what the site answers over TLS, its certificate being checked.
function ask {
	curl -sS --unix-socket "$PWD/ground/socket" --cacert ground/tls/site.pem \
		"${@:2}" "https://localhost$1"
}

# greets GREETING: the header of an answer.
function greets {
	ask / -o page -D headers && grep -q "^X-Greeting: $1"$'\r' headers
}

as=()

# serve: a copy of the example, as $pid, its log in the file `log`.
function serve {
	local tool
	for tool in nginx curl; do
		command -v $tool >/dev/null || skip "no $tool"
	done
	chmod 755 .
	[[ -e site ]] || cp -r "$ROOT/examples/nginx" site
	chmod -R u+w site
	SITE_LISTEN=unix:$PWD/ground/socket background \
		"${as[@]}" "$GROUNDWORK" --init -c site/conf.d -C ground run 2>log
	eventually ask / -o page
}

function end {
	local code=0
	kill -TERM "$pid"
	wait "$pid" || code=$?
	equal 0 "$code" "how it ended"
}

it_serves_with_its_own_certificate() {
	SITE_GREETING='a "quoted"; one' serve
	same "$ROOT/examples/nginx/pages/index.html" page
	greets 'a "quoted"; one'
	mode ground/tls/site.key 600
	end
	snapshot ground/nginx ground/tls >before
	SITE_GREETING='a "quoted"; one' serve
	contains log "nothing to do, 4 in place"
	equal "$(cat before)" "$(snapshot ground/nginx ground/tls)" "what a warm start leaves"
	end
}

a_change_of_a_template_is_served() {
	serve
	greets hello
	sed -i 's/:-hello/:-changed/' site/templates/site.conf.template
	eventually greets changed
	sed -i 's/add_header/bad_header/' site/templates/site.conf.template
	eventually grep -q 'unknown directive "bad_header"' log
	greets changed
	end
}

# As the kubelet mounts a ConfigMap: links to ..data, which is exchanged as a whole.
function config_map {
	mkdir "volume/..$1"
	cp "$ROOT/examples/nginx/templates/nginx.conf.template" "volume/..$1/"
	sed "s/:-hello/:-$1/" "$ROOT/examples/nginx/templates/site.conf.template" \
		>"volume/..$1/site.conf.template"
	ln -sfn "..$1" volume/..next
	mv -T volume/..next volume/..data
	ln -sfn ..data/site.conf.template ..data/nginx.conf.template volume/
}

a_change_of_a_config_map_is_served() {
	mkdir volume
	config_map first
	cp -r "$ROOT/examples/nginx" site
	chmod -R u+w site
	rm -r site/templates
	ln -s ../volume site/templates
	serve
	greets first
	config_map second
	eventually greets second
	end
}

# As any user of group 0, without a capability, where only the volume can be written.
root_a_read_only_root_file_system_is_fine() {
	mkdir -m 770 ground
	# shellcheck disable=SC2016 # the shell within expands it
	as=(unshare -m sh -ec '
		mount --bind ground ground
		mount -o remount,bind,ro /
		mount -o remount,bind,ro "$(stat -c %m .)"
		! touch /x 2>/dev/null
		! touch x 2>/dev/null
		exec setpriv --reuid 10001 --regid 0 --clear-groups --bounding-set -all "$@"' sh)
	serve
	equal "10001 10001" "$(awk '/^Uid:/ { print $2, $3 }' "/proc/$pid/status")"
	mode ground/tls/site.key 600 10001:0
	end
	lacks log warning
}

its_backends_are_a_list() {
	SITE_BACKENDS="127.0.0.1:1, 127.0.0.1:2" serve
	contains ground/nginx/site.conf $'\tserver 127.0.0.1:2;'
	equal 502 "$(ask /api/ -o page -w '%{http_code}')"
	end
}

root_its_readme_is_true() {
	reads examples/nginx
}
