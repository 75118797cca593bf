#!/bin/bash
# SPDX-License-Identifier: MIT
# What a whole start costs, warm beside tini alone, and cold beside a shell entrypoint.
#
#	tests/bench/start.sh [GROUNDWORK [FACTOR]]
#
# Eight steps, each of another kind, one of them a database with 20 migrations; then the
# application runs supervised, as another user if we are root. It is true(1): any other one
# makes the comparison easier. The entrypoint does the same with mkdir, chown, openssl,
# envsubst, sqlite3, gosu and tini. On a tmpfs, unless TMPDIR says otherwise. All are started
# in turn, round by round; a figure is the median. FACTOR multiplies the rounds (1).
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
factor=${2:-1}
work=$(mktemp -d "${TMPDIR:-/dev/shm}/groundwork-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"

for tool in tini gosu sqlite3 openssl envsubst; do
	command -v $tool >/dev/null || { echo "nothing is measured: no $tool here" >&2; exit 0; }
done

. tests/bench/aims.bash
bench=$PWD/tests/bench
chmod 755 "$work"
cd "$work"

. "$bench/eight_steps.bash"

shell_entrypoint() { # NAME: what does the same, in NAME.sh
	sed "s,@DIR@,$1,g; s,@OWNER@,$user:$group,g" >"$1.sh" <<-'END'
		#!/bin/sh
		set -eu
		: "${PORT:?must be set}"
		rm -f @DIR@/data/app.pid
		mkdir -p @DIR@/data
		chown @OWNER@ @DIR@/data
		chmod 0750 @DIR@/data
		ln -sfn data @DIR@/current
		if [ ! -e @DIR@/data/session.key ]; then
			(umask 077 && openssl rand -hex 32 >@DIR@/data/session.key)
			chown @OWNER@ @DIR@/data/session.key
		fi
		envsubst <app.conf.in >@DIR@/data/app.conf.new
		chown @OWNER@ @DIR@/data/app.conf.new
		mv @DIR@/data/app.conf.new @DIR@/data/app.conf
		applied=$(sqlite3 @DIR@/data/app.db 'CREATE TABLE IF NOT EXISTS applied (version TEXT);
			SELECT version FROM applied')
		for file in migrations/*.sql; do
			version=${file##*/}
			case "$applied" in *"$version"*) continue ;; esac
			sqlite3 -bail @DIR@/data/app.db BEGIN ".read $file" \
				"INSERT INTO applied VALUES ('$version')" COMMIT
		done
		chown @OWNER@ @DIR@/data/app.db
		[ -e @DIR@/data/ready ] || gosu @OWNER@ touch @DIR@/data/ready
		exec tini -s -- gosu @OWNER@ "$@"
	END
	chmod 755 "$1.sh"
}

# ---- the rows ----

eight_steps cold warm
shell_entrypoint cold

# What a start left behind, of either, is gone; but for the directory itself.
mapfile -t clear < <(printf '%s\n' rm -rf cold/data cold/current)

"$groundwork" -q -c warm.ini --init -- true
spawned $((301 * factor)) tini -s true ';' "$groundwork" -c warm.ini --init -- true ';' \
	"$groundwork" -c warm.ini -- true ';' true
row 'warm, supervised' "${times[1]}" tini "${times[0]}" 1.5 || true
row '  warm, becoming the application' "${times[2]}" 'true alone' "${times[3]}"

spawned $((31 * factor)) "${clear[@]}" ';' "$groundwork" -c cold.ini --init -- true ';' \
	"${clear[@]}" ';' ./cold.sh true ';' ./cold.sh true
row 'cold, supervised' "${times[1]}" 'shell entrypoint' "${times[3]}" 0.07 || true
plain '  the entrypoint, with nothing to do' "${times[4]}"

missed_aims
