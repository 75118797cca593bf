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
chmod 755 "$work"
cd "$work"

# ---- the ground ----

user=$((EUID == 0 ? 65534 : EUID))
group=$((EUID == 0 ? 65534 : $(id -g)))
export PORT=8080 NAME=notes

mkdir migrations
for number in {01..20}; do
	cat >"migrations/00${number}_table.sql" <<-END
		CREATE TABLE table_$number (id INTEGER PRIMARY KEY, name TEXT NOT NULL, made INTEGER);
		CREATE INDEX index_$number ON table_$number (name);
		INSERT INTO table_$number (name, made) VALUES ('one', 1), ('two', 2), ('three', 3);
	END
done
# shellcheck disable=SC2016 # for groundwork and envsubst
printf '%s\n' 'name = ${NAME}' 'port = ${PORT}' 'key_file = data/session.key' >app.conf.in

# start NAME: the configuration that lays it in `NAME`, and the entrypoint that does.
start() {
	cat >"$1.ini" <<-END
		[app]
		user = $user
		group = $group
		[assert:port]
		that = env:PORT
		[absent:stale]
		path = $1/data/app.pid
		[directory:data]
		path = $1/data
		mode = 0750
		[link:current]
		path = $1/current
		target = data
		[key:session]
		path = $1/data/session.key
		[file:app]
		path = $1/data/app.conf
		template = app.conf.in
		policy = manage
		[database:app]
		path = $1/data/app.db
		migrations = migrations
		[exec:marker]
		command = touch $1/data/ready
		creates = $1/data/ready
	END
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

start cold
start warm
mkdir cold warm
chown "$user:$group" cold warm

# What a start left behind, of either, is gone; but for the directory itself.
mapfile -t clear < <(printf '%s\n' rm -rf cold/data cold/current)

"$groundwork" -q -c warm.ini --init -- true
spawned $((301 * factor)) tini -s true ';' "$groundwork" -c warm.ini --init -- true ';' \
	"$groundwork" -c warm.ini -- true ';' true
row 'warm, supervised' "${times[1]}" tini "${times[0]}" 1.5 || true
printf '  %-44s %9.2f ms   true alone %.2f ms\n' '  warm, becoming the application' \
	"$((times[2] / 1000))e-3" "$((times[3] / 1000))e-3"

spawned $((31 * factor)) "${clear[@]}" ';' "$groundwork" -c cold.ini --init -- true ';' \
	"${clear[@]}" ';' ./cold.sh true ';' ./cold.sh true
row 'cold, supervised' "${times[1]}" 'shell entrypoint' "${times[3]}" 0.07 || true
printf '  %-44s %9.2f ms\n' '  the entrypoint, with nothing to do' "$((times[4] / 1000))e-3"

missed_aims
