#!/bin/bash
# SPDX-License-Identifier: MIT
# Killed, or failing, while a certificate is made or renewed: what is there is of use to the
# next start, which ends with a pair.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

# sweep HOW STRIDE: with FULL at each call.
function sweep {
	local start=("$GROUNDWORK" -q -c conf -C volume apply) how=$1 stride=$2 last number code
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
	cp -R volume before
	last=$("$break_at" 0 "$how" "${start[@]}" 2>/dev/null | tail -n 1)
	((last > 100)) || fail "there are ${last:-no} calls"
	[[ -z ${FULL-} ]] || stride=1
	for ((number = 1 + RANDOM % stride; number <= last; number += stride)); do
		rm -rf volume
		cp -R before volume
		code=0
		"$break_at" "$number" "$how" "${start[@]}" >"$out" 2>"$err" || code=$?
		((code != 99)) || fail "call $number was not broken"
		status 0 "${start[@]}"
		for name in new old; do
			openssl pkey -in "volume/$name.key" -pubout >key
			openssl x509 -in "volume/$name.pem" -noout -pubkey | cmp - key ||
				fail "call $number: $name is no pair"
			openssl verify -x509_strict -CAfile "$([[ $name == new ]] && echo volume/ca.pem ||
				echo volume/old.pem)" "volume/$name.pem" >"$out" || fail "call $number: $name"
		done
		# What is empty may be in use by a start that has not locked it yet.
		find volume -name '.*.groundwork-*' -empty -delete
		equal "ca.key ca.pem new.key new.pem old.key old.pem" \
			"$(cd volume && shopt -s dotglob && echo *)" "call $number"
	done
}

# timeout: 600
a_kill_leaves_what_the_next_start_completes() {
	sweep kill 47
}

# timeout: 600
a_full_disk_leaves_what_the_next_start_completes() {
	sweep 28 89
}
