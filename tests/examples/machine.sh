#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the file `typed` of machine/clone, in namespaces of its own: nobody listens on this
# machine, its /tmp has nothing of others, and groundwork is in PATH. $before comes first.
set -euo pipefail

mount --bind machine/clone /mnt
mount --bind machine/tmp /tmp
mount -t tmpfs tmpfs /dev/shm
cd /mnt
export PATH=/mnt/bin:$PATH HOME=/tmp
export READER=/mnt/bin/reader.py # typed.sh's
unset TMPDIR
python3 - <<-'END'
	import fcntl, socket, struct
	SIOCSIFFLAGS, IFF_UP = 0x8914, 1
	fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
END
# shellcheck source=tests/examples/typed.sh
. bin/typed.sh
# shellcheck disable=SC2154 # of the caller's environment
eval "$before"
# shellcheck disable=SC1091 # reader.py's
. ./typed
