#!/bin/bash
# SPDX-License-Identifier: MIT
# A build without curl and OpenSSL says what it cannot do before anything is touched.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function needs_no_network {
	"$GROUNDWORK" version | grep -qx 'without network' || skip "this build has network"
}

what_needs_the_network_is_an_error_of_check() {
	needs_no_network
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[download:f]
		url = http://127.0.0.1:1/f
		path = d/f
		sha256 = 98ad61a25e3683b6adf2474b01bbe1c27de6aad2ce3a80ff4140fe473c14e691
		[wait:web]
		url = http://127.0.0.1:1/
		[directory:e]
		path = e
		requires = https://127.0.0.1:1/
		[database:db]
		url = postgres://127.0.0.1/db
	END
	for command in check plan apply; do
		status 100 gw "$command"
		contains "$err" "conf/10.ini:3: [download:f] this build has no network (NETWORK=no): nothing can be downloaded"
		contains "$err" "conf/10.ini:8: [wait:web] url: cannot be asked: this build has no network (NETWORK=no); tcp://HOST:PORT"
		contains "$err" "conf/10.ini:11: [directory:e] requires: the address of a service cannot be asked: this build has no network"
		contains "$err" "conf/10.ini:13: [database:db] url: this build has no network (NETWORK=no)"
		missing d
	done
}

what_is_left_out_needs_no_network() {
	needs_no_network
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[defaults:download]
		enabled = no
		[download:f]
		url = http://127.0.0.1:1/f
		path = d/f
		sha256 = 98ad61a25e3683b6adf2474b01bbe1c27de6aad2ce3a80ff4140fe473c14e691
		[wait:web]
		enabled = no
		url = http://127.0.0.1:1/
		[cert:c]
		cert = c.pem
		key = c.key
		cn = localhost
		enabled = no
		[directory:e]
		path = e
		requires = https://127.0.0.1:1/
		enabled = no
		[database:db]
		url = postgres://127.0.0.1/db
		enabled = no
	END
	for command in check plan apply; do
		status 0 gw "$command"
	done
	exists d
	sed -i '/^enabled/d' conf/10.ini
	status 100 gw plan
	contains "$err" "conf/10.ini:10: [cert:c] this build has no network (NETWORK=no), and no certificates"
}

all_else_is_as_ever() {
	needs_no_network
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[file:f]
		path = d/f
		content = text
		[database:db]
		path = d/app.db
		[key:k]
		path = d/key
	END
	status 0 gw apply
	exists d/f d/app.db d/key
	status 0 gw explain download
	lacks <(ldd "$GROUNDWORK") libssl
	lacks <(ldd "$GROUNDWORK") libcurl
	lacks <(ldd "$GROUNDWORK") libpq
}
