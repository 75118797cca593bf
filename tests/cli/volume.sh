# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A volume that others own, and a secret of root's; to be sourced in place of lib.sh.
# shellcheck source=tests/lib.sh
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# volume MODE [UID:GID]: the directory `volume`, of root where nobody is named.
function volume {
	mkdir -p volume
	chown "${2-0:0}" volume
	chmod "$1" volume
}

# A file of root's that nobody else may read.
function secret {
	echo 0123456789abcdef0123456789abcdef >secret
	chmod 600 secret
}

function secret_is_nowhere {
	lacks "$out" 0123456789abcdef
	lacks "$err" 0123456789abcdef
	! grep -rqF 0123456789abcdef volume || fail "the secret is in the volume"
}
