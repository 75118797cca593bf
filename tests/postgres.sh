# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The programs of a PostgreSQL server in PATH, where it is installed; to be sourced.

# Debian has no link to it there.
for directory in /usr/lib/postgresql/*/bin; do
	PATH=$directory:$PATH
done

# as_postgres COMMAND…: a server does not run as root.
function as_postgres {
	if ((EUID == 0)); then
		setpriv --reuid postgres --regid postgres --clear-groups "$@"
	else
		"$@"
	fi
}
