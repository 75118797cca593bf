#!/bin/bash
# SPDX-License-Identifier: MIT
# The site: nginx with templates, a certificate, and a change while it runs.
# shellcheck source=tests/lib.sh
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# ask PATH OPTION…: what the site answers over TLS, its certificate being checked.
function ask {
	curl -sS --unix-socket "$PWD/socket" --cacert ground/tls/site.pem \
		"${@:2}" "https://localhost$1"
}

# greets GREETING: the header of an answer.
function greets {
	ask / -o page -D headers && grep -q "^X-Greeting: $1"$'\r' headers
}

# serve: a copy of the example, as $pid, its log in the file `log`.
function serve {
	local tool
	for tool in nginx curl; do
		command -v $tool >/dev/null || skip "no $tool"
	done
	chmod 755 .
	[[ -e site ]] || cp -r "$ROOT/examples/site" site
	chmod -R u+w site
	SITE_LISTEN=unix:$PWD/socket background \
		"$GROUNDWORK" --init -c site/conf.d -C ground run 2>log
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
	same "$ROOT/examples/site/pages/index.html" page
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
	sed -i 's/:-hello/:-changed/' site/templates/conf.d/site.conf.template
	eventually greets changed
	sed -i 's/add_header/bad_header/' site/templates/conf.d/site.conf.template
	eventually grep -q 'unknown directive "bad_header"' log
	greets changed
	end
}

its_backends_are_a_list() {
	SITE_BACKENDS="127.0.0.1:1, 127.0.0.1:2" serve
	contains ground/nginx/conf.d/site.conf $'\tserver 127.0.0.1:2;'
	equal 502 "$(ask /api/ -o page -w '%{http_code}')"
	end
}
