# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# How the commands of a README are typed (reader.py), one after the other in one shell.

# typed COMMAND PATTERN: as in a terminal. What follows one that goes on in the background may
# come before that one is ready: it is typed again.
typed() {
	local printed begun=$SECONDS
	printed=$(mktemp "${TMPDIR:-/tmp}/printed.XXXXXX")
	echo "\$ $1"
	if [[ $1 == *"&" ]]; then
		in_background=yes
		eval "$1"
		return
	fi
	[[ $1 != *"docker "*" -d"* ]] || in_background=yes
	while true; do
		if eval "$1" >"$printed" 2>&1 </dev/null &&
			{ [[ -z $2 ]] || python3 "$READER" --match "$printed" "$2"; }; then
			cat "$printed"
			rm "$printed"
			return
		fi
		[[ $in_background == yes ]] || break
		((SECONDS - begun < 60)) || break
		sleep 0.02
	done
	cat "$printed"
	echo "this is not as in the README: $1" >&2
	exit 1
}
in_background=no
