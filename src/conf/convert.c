/* SPDX-License-Identifier: MIT */
/* Texts made into typed values. */
#include "conf/convert.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

#define COUNT_MAX        1000000000
#define ACCOUNT_NAME_MAX 63
#define SHOWN_MAX        60
#define DURATION_MAX_MS  INT64_C(3153600000000) /* a hundred years */

bool field_is_list(const struct field *field)
{
	return field->type == FIELD_PATHS || field->type == FIELD_READ_PATHS ||
		field->type == FIELD_COMMAND || field->type == FIELD_LIST ||
		field->type == FIELD_LINES;
}

/* "'text'", cut where it is long; a secret is not shown. */
struct shown {
	char text[SHOWN_MAX + 8];
};

static struct shown show(const char *text, const struct conversion *how)
{
	struct shown shown;

	if (how->secret)
		(void)snprintf(shown.text, sizeof shown.text, "the value");
	else
		(void)snprintf(shown.text, sizeof shown.text, "'%.*s%s'", SHOWN_MAX, text,
			strlen(text) > SHOWN_MAX ? "…" : ""); /* cut on purpose */
	return shown;
}

/* ---- the formats ---- */

bool bool_parse(const char *text, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {{"yes", true}, {"no", false}, {"true", true}, {"false", false},
		{"on", true}, {"off", false}, {"1", true}, {"0", false}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcasecmp(words[i].word, text) == 0) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

/* Takes a whole number off the front; false where there is none, or it is too large. */
static bool take_number(const char **text, int64_t *ret)
{
	int64_t number = 0;

	if (!str_is_digit(**text))
		return false;
	for (; str_is_digit(**text); (*text)++)
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, **text - '0', &number))
			return false;
	*ret = number;
	return true;
}

static bool take_unit(const char **text, int64_t *ret)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"sec", 1000}, {"min", 60000}, {"m", 60000},
		{"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
	size_t size = 0;

	while ((*text)[size] >= 'a' && (*text)[size] <= 'z')
		size++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strlen(units[i].name) == size &&
			memcmp(units[i].name, *text, size) == 0) {
			*text += size;
			*ret = units[i].ms;
			return true;
		}
	}
	return false;
}

bool duration_parse(const char *text, int64_t *ret_ms)
{
	int64_t total = 0, number, unit;
	uint64_t seconds;

	if (str_equal(text, "none")) {
		*ret_ms = -1;
		return true;
	}
	if (str_to_u64(text, DURATION_MAX_MS / 1000, &seconds)) {
		*ret_ms = (int64_t)seconds * 1000;
		return true;
	}
	if (!*text)
		return false;
	while (*text) {
		if (!take_number(&text, &number))
			return false;
		text += *text == ' ';
		if (!take_unit(&text, &unit) ||
			__builtin_mul_overflow(number, unit, &number) ||
			__builtin_add_overflow(total, number, &total) ||
			total > DURATION_MAX_MS)
			return false;
		if (*text == ' ' && text[1])
			text++;
	}
	*ret_ms = total;
	return true;
}

bool size_parse(const char *text, int64_t *ret_bytes)
{
	static const char units[] = "KMG";
	int64_t number;
	const char *unit;

	if (!take_number(&text, &number))
		return false;
	if (*text) {
		unit = strchr(units, *text >= 'a' ? *text - ('a' - 'A') : *text);
		if (!unit || text[1] ||
			__builtin_mul_overflow(
				number, INT64_C(1) << (10 * (unit - units + 1)), &number))
			return false;
	}
	*ret_bytes = number;
	return true;
}

/* "755", "0755", "01777", "0o755". */
static bool mode_parse(const char *text, mode_t *ret)
{
	mode_t mode = 0;
	size_t digits;

	if (str_starts(text, "0o"))
		text += 2;
	else if (*text == '0' && strlen(text) > 1)
		text++;
	digits = strspn(text, "01234567");
	if (digits == 0 || digits > 4 || text[digits])
		return false;
	for (; *text; text++)
		mode = mode * 8 + (mode_t)(*text - '0');
	*ret = mode;
	return true;
}

/* ---- one function a type ---- */

typedef int converter(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err);

static int to_string(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	const char **ret = slot;

	(void)field;
	(void)err;
	*ret = arena_strdup(how->arena, text);
	return 0;
}

static int to_path(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	const char **ret = slot;
	const char *dir = field->type == FIELD_READ_PATH ? how->dir : how->base;
	const char *path;

	if (!*text)
		return err_config(err, "the path is empty");
	path = path_join(how->arena, dir, text);
	if (strlen(path) >= PATH_MAX)
		return err_config(err, "the path %s is %zu bytes long; %d are the most",
			show(text, how).text, strlen(path), PATH_MAX - 1);
	*ret = path;
	return 0;
}

/* "-/run/app.env": the '-' says that it may be missing, and is for whoever reads it. */
static int to_read_paths(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	static const struct field one = {.type = FIELD_READ_PATH};
	const char **ret = slot;

	(void)field;
	if (to_path(&one, text + (*text == '-'), how, slot, err) < 0)
		return -1;
	if (*text == '-')
		*ret = arena_printf(how->arena, "-%s", *ret);
	return 0;
}

static int to_mode(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	struct field_mode *ret = slot;
	mode_t mode;

	(void)field;
	if (!mode_parse(text, &mode))
		return err_config(err,
			"%s is no mode: expected up to four octal digits (0-7), as in "
			"0640",
			show(text, how).text);
	*ret = (struct field_mode){.mode = mode, .set = how->set};
	return 0;
}

/* A name's form, or a number that can be an id; nobody is asked who that is. */
static bool is_account(const char *text)
{
	size_t size = strlen(text);
	uint64_t id;

	if (size == 0 || size > ACCOUNT_NAME_MAX)
		return false;
	if (strspn(text, "0123456789") == size)
		return str_to_u64(text, UINT32_MAX - 1, &id);
	if (!str_is_alnum(*text) && *text != '_')
		return false;
	for (; *text; text++)
		if (!str_is_alnum(*text) && !strchr("_.-@$", *text) &&
			(*text & 0x80) == 0)
			return false;
	return true;
}

static int to_account(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	struct field_name *ret = slot;
	const char *what = field->type == FIELD_USER ? "user" : "group";

	if (strchr(text, ':'))
		return err_config(err,
			"%s is more than a %s: user and group have a key of their own",
			show(text, how).text, what);
	if (!is_account(text))
		return err_config(err, "%s is no name or number of a %s",
			show(text, how).text, what);
	*ret = (struct field_name){
		.name = arena_strdup(how->arena, text), .set = how->set};
	return 0;
}

static int to_bool(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	(void)field;
	if (!bool_parse(text, slot))
		return err_config(err, "%s is neither yes nor no", show(text, how).text);
	return 0;
}

static int to_duration(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	(void)field;
	if (!duration_parse(text, slot))
		return err_config(err,
			"%s is no duration: expected one as in 500ms, 10 (seconds), 2min "
			"30s, 30d",
			show(text, how).text);
	return 0;
}

static int to_size(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	(void)field;
	if (!size_parse(text, slot))
		return err_config(err,
			"%s is no size: expected one as in 4096, 64K, 10M, 2G",
			show(text, how).text);
	return 0;
}

static int to_count(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	int64_t *ret = slot;
	uint64_t count;

	(void)field;
	if (!str_to_u64(text, COUNT_MAX, &count))
		return err_config(err, "%s is no whole number from 0 to %d",
			show(text, how).text, COUNT_MAX);
	*ret = (int64_t)count;
	return 0;
}

static int to_enum(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	CLEANUP_BUF struct buf choices = BUF_INIT;
	const char *near = str_nearest(text, field->choices);
	int *ret = slot;

	for (int i = 0; field->choices[i]; i++) {
		if (str_equal(field->choices[i], text)) {
			*ret = i;
			return 0;
		}
	}
	field_type_text(field, &choices);
	return err_config(err, "%s is none of %s%s%s%s", show(text, how).text,
		choices.data, near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
}

static const struct {
	converter *convert;
	const char *text;
} types[] = {
	[FIELD_STRING] = {to_string, "text"},
	[FIELD_TEXT] = {NULL, "text of many lines"},
	[FIELD_PATH] = {to_path, "path"},
	[FIELD_PATHS] = {to_path, "paths"},
	[FIELD_READ_PATH] = {to_path, "path (relative to the drop-in)"},
	[FIELD_READ_PATHS] = {to_read_paths, "paths (relative to the drop-in)"},
	[FIELD_MODE] = {to_mode, "mode"},
	[FIELD_USER] = {to_account, "user"},
	[FIELD_GROUP] = {to_account, "group"},
	[FIELD_BOOL] = {to_bool, "yes · no"},
	[FIELD_DURATION] = {to_duration, "duration"},
	[FIELD_SIZE] = {to_size, "size"},
	[FIELD_COUNT] = {to_count, "count"},
	[FIELD_ENUM] = {to_enum, NULL},
	[FIELD_COMMAND] = {to_string, "command"},
	[FIELD_LIST] = {to_string, "list"},
	[FIELD_LINES] = {to_string, "lines"},
};

int convert(const struct field *field, const char *text, const struct conversion *how,
	void *slot, struct err *err)
{
	return types[field->type].convert(field, text, how, slot, err);
}

const char *field_type_text(const struct field *field, struct buf *room)
{
	if (types[field->type].text)
		return types[field->type].text;
	buf_truncate(room, 0);
	for (size_t i = 0; field->choices[i]; i++)
		buf_printf(room, "%s%s", i > 0 ? " · " : "", field->choices[i]);
	return room->data;
}
