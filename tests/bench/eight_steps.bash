# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A start of eight steps, each of another kind, one of them a database with 20 migrations; as
# root the application runs as nobody.

export PORT=8080 NAME=notes
user=$((EUID == 0 ? 65534 : EUID))
group=$((EUID == 0 ? 65534 : $(id -g)))

# eight_steps NAME…: NAME.ini each, which lays its ground below NAME; and what it needs, here.
eight_steps() {
	local number name
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
	for name; do
		steps "$name" >"$name.ini"
		mkdir "$name"
		((EUID != 0)) || chown "$user:$group" "$name"
	done
}

steps() { # NAME
	cat <<-END
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
}
