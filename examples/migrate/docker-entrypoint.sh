#!/bin/sh
# SPDX-License-Identifier: MIT
# Before: ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]
set -eu
: "${APP_NAME:?set it}"
mkdir -p "$DATA_DIR"
[ "$(id -u)" != 0 ] || chown -R "${APP_USER:-app}" "$DATA_DIR"
[ -s "$DATA_DIR/session.key" ] || openssl rand -hex 32 >"$DATA_DIR/session.key"
SESSION_KEY=$(cat "$DATA_DIR/session.key")
export SESSION_KEY
export PORT="${PORT:-8080}"
envsubst <templates/app.json >"$DATA_DIR/app.json"
rm -f "$DATA_DIR/app.pid"
for file in migrations/*.sql; do
	sqlite3 "$DATA_DIR/app.db" <"$file"
done
[ -z "${REDIS_HOST-}" ] || wait-for-it "$REDIS_HOST:6379" -t 30
[ "$(id -u)" != 0 ] || exec gosu "${APP_USER:-app}" "$@"
exec "$@"
