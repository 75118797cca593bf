/* SPDX-License-Identifier: MIT */
/* Pragmas of what the database file stores. */
#include "db/pragma.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "migration/split.h"
#include "migration/tokens.h"

#define VALUES_MAX 8
#define TEXT_MAX   32

/* What can be set while a database is empty; no other pragma is stored but WAL. */
static const struct setting {
	const char *name;
	const char *usual;
	const char *values[VALUES_MAX + 1];
	bool numbered; /* a value may be given by its number, from 0 */
} settings[] = {
	{"page_size", .usual = "4096",
		.values = {"512", "1024", "2048", "4096", "8192", "16384", "32768",
			"65536"}},
	{"auto_vacuum", .usual = "none", .values = {"none", "full", "incremental"},
		.numbered = true},
	{"encoding", .usual = "UTF-8",
		.values = {"UTF-8", "UTF-16", "UTF-16le", "UTF-16be"}},
};
#define SETTINGS (sizeof settings / sizeof *settings)

static const char journal_mode[] = "journal_mode";
static const char *const journal_modes[] = {
	"wal", "delete", "truncate", "persist", "memory", "off"};

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
	for (size_t i = 0; i < SETTINGS; i++)
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

bool pragma_is_stored(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (sqlite3_stricmp(settings[i].name, name) == 0)
			return true;
	return sqlite3_stricmp(journal_mode, name) == 0;
}

/* ---- in migrations ---- */

/* "PRAGMA name = value" */
struct asked {
	char name[TEXT_MAX];
	char value[TEXT_MAX];
};

/* Copies the token without its quotes; one that is too long is none that we know. */
static void copy_token(const struct tokens *tokens, char ret[TEXT_MAX])
{
	const char *text = tokens->text + tokens->start;
	bool quoted = strchr("\"'`[", text[0]);
	size_t size = tokens->at - tokens->start - (quoted ? 2 : 0);

	(void)snprintf(ret, TEXT_MAX, "%.*s", (int)size, text + quoted);
}

static bool is_sign(const struct tokens *tokens, const char *signs)
{
	return strchr(signs, tokens->text[tokens->start]);
}

/* Is it a pragma with a value? */
static bool read_statement(const struct statement *statement, struct asked *ret)
{
	struct tokens tokens = {
		.text = statement->text, .size = statement->size, .line = 1};

	if (!tokens_next_is(&tokens, "PRAGMA") || tokens_next(&tokens) == SQL_TOKEN_END)
		return false;
	copy_token(&tokens, ret->name);
	if (tokens_next(&tokens) != SQL_TOKEN_END && is_sign(&tokens, ".")) {
		(void)tokens_next(&tokens); /* the name is behind its database */
		copy_token(&tokens, ret->name);
		(void)tokens_next(&tokens);
	}
	if (tokens.start == tokens.size || !is_sign(&tokens, "=(") ||
		tokens_next(&tokens) == SQL_TOKEN_END)
		return false;
	copy_token(&tokens, ret->value);
	return true;
}

/* A value as SQLite writes it, whichever way it is given; NULL: it is none. */
static const char *find_value(const struct setting *setting, const char *value)
{
	bool number = setting->numbered && str_is_digit(value[0]) && !value[1];

	for (size_t i = 0; setting->values[i]; i++)
		if (sqlite3_stricmp(setting->values[i], value) == 0 ||
			(number && value[0] == (char)('0' + i)))
			return setting->values[i];
	/* "UTF16le" is understood, too. */
	if (sqlite3_strnicmp(value, "UTF", 3) == 0 && str_is_digit(value[3])) {
		char text[TEXT_MAX + 1];

		(void)snprintf(text, sizeof text, "UTF-%s", value + 3); /* fits */
		return find_value(setting, text);
	}
	return NULL;
}

/* "UTF-16" has the machine's own order of bytes. */
static bool is_same(const char *a, const char *b)
{
	bool swapped = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const char *native = swapped ? "UTF-16be" : "UTF-16le";

	return str_equal(
		str_equal(a, "UTF-16") ? native : a, str_equal(b, "UTF-16") ? native : b);
}

/* What the section says; or NULL. */
static const char *configured(const struct db_spec *spec, const struct setting *setting)
{
	const char *const *pragma = spec->pragmas;
	size_t size = strlen(setting->name);

	for (; pragma && *pragma; pragma++)
		if (sqlite3_strnicmp(*pragma, setting->name, (int)size) == 0 &&
			(*pragma)[size] == '=')
			return find_value(setting, *pragma + size + 1);
	return NULL;
}

/* `key` is what to write in the section. */
static int refuse(const struct asked *asked, const char *has, const char *key,
	struct place at, struct err *err)
{
	err_fail(err,
		"PRAGMA %s = %s is not what the database has, '%s'; write `%s` in its "
		"section, which sets it where that can be: then this line is passed over",
		asked->name, asked->value, has, key);
	return err_at(err, at);
}

/* Where the section itself says otherwise, it decides. */
static int pass_over(const struct db_spec *spec, const struct asked *asked,
	const char *has, struct place at)
{
	log_warn(spec->ledger.log,
		"'%s': %s:%d: PRAGMA %s = %s is passed over, since the section says '%s'",
		spec->path, at.file, at.line, asked->name, asked->value, has);
	return 1;
}

static int compare_mode(const struct db_spec *spec, const struct db_report *report,
	const struct asked *asked, struct place at, struct err *err)
{
	bool exists = report->state != DB_ABSENT;
	bool wants = sqlite3_stricmp(asked->value, "wal") == 0;
	bool section = str_equal(spec->journal_mode, "wal");
	bool known = false;

	for (size_t i = 0; i < sizeof journal_modes / sizeof *journal_modes; i++)
		known |= sqlite3_stricmp(journal_modes[i], asked->value) == 0;
	/* What SQLite does not know sets nothing. The file stores WAL alone. */
	if (!known || ((!exists || spec->journal_mode_set) && wants == section) ||
		(exists && wants == report->header.wal))
		return 1;
	if (spec->journal_mode_set)
		return pass_over(spec, asked, spec->journal_mode, at);
	return refuse(asked, wants ? "delete" : "wal",
		wants ? "journal_mode = wal" : "journal_mode = delete", at, err);
}

static int compare_setting(const struct db_spec *spec, const struct db_report *report,
	const struct setting *setting, const struct asked *asked, struct place at,
	struct err *err)
{
	const char *wanted = find_value(setting, asked->value);
	const char *section = configured(spec, setting);
	const char *has[] = {report->header.page_size, report->header.auto_vacuum,
		report->header.encoding};
	const char *real = has[setting - settings];
	char key[80];

	if (report->state == DB_ABSENT || !real)
		real = section ? section : setting->usual;
	if (!wanted || is_same(wanted, section ? section : setting->usual) ||
		is_same(wanted, real))
		return 1;
	if (section)
		return pass_over(spec, asked, section, at);
	(void)snprintf(
		key, sizeof key, "pragma = %s=%s", setting->name, wanted); /* fits */
	return refuse(asked, real, key, at, err);
}

int pragma_compare(const struct db_spec *spec, const struct db_report *report,
	const struct statement *statement, const char *file, struct err *err)
{
	struct place at = {.file = file, .line = statement->line};
	struct asked asked = {.name = ""};

	if (!read_statement(statement, &asked))
		return 0;
	if (report->state == DB_CURRENT)
		return pragma_is_stored(asked.name);
	if (sqlite3_stricmp(asked.name, journal_mode) == 0)
		return compare_mode(spec, report, &asked, at, err);
	for (size_t i = 0; i < SETTINGS; i++)
		if (sqlite3_stricmp(asked.name, settings[i].name) == 0)
			return compare_setting(
				spec, report, &settings[i], &asked, at, err);
	return 0;
}
