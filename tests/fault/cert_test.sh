#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while a certificate is made or renewed: what is there is of use to the
# next start, which ends with a pair.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

start=("$GROUNDWORK" -q -c conf -C volume apply)

function judge {
	local name
	status 0 "${start[@]}"
	for name in new old; do
		openssl pkey -in "volume/$name.key" -pubout >key
		openssl x509 -in "volume/$name.pem" -noout -pubkey | cmp - key ||
			fail "call $1: $name is no pair"
		! openssl x509 -in "volume/$name.pem" -noout -text | grep -q 'for an existing key' ||
			fail "call $1: $name has a key that is kept"
		openssl verify -x509_strict -CAfile "$([[ $name == new ]] && echo volume/ca.pem ||
			echo volume/old.pem)" "volume/$name.pem" >"$out" || fail "call $1: $name"
	done
	# What is empty may be in use by a start that has not locked it yet.
	find volume -name '.*.groundwork-*' -empty -delete
	equal "ca.key ca.pem new.key new.pem old.key old.pem" \
		"$(cd volume && shopt -s dotglob && echo *)" "call $1"
}

# sweep HOW STRIDE
function sweep {
	command -v openssl >/dev/null || skip "no openssl here"
	needs_tracing
	mkdir volume
	drop_in 10.ini <<-'END'
		[cert:old]
		cert = old.pem
		key = old.key
		cn = app.example
		days = 10
		renew_before = 1d
	END
	status 0 "${start[@]}"
	drop_in 10.ini <<-'END'
		[defaults:cert]
		cn = app.example
		[cert:new]
		cert = new.pem
		key = new.key
		ca = ca.pem
		[cert:old]
		cert = old.pem
		key = old.key
	END
	break_some "$1" "$2" judge "${start[@]}"
}

# timeout: 600
a_kill_leaves_what_the_next_start_completes() {
	sweep kill 47
}

# timeout: 600
a_full_disk_leaves_what_the_next_start_completes() {
	sweep 28 89
}
