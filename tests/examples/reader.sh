# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A reader of the READMEs; to be sourced in place of lib.sh.
#
# `reads examples/NAME [HEADING…]` types what that README has a reader type (reader.py), from
# the top of a copy of this tree, on a machine of its own (machine.sh). $before is done there
# before that. The machine stays for the next time.
# shellcheck source=tests/lib.sh
. "${BASH_SOURCE[0]%/*}/../lib.sh"

export before=true

function machine {
	local name
	needs_mounts
	unshare -n true 2>/dev/null || skip "no network namespaces here"
	[[ ! -e machine ]] || return 0
	mkdir -p machine/clone/bin machine/tmp
	for name in examples conf.d README.md; do
		cp -r "$ROOT/$name" machine/clone/
	done
	cp "$GROUNDWORK"* "$ROOT/tests/examples"/{reader.py,typed.sh,machine.sh} machine/clone/bin/
	chmod -R u+w,a+rX machine
	chmod 1777 machine/tmp
	chmod 755 .
}

function reads {
	machine
	python3 "$ROOT/tests/examples/reader.py" "$ROOT/$1/README.md" "${@:2}" >machine/clone/typed
	status 0 unshare -mnpf --kill-child --mount-proc bash machine/clone/bin/machine.sh
}
