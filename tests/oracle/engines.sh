# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: MIT
# The databases in which tools and groundwork meet; to be sourced, with $work. Each engine has
#
#	has_ENGINE		can it be had here?
#	use_ENGINE		sets what migrations have: $texts, and $dialect, their name of it
#	create_ENGINE NAME	one, with where it is: $url to a tool, $at to groundwork
#	content_ENGINE		its schema and rows, without those of tools
#	ledger_ENGINE		who has run its migrations, one a line

# ---- SQLite: app.db in the working directory ----

function has_sqlite { true; }

# Four migrations: lines that end in CRLF, a trigger, a reference, no newline at the end.
function use_sqlite {
	dialect=sqlite
	texts=(
		$'CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT);\r\nINSERT INTO p VALUES (1, \'é\');\r\n'
		$'CREATE TABLE log (t TEXT);\nCREATE TRIGGER tr AFTER INSERT ON p BEGIN
  INSERT INTO log VALUES (\'p; \' || new.id);\nEND;\n'
		$'CREATE TABLE c (p INTEGER REFERENCES p(id));\nINSERT INTO p VALUES (2, \'two\');\n'
		$'INSERT INTO c SELECT id FROM p;\nCREATE INDEX i ON c (p);'
	)
}

function create_sqlite {
	url=sqlite:app.db
	at='path = app.db'
}

function content_sqlite {
	sqlite3 app.db "SELECT name, sql FROM sqlite_master
		WHERE tbl_name IN ('p', 'c', 'log') ORDER BY name" \
		'SELECT * FROM p' 'SELECT * FROM c' 'SELECT * FROM log'
}

function ledger_sqlite {
	sqlite3 app.db 'SELECT tool FROM groundwork_migrations ORDER BY rowid'
}

# ---- PostgreSQL: a server in a socket of ours ----

# shellcheck source=tests/postgres.sh
. "${BASH_SOURCE[0]%/*}/../postgres.sh"
server=

# It is started once.
function has_postgres {
	[[ -z $server ]] || return 0
	command -v initdb >/dev/null || return 1
	((EUID != 0)) || id postgres >/dev/null 2>&1 || return 1
	mkdir -m 1777 "$work/pg"
	chmod 755 "$work"
	(cd "$work/pg" && as_postgres initdb -D data -U postgres -A trust -E UTF8 -N &&
		as_postgres pg_ctl -D data -w -l log -o "-c listen_addresses= -c fsync=off \
			-c unix_socket_directories=$PWD" start) >"$work/pg.log" 2>&1 || return 1
	server=$work/pg
}

function end_postgres {
	[[ -z $server ]] || as_postgres pg_ctl -D "$server/data" -m immediate stop >"$work/pg.log" 2>&1
}

# The same in its SQL: a function in dollar quotes in place of the trigger's body.
function use_postgres {
	use_sqlite
	dialect=postgresql
	texts[1]=$'CREATE TABLE log (t TEXT);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN\n  INSERT INTO log VALUES (\'p; \' || new.id);\n  RETURN new;\nEND $f$;
CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();\n'
}

function create_postgres {
	export PGHOST=$server PGUSER=postgres PGDATABASE=$1
	PGDATABASE=postgres psql -Xq -c "CREATE DATABASE \"$1\""
	url="postgres://postgres@/$1?host=$server&socket=$server&sslmode=disable"
	at="url = postgres://postgres@/$1?host=$server"
}

# The key of \restrict is another one each time.
function content_postgres {
	pg_dump --inserts -N drizzle -T groundwork_migrations -T schema_migrations \
		-T _prisma_migrations |
		sed '/^\\\(un\)\?restrict /d; /^--/d; /^$/d'
}

function ledger_postgres {
	psql -XAtc "SELECT tool FROM groundwork_migrations WHERE module <> '' ORDER BY position"
}
