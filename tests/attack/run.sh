#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the attacks on a program, each for ATTACK_SECONDS (10): run.sh TOOL PROGRAM [ATTACK…]
# An attack is the name of a file in cases/, or a glob; without one, all of them.
#
# Half of the rounds are on a real file system, half on a tmpfs, which differ. For the time
# of the run other users may make hard links to files that they do not own
# (fs.protected_hardlinks), where this machine lets us change that.
set -euo pipefail
cases=$(cd "${BASH_SOURCE[0]%/*}" && pwd)/cases
tool=$(realpath "$1")
program=$(realpath "$2")
shift 2
protected=/proc/sys/fs/protected_hardlinks

if ((EUID != 0)); then
	echo "skipped: only root can attack as other users"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi

worlds=() before='' pid='' server='' served=''

# shellcheck disable=SC2317 # called by the trap
cleanup() {
	# Its attackers end with it. It may have ended already.
	[[ -z $pid ]] || { kill "$pid" && wait "$pid"; } 2>/dev/null || true
	[[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
	[[ -z $before ]] || echo "$before" >"$protected"
	rm -rf ${served:+"$served"}
	# A start may still have been running: try again when it has ended.
	rm -rf "${worlds[@]}" 2>/dev/null || { sleep 1 && rm -rf "${worlds[@]}"; }
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# add_world WANTED DIRECTORY…: the first that can be written and is, or is no, tmpfs.
add_world() {
	local wanted=$1 dir kind
	shift
	for dir; do
		[[ -d $dir && -w $dir ]] || continue
		kind=$(stat -f -c %T "$dir")
		[[ $wanted == tmpfs ]] || [[ $kind != tmpfs ]] || continue
		[[ $wanted != tmpfs ]] || [[ $kind == tmpfs ]] || continue
		worlds+=("$(mktemp -d "$dir/groundwork-attack.XXXXXX")")
		chmod 755 "${worlds[-1]}"
		return
	done
	echo "attack: no directory on $([[ $wanted == tmpfs ]] || echo 'something else than ')a tmpfs"
}
add_world real "${TMPDIR:-/tmp}" /var/tmp /tmp
add_world tmpfs /dev/shm /run "${TMPDIR:-/tmp}"
((${#worlds[@]})) || exit 2

hard_links=no
if [[ $(cat "$protected" 2>/dev/null || echo 0) == 0 ]]; then
	hard_links=yes
elif echo 0 2>/dev/null >"$protected"; then
	before=1 hard_links=yes
fi

# What downloads fetch.
served=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-attack-server.XXXXXX")
echo fetched >"$served/file"
mkdir -p "$served/tree/sub"
echo fetched | tee "$served/tree/a" >"$served/tree/sub/b"
# The same bytes wherever it is made: their digest is in the cases.
tar -C "$served" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=a=rX,u+w \
	--format=ustar -cf "$served/tree.tar" tree
"${cases%/attack/*}/cli/http_server.py" "$served" "$served/port" &
server=$!
until [[ -s $served/port ]]; do
	kill -0 "$server"
	sleep 0.05
done
ATTACK_URL=http://127.0.0.1:$(<"$served/port")
export ATTACK_URL

files=()
for name in "${@:-*}"; do
	# A glob of the caller's.
	# shellcheck disable=SC2206
	files+=("$cases"/$name.attack)
done
directories=$(IFS=,; echo "${worlds[*]}")
# A trap runs at once during `wait`, but only after a command in the foreground has ended.
"$tool" "${ATTACK_SECONDS:-10}" "$hard_links" "$program" "$directories" "${files[@]}" &
pid=$!
wait "$pid"
