/* SPDX-License-Identifier: MIT */
/* Pragmas that can only be set while a database is empty. */
#include "db/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define VALUES_MAX 8

/* What the file stores; everything else lasts no longer than a connection. */
static const struct {
	const char *name;
	const char *values[VALUES_MAX + 1];
} settings[] = {
	{"page_size", {"512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"}},
	{"auto_vacuum", {"none", "full", "incremental"}},
	{"encoding", {"UTF-8", "UTF-16", "UTF-16le", "UTF-16be"}},
};

/* Pragmas that are set elsewhere. */
static const struct {
	const char *name;
	const char *where;
} elsewhere[] = {
	{"journal_mode", "it is a key of its own"},
	{"application_id", "it is a key of its own"},
	{"busy_timeout", "it is a key of its own; the application sets its own"},
	{"user_version", "set it in a migration"},
};

static int check_value(
	const char *const *values, const char *name, const char *value, struct err *err)
{
	CLEANUP_BUF struct buf known = BUF_INIT;

	for (size_t i = 0; values[i]; i++) {
		if (sqlite3_stricmp(values[i], value) == 0)
			return 0;
		buf_printf(&known, "%s%s", i ? ", " : "", values[i]);
	}
	return err_config(
		err, "%s cannot be '%s'; it is one of %s", name, value, known.data);
}

int db_pragma_check(const char *setting, struct err *err)
{
	const char *value = strchr(setting, '=');
	char name[32];

	if (!value)
		return err_config(err, "'%s' is not of the form name=value", setting);
	(void)snprintf(name, sizeof name, "%.*s", (int)(value - setting), setting);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (sqlite3_stricmp(settings[i].name, name) == 0)
			return check_value(settings[i].values, name, value + 1, err);
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		if (sqlite3_stricmp(elsewhere[i].name, name) == 0)
			return err_config(err, "%s: %s", name, elsewhere[i].where);
	return err_config(err,
		"'%s' is not one of page_size, auto_vacuum, encoding; the file stores no "
		"other pragma: the application sets them in each connection",
		name);
}
