/* SPDX-License-Identifier: MIT */
/* The errors of SQLite. */
#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "db/connection.h"

/* Returns -1 with the reason if one of its files was refused to SQLite, else 0. */
static int explain_file(const struct connection *connection, struct err *err)
{
	char path[PATH_MAX];
	size_t size = (size_t)(path_base(connection->path) - connection->path);

	if (!connection->files.name)
		return 0;
	/* Cut if it is too long: it is for a message. */
	(void)snprintf(path, sizeof path, "%.*s%s", (int)size, connection->path,
		connection->files.name);
	return files_check(&connection->files, path, err);
}

/* The errno that a result of SQLite stands for, or 0. */
static int errno_of(int primary, int system)
{
	switch (primary) {
	case SQLITE_FULL:
		return ENOSPC;
	case SQLITE_READONLY:
		return EACCES;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return system;
	default:
		return 0;
	}
}

int connection_fail(struct connection *connection, const char *what, struct err *err)
{
	int code = sqlite3_extended_errcode(connection->db);
	int primary = code & 0xff;
	int system = sqlite3_system_errno(connection->db);
	bool about_file = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
	bool busy = primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
	int reason = errno_of(primary, system);
	bool full = !connection->copied && (reason == ENOSPC || reason == EDQUOT);

	if (connection->stopped.kind != ERR_NONE) {
		*err = connection->stopped;
		return -1;
	}
	if (about_file && explain_file(connection, err) < 0)
		return -1;
	if (code == SQLITE_NOMEM && connection->bounded)
		return err_fail(err,
			"%s: its schema and its ledger take more than %d MiB of memory",
			what, CONNECTION_BOUND_MB);
	return err_raise(err, busy ? ERR_TEMPORARY : ERR_FAILED, reason, "%s: %s%s%s%s%s",
		what,
		connection->refused[0] ? connection->refused
				       : sqlite3_errmsg(connection->db),
		about_file && system ? " (" : "",
		about_file && system ? strerror(system) : "",
		about_file && system ? ")" : "",
		full ? "; make room and start again" : "");
}
