/* SPDX-License-Identifier: MIT */
/* Texts made into typed values. */
#include "conf/convert.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/condition.h"
#include "conf/words.h"

#define COUNT_MAX        1000000000
#define ACCOUNT_NAME_MAX 63
#define SHOWN_MAX        60

/* "'text'", cut where it is long; a secret is not shown. */
struct shown {
	char text[SHOWN_MAX + 8];
};

static struct shown show(const char *text, const struct conversion *how)
{
	size_t size = strlen(text);
	bool cut = size > SHOWN_MAX;
	struct shown shown;

	if (how->secret)
		(void)snprintf(shown.text, sizeof shown.text, "the value");
	else
		(void)snprintf(shown.text, sizeof shown.text, "'%.*s%s'",
			(int)(cut ? str_cut(text, SHOWN_MAX) : size), text,
			cut ? "…" : "");
	return shown;
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

/* Refuses what no file system takes; `text` is the path as it is written. */
static int check_lengths(
	const char *path, const char *text, const struct conversion *how, struct err *err)
{
	size_t size = 0;

	if (strlen(path) >= PATH_MAX)
		return err_config(err, "%s is too long: a path has %d bytes at the most",
			show(text, how).text, PATH_MAX - 1);
	for (; *path; path++) {
		size = *path == '/' ? 0 : size + 1;
		if (size > NAME_MAX)
			return err_config(err,
				"%s has a name of %zu bytes; a name has %d at the most",
				show(text, how).text, size + strcspn(path + 1, "/"),
				NAME_MAX);
	}
	return 0;
}

static int to_path(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	const char **ret = slot;
	const char *dir = field->type == FIELD_READ_PATH ? how->dir : how->base;
	const char *path;
	bool bare;

	if (!*text && field->none)
		return to_string(field, text, how, slot, err);
	if (!*text)
		return err_config(err, "the path is empty");
	path = path_join(how->arena, dir, text);
	/* The base, which is not known to `check`, can be a directory's path: ".". */
	bare = !path[1] && (field->made || *text == '/');
	if ((field->made || field->object) && (bare || str_ends(path, "/..")))
		return err_config(
			err, "%s names no object of its own", show(text, how).text);
	if (check_lengths(path, text, how, err) < 0)
		return -1;
	*ret = path;
	return 0;
}

/* "-/run/app.env": the '-' says that it may be missing, and is for whoever reads it. */
static int to_read_paths(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	static const struct field single = {.type = FIELD_READ_PATH};
	const char **ret = slot;

	(void)field;
	if (to_path(&single, read_path_name(text), how, slot, err) < 0)
		return -1;
	if (read_path_is_optional(text))
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

/* A name's form, or a number that can be an id; it is not looked up. */
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
	int64_t *ret = slot;
	int64_t ms;

	if (!duration_parse(text, &ms))
		return err_config(err,
			"%s is no duration: expected one as in 500ms, 10 (seconds), 2min "
			"30s, 12h, 30d, or none%s",
			show(text, how).text, str_ends(text, "m") ? " (m is min)" : "");
	if (ms == 0 && field->min > 0)
		return err_config(
			err, "0 leaves no time for anything; write none for no limit");
	*ret = ms;
	return 0;
}

static int to_count(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	int64_t max = field->max ? field->max : COUNT_MAX;
	int64_t *ret = slot;
	uint64_t count;

	if (!str_to_u64(text, (uint64_t)max, &count) || (int64_t)count < field->min)
		return err_config(err, "%s is no whole number from %lld to %lld",
			show(text, how).text, (long long)field->min, (long long)max);
	*ret = (int64_t)count;
	return 0;
}

static int to_enum(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	CLEANUP_BUF struct buf choices = BUF_INIT;
	char room[STR_SUGGEST_SIZE];
	const char *near;

	if (choice_parse(field->choices, text, slot))
		return 0;
	for (int i = 0; field->choices[i]; i++) {
		buf_separate(&choices, ", ");
		buf_puts(&choices, field->choices[i]);
	}
	/* What switches something off, escaping above all, is nobody's advice. */
	near = str_nearest(text, field->choices);
	return err_config(err, "%s is none of %s%s", show(text, how).text, choices.data,
		near && str_equal(near, "none")
			? ""
			: str_suggest(text, field->choices, room));
}

/* ---- variables ---- */

static int to_name(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	/* One that is optional may come to nothing. */
	if (*text && !str_is_name(text, strlen(text)))
		return err_config(err,
			"%s is not the name of a variable (A-Z, a-z, 0-9, _; no digit "
			"first)",
			show(text, how).text);
	return to_string(field, text, how, slot, err);
}

/* Names' characters and * ? [ ]; what negates stands behind a "[" alone. */
static bool is_glob(const char *text)
{
	bool open = false;

	for (const char *at = text; *at; at++) {
		bool first = open && at[-1] == '[';

		if (*at == '[' || *at == ']') {
			if ((*at == '[') == open || first)
				return false;
			open = !open;
		} else if (!str_is_alnum(*at) && !strchr("_.-*?", *at) &&
			!(first && strchr("!^", *at))) {
			return false;
		}
	}
	return *text && !open;
}

static int to_glob(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	if (strchr(text, '\\'))
		return err_config(err,
			"a *, ? or [ that comes out of a ${…} stands for itself, and no "
			"name of a variable has one: write the glob itself");
	if (!is_glob(text))
		return err_config(err,
			"%s is no name of variables; * ? [ ] make it match more than one",
			show(text, how).text);
	return to_string(field, text, how, slot, err);
}

static bool is_env_name(const struct field *field, const char *name)
{
	size_t size = strlen(name);

	return field->any_name ? size > 0 && strcspn(name, WORDS_SPACE) == size
			       : str_is_name(name, size);
}

/* Its value may be a secret, and is not shown. */
static int to_env(const struct field *field, const char *text,
	const struct conversion *how, void *slot, struct err *err)
{
	const char *equals = strchr(text, '=');
	const char *name =
		equals ? arena_memdup(how->arena, text, (size_t)(equals - text)) : text;

	if (!is_env_name(field, name) || (!equals && !field->bare))
		return err_config(err, "expected NAME=value%s, not %s%s%s",
			field->bare ? " or NAME" : "", show(name, how).text,
			equals ? " in front of '='" : "",
			!equals && strpbrk(name, " ,") ? ": one a line" : "");
	return to_string(field, text, how, slot, err);
}

/* What a field holds where nothing was written: zero bytes, a text or a list of none. */
enum nothing { NO_VALUE, NO_TEXT, NO_ITEMS };

static const struct {
	converter *convert;
	const char *text;
	size_t size; /* of its C type; a text is what that begins with */
	enum nothing nothing;
} types[] = {
	[FIELD_STRING] = {to_string, "text", sizeof(char *), NO_TEXT},
	[FIELD_TEXT] = {NULL, "text of many lines", sizeof(struct value *), NO_VALUE},
	[FIELD_PATH] = {to_path, "path", sizeof(char *), NO_TEXT},
	[FIELD_PATHS] = {to_path, "paths", sizeof(struct list), NO_ITEMS},
	[FIELD_READ_PATH] = {to_path, "source path", sizeof(char *), NO_TEXT},
	[FIELD_READ_PATHS] = {to_read_paths, "source paths", sizeof(struct list),
		NO_ITEMS},
	[FIELD_MODE] = {to_mode, "mode", sizeof(struct field_mode), NO_VALUE},
	[FIELD_USER] = {to_account, "user", sizeof(struct field_name), NO_TEXT},
	[FIELD_GROUP] = {to_account, "group", sizeof(struct field_name), NO_TEXT},
	[FIELD_BOOL] = {to_bool, "yes · no", sizeof(bool), NO_VALUE},
	[FIELD_DURATION] = {to_duration, "duration", sizeof(int64_t), NO_VALUE},
	[FIELD_COUNT] = {to_count, "count", sizeof(int64_t), NO_VALUE},
	[FIELD_ENUM] = {to_enum, NULL, sizeof(int), NO_VALUE},
	[FIELD_COMMAND] = {to_string, "command", sizeof(struct list), NO_ITEMS},
	[FIELD_COMMANDS] = {NULL, "GLOB:COMMAND lines", sizeof(struct file_commands),
		NO_VALUE},
	[FIELD_LIST] = {to_string, "list", sizeof(struct list), NO_ITEMS},
	[FIELD_NAME] = {to_name, "name of a variable", sizeof(char *), NO_TEXT},
	[FIELD_NAMES] = {to_name, "names of variables", sizeof(struct list), NO_ITEMS},
	[FIELD_GLOBS] = {to_glob, "globs on names of variables", sizeof(struct list),
		NO_ITEMS},
	[FIELD_ENV] = {to_env, "NAME=value lines", sizeof(struct list), NO_ITEMS},
	[FIELD_LINES] = {to_string, "lines", sizeof(struct list), NO_ITEMS},
	[FIELD_CONDITIONS] = {NULL, "conditions", sizeof(struct conditions), NO_VALUE},
};

bool field_is_list(const struct field *field)
{
	return types[field->type].nothing == NO_ITEMS ||
		field->type == FIELD_CONDITIONS || field->type == FIELD_COMMANDS;
}

bool field_has_lines(const struct field *field)
{
	return field->type == FIELD_ENV || field->type == FIELD_LINES ||
		field->type == FIELD_COMMANDS;
}

size_t convert_size(const struct field *field)
{
	return field->parse ? field->size : types[field->type].size;
}

void convert_nothing(const struct field *field, void *slot)
{
	const char **text = slot;
	struct list *list = slot;
	static const char *no_items[1]; /* the first item's room is another one */

	memset(slot, 0, types[field->type].size);
	if (types[field->type].nothing == NO_TEXT)
		*text = "";
	if (types[field->type].nothing == NO_ITEMS)
		list->items = no_items;
}

int convert(const struct field *field, const char *text, const struct conversion *how,
	void *slot, struct err *err)
{
	bool elsewhere = field->parse;
	int rc = elsewhere ? field->parse(slot, text, err)
			   : types[field->type].convert(field, text, how, slot, err);

	if (rc == 0 && field->check) {
		elsewhere = true;
		rc = field->check(text, err);
	}
	/* Another floor does not know what may be shown. */
	if (rc < 0 && elsewhere && !field->unquoted &&
		(how->secret || strlen(text) > SHOWN_MAX))
		err_config(err, "%s is not valid%s%s", show(text, how).text,
			field->example ? ": expected one as in " : "",
			field->example ? field->example : "");
	return rc;
}

const char *field_type_text(const struct field *field, struct buf *room)
{
	if (field->bare)
		return "NAME=value or NAME lines";
	if (types[field->type].text)
		return types[field->type].text;
	buf_truncate(room, 0);
	for (size_t i = 0; field->choices[i]; i++)
		buf_printf(room, "%s%s", i > 0 ? " · " : "", field->choices[i]);
	return room->data;
}
