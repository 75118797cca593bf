# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A PostgreSQL server in a socket of a test's own; to be sourced in place of lib.sh.
# shellcheck source=tests/lib.sh
. "${BASH_SOURCE[0]%/*}/../lib.sh"
# shellcheck source=tests/postgres.sh
. "${BASH_SOURCE[0]%/*}/../postgres.sh"

# begin_server: starts one with what is in data/, and $options, which is ready then.
function begin_server {
	as_postgres pg_ctl -D data -w -l "$PWD/data/log" -o "-c listen_addresses= -c fsync=off ${options-} \
		-c unix_socket_directories=$PWD -c shared_buffers=4MB" start >started.log
}

# An empty cluster, made at the last argument.
function make_cluster {
	((EUID != 0)) || install -d -o postgres "$1"
	as_postgres initdb -U postgres -A trust -E UTF8 -N --no-instructions \
		--wal-segsize=1 -D "$1" >initdb.log
}

# server [LINE…]: a new one, the drop-in of the database d in it, and further keys.
function server {
	command -v initdb >/dev/null || skip "postgresql is not installed"
	((EUID != 0)) || id postgres >/dev/null 2>&1 || skip "no user postgres here"
	chmod 1777 .
	made_once cluster make_cluster
	cp -a "$made" data
	trap 'as_postgres pg_ctl -D data -m immediate stop >stopped.log 2>&1 || true
		rm -rf data || true; end_background' EXIT
	begin_server
	url="postgres://postgres@/d?host=$PWD"
	printf '%s\n' '[database:d]' "url = $url" 'create = yes' 'migrations = ../m' "$@" |
		drop_in 10.ini
	mkdir -p m
}

# sql TEXT: what the server says to it, without a frame.
function sql {
	PGOPTIONS='-c client_min_messages=warning' psql -XAtqv ON_ERROR_STOP=1 "$url" -c "$1"
}

# applied: the ids of the ledger, in their order.
function applied {
	sql "SELECT id FROM groundwork_migrations WHERE module <> '' ORDER BY position" | xargs
}

# on_postgres TEXT…: each is a statement in the database that is always there.
function on_postgres {
	local text
	for text in "$@"; do
		PGOPTIONS='-c client_min_messages=warning' psql -XAtqv ON_ERROR_STOP=1 \
			"${url/\/d?//postgres?}" -c "$text"
	done
}
