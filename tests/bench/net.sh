#!/bin/bash
# SPDX-License-Identifier: MIT
# What it costs to download a file and to find it in place, beside curl, sha256sum and openssl.
#
#	tests/bench/net.sh [GROUNDWORK [FACTOR]]
#
# On a tmpfs, unless TMPDIR says otherwise, from a server on loopback. All are started in
# turn, round by round; a figure is the median. FACTOR multiplies the rounds (1). FULL=1
# downloads 1 GiB instead of 128 MiB.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
factor=${2:-1}
size=$((${FULL:-0} ? 1024 : 128))
work=$(mktemp -d "${TMPDIR:-/dev/shm}/groundwork-bench.XXXXXX")
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"

. tests/bench/aims.bash
cd "$work"

mkdir files
head -c "${size}M" /dev/urandom >files/big
head -c 1000 /dev/urandom >files/small
# A port of its own, which it prints.
python3 -u -m http.server 0 --bind 127.0.0.1 --directory files >port 2>/dev/null &
server=$!
until grep -q port port; do
	kill -0 "$server"
	sleep 0.05
done
at=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' port)

for name in big small; do
	digest=$(sha256sum <files/$name | cut -d' ' -f1)
	printf '[download:f]\nurl = %s\npath = got-%s\nsha256 = %s\n' \
		"$at/$name" $name "$digest" >$name.ini
done
big=("$groundwork" -q -c big.ini apply) small=("$groundwork" -q -c small.ini apply)

spawned $((5 * factor)) rm -f got-big ';' "${big[@]}" ';' "${big[@]}" ';' \
	openssl dgst -sha256 got-big ';' curl -s -o copy "$at/big" ';' sha256sum copy
row "$size MiB, downloaded" "${times[1]}" 'curl -o, sha256sum' $((times[4] + times[5])) 1.15 || true
row '  nothing to do' "${times[2]}" 'openssl dgst' "${times[3]}" 1.1 || true
spawned -m 1 rm -f got-big ';' "${big[@]}" ';' "${big[@]}" ';' "${small[@]}"
most '  peak of memory' "$((times[1] * 10 / 1024))e-1" 8 MiB || true

spawned $((21 * factor)) rm -f got-small ';' "${small[@]}" ';' "${small[@]}" ';' \
	curl -s -o copy "$at/small"
row '1 KB, downloaded' "${times[1]}" 'curl -o' "${times[3]}" 1 || true
plain '  nothing to do' "${times[2]}"

missed_aims
