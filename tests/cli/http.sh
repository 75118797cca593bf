# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A server of HTTP that does what servers should not, for tests besides tests/lib.sh.

# serve [PEM [client]]: starts it on the directory `files`; $at is its address.
function serve {
	mkdir -p files
	[[ -e files/f ]] || head -c 100000 /dev/urandom >files/f
	rm -f port
	background python3 "$ROOT/tests/cli/http_server.py" files port "$@"
	eventually test -e port
	# shellcheck disable=SC2034 # the test's
	at=127.0.0.1:$(<port)
}

function requests {
	grep -c . files/.requests
}

# pem NAME: a key and a certificate for that name, as cert.pem.
function pem {
	command -v openssl >/dev/null || skip "no openssl here"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-keyout key.pem -out only.pem -subj "/CN=$1" -addext "subjectAltName=$1" 2>/dev/null
	cat key.pem only.pem >cert.pem
}
