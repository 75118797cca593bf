#!/bin/bash
# SPDX-License-Identifier: MIT
# Holds what groundwork takes over against the tools themselves: run.sh PROGRAM [TOOL…]
#
# TOOL is that of a file of SQLite; TOOL/postgres that of a database of a server of our own.
# For each tool: half of a directory applied by the tool and half by groundwork, which adopts
# its ledger, must be what the tool alone makes of it, and what groundwork alone does: schema
# and rows. Tools of npm are installed below build/oracle. One that cannot be had here is
# skipped, and the last line says how many were.
set -euo pipefail

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
program=$(realpath "$1")
npm=$PWD/build/oracle
work=$(mktemp -d)
trap 'end_postgres; rm -rf "$work"' EXIT
export HOME=$work CI=1 CHECKPOINT_DISABLE=1 WRANGLER_SEND_METRICS=false
# shellcheck source=tests/oracle/engines.sh
. "$here/engines.sh"

# ---- what is applied ----

# write FILE I [BEFORE]: the Ith text, behind a line of the tool's.
function write {
	mkdir -p "${1%/*}"
	printf '%s%s' "${3:+$3$'\n'}" "${texts[$2]}" >"$1"
}

# journal COUNT: Drizzle's, of so many.
function journal {
	local entries=() i
	for ((i = 0; i < $1; i++)); do
		entries+=("{\"idx\":$i,\"version\":\"6\",\"when\":$((i + 1)),\"tag\":\"000${i}_m\",\"breakpoints\":true}")
	done
	mkdir -p m/meta
	(IFS=, && echo "{\"version\":\"7\",\"dialect\":\"$dialect\",\"entries\":[${entries[*]}]}") \
		>m/meta/_journal.json
}

# ---- the tools: has_TOOL, files_TOOL COUNT, apply_TOOL to "$url" ----

# in_npm FILE: of a package; all of them are installed once.
function in_npm {
	command -v npm >/dev/null || return 1
	if ! cmp -s "$here/package.json" "$npm/package.json"; then
		mkdir -p "$npm"
		cp "$here/package.json" "$npm/package.json.new"
		(cd "$npm" && rm -rf node_modules && cp package.json.new package.json &&
			npm install --no-audit --no-fund --ignore-scripts >log 2>&1) || {
			rm -f "$npm/package.json"
			echo "oracle: npm could not install: $(tail -n 1 "$npm/log")" >&2
			return 1
		}
	fi
	[[ -e $npm/node_modules/$1 ]]
}

function has_dbmate { in_npm @dbmate/linux-x64/bin/dbmate; }
function files_dbmate {
	local i
	for ((i = 0; i < $1; i++)); do
		write "m/2024010$((i + 1))000000_m.sql" "$i" '-- migrate:up'
		printf '\n-- migrate:down\nSELECT 1;\n' >>"m/2024010$((i + 1))000000_m.sql"
	done
}
function apply_dbmate {
	"$npm/node_modules/@dbmate/linux-x64/bin/dbmate" --no-dump-schema -d m -u "$url" up
}

function has_sql-migrate { command -v sql-migrate >/dev/null; }
function files_sql-migrate {
	local i
	for ((i = 0; i < $1; i++)); do
		if [[ $i == 1 ]]; then
			write "m/$((i + 9))_m.sql" "$i" $'-- +migrate Up\n-- +migrate StatementBegin'
			# The table is a statement of its own.
			sed -i 's/^\(CREATE TABLE log.*\)$/\1\n-- +migrate StatementEnd\n-- +migrate StatementBegin/' \
				"m/$((i + 9))_m.sql"
			echo '-- +migrate StatementEnd' >>"m/$((i + 9))_m.sql"
		else
			write "m/$((i + 9))_m.sql" "$i" '-- +migrate Up'
		fi
	done
}
function apply_sql-migrate {
	printf '%s\n' 'development:' '  dialect: sqlite3' '  datasource: app.db' '  dir: m' >dbconfig.yml
	sql-migrate up
}

function has_drizzle { in_npm drizzle-orm/libsql/migrator.js && in_npm @libsql/client && in_npm pg; }
function files_drizzle {
	local i
	for ((i = 0; i < $1; i++)); do
		write "m/000${i}_m.sql" "$i"
		# Each statement is handed over by itself. What is in the trigger is indented.
		sed -i '2,$s/^INSERT\|^CREATE/--> statement-breakpoint\n&/' "m/000${i}_m.sql"
	done
	journal "$1"
}
function apply_drizzle {
	ln -sfn "$npm/node_modules" node_modules
	cat >sqlite.mjs <<-'END'
		import { createClient } from '@libsql/client';
		import { drizzle } from 'drizzle-orm/libsql';
		import { migrate } from 'drizzle-orm/libsql/migrator';
		const client = createClient({ url: 'file:app.db' });
		await migrate(drizzle(client), { migrationsFolder: 'm' });
		client.close();
	END
	cat >postgres.mjs <<-'END'
		import pg from 'pg';
		import { drizzle } from 'drizzle-orm/node-postgres';
		import { migrate } from 'drizzle-orm/node-postgres/migrator';
		const client = new pg.Client();
		await client.connect();
		await migrate(drizzle(client), { migrationsFolder: 'm' });
		await client.end();
	END
	node "$engine.mjs"
}

function has_prisma {
	in_npm prisma/build/index.js && in_npm @prisma/adapter-libsql && in_npm @prisma/adapter-pg
}
function files_prisma {
	local i
	for ((i = 0; i < $1; i++)); do
		write "m/2024010$((i + 1))000000_m/migration.sql" "$i"
	done
	echo "provider = \"$dialect\"" >m/migration_lock.toml
}
# Its engine is WebAssembly; the two that it would download are not used.
function apply_prisma {
	ln -sfn "$npm/node_modules" node_modules
	printf '%s\n' 'datasource db {' "provider = \"$dialect\"" 'url = "file:app.db"' '}' >schema.prisma
	cat >sqlite.mjs <<-'END'
		import { PrismaLibSQL } from '@prisma/adapter-libsql';
		export const adapter = async () => new PrismaLibSQL({ url: 'file:app.db' });
	END
	cat >postgres.mjs <<-'END'
		import pg from 'pg';
		import { PrismaPg } from '@prisma/adapter-pg';
		// The adapter does not know columns of the type name, 19; text is 25.
		const known = (base) => class extends base {
			async query(...words) {
				const result = await super.query(...words);
				for (const field of result?.fields ?? []) {
					if (field.dataTypeID === 19) field.dataTypeID = 25;
				}
				return result;
			}
		};
		const Pool = known(pg.Pool), Client = known(pg.Client);
		export const adapter = async () => {
			const pool = new Pool({ Client }), factory = new PrismaPg(pool);
			const connect = factory.connect.bind(factory);
			// It cuts a text at each `;`, where Prisma's own engine sends the whole.
			factory.connect = async () => Object.assign(await connect(), {
				executeScript: async (text) => { await pool.query(text); },
			});
			return factory;
		};
	END
	cat >prisma.config.mjs <<-END
		import { adapter } from './$engine.mjs';
		export default {
			engine: 'js',
			experimental: { adapter: true },
			schema: 'schema.prisma',
			migrations: { path: 'm' },
			adapter,
		};
	END
	touch unused
	PRISMA_QUERY_ENGINE_LIBRARY=$PWD/unused PRISMA_SCHEMA_ENGINE_BINARY=$PWD/unused \
		node node_modules/prisma/build/index.js migrate deploy --config prisma.config.mjs
}

function has_d1 { in_npm wrangler/bin/wrangler.js; }
function files_d1 {
	local i
	for ((i = 0; i < $1; i++)); do
		write "m/000$((i + 1))_m.sql" "$i"
	done
}
function apply_d1 {
	local file
	cat >wrangler.json <<-'END'
		{"name": "oracle", "compatibility_date": "2024-01-01", "d1_databases": [{"binding": "DB",
		"database_name": "db", "database_id": "oracle", "migrations_dir": "m"}]}
	END
	node "$npm/node_modules/wrangler/bin/wrangler.js" d1 migrations apply db --local
	for file in .wrangler/state/v3/d1/*/*.sqlite; do
		[[ $file == */metadata.sqlite ]] || sqlite3 "$file" '.backup app.db'
	done
}

# ---- the comparison ----

function groundwork {
	mkdir -p conf
	printf '%s\n' '[database:d]' "$at" 'migrations = ../m' 'adopt = auto' >conf/1.ini
	"$program" -c conf apply
}

# try TOOL ENGINE: in directories of its own.
function try {
	local tool=$1 way
	"use_$2"
	for way in tool both ours; do
		mkdir -p "$work/$tool/$2/$way"
		cd "$work/$tool/$2/$way"
		"create_$2" "$tool-$way"
		if [[ $way == both ]]; then
			"files_$tool" 2
			"apply_$tool"
		fi
		"files_$tool" 4
		if [[ $way == tool ]]; then "apply_$tool"; else groundwork; fi
		"content_$2" >../"$way".txt
		[[ $way != both || $("ledger_$2" | xargs) == "$tool $tool groundwork groundwork" ]]
	done
	cd "$work/$tool/$2"
	diff tool.txt both.txt
	diff tool.txt ours.txt
}

passed=0 failed=0 skipped=0
for item in "${@:2}"; do
	IFS=/ read -r tool engine _ <<<"$item/sqlite"
	if ! { "has_$tool" && "has_$engine"; }; then
		echo "oracle: $item: SKIPPED, it is not to be had here"
		skipped=$((skipped + 1))
		continue
	fi
	# Where it is tested at once, the first command that fails does not end it.
	set +e
	(set -e && try "$tool" "$engine") >"$work/log" 2>&1
	rc=$?
	set -e
	if [[ $rc == 0 ]]; then
		echo "oracle: $item: ok"
		passed=$((passed + 1))
	else
		echo "oracle: $item: FAILED"
		sed 's/^/  | /' "$work/log"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed == 0 ]]
