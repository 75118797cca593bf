/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes through all of conf: read, merged, checked, filled. The input is one
 * file, or several with a byte 0x1c between them. What must hold: no crash, no leak, and
 * what passed the checks without any ${…} can be filled in.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/condition.h"
#include "conf/expand.h"
#include "conf/field.h"
#include "conf/merge.h"
#include "conf/reader.h"

#define SEPARATOR 0x1c

struct keys {
	const char *string;
	const struct value *text;
	const char *path;
	struct list paths;
	const char *source;
	struct field_mode mode;
	struct field_name owner;
	bool flag;
	int64_t timeout;
	int64_t order;
	int policy;
	struct list command;
	struct file_commands scripts;
	struct list list;
	struct list env;
	struct list globs;
	struct conditions when;
};

#define AT(member) .offset = offsetof(struct keys, member)

static int path_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	(void)asked;
	(void)err;
	return *condition->what % 3;
}

static const struct condition_kind conditions[] = {
	{"env", "env:NAME", "", CONDITION_VALUES, .holds = condition_env,
		.accepts = condition_env_accepts},
	{"on", "on:NAME", "", CONDITION_VARIABLES, .holds = condition_word,
		.accepts = condition_on_accepts, .accepted = condition_yes},
	{"path", "path:WHAT", "", CONDITION_TEXT, .system = true, .holds = path_holds},
	{0},
};

static char *const environment[] = {"A=x", "AB=y,z", "B_FILE=/f", NULL};

static const struct field fields[] = {
	{"string", FIELD_STRING, AT(string)},
	{"text", FIELD_TEXT, AT(text)},
	{"path", FIELD_PATH, AT(path), .required = true, .help = "where"},
	{"paths", FIELD_PATHS, AT(paths)},
	{"source", FIELD_READ_PATH, AT(source)},
	{"mode", FIELD_MODE, AT(mode), .def = "0640"},
	{"owner", FIELD_USER, AT(owner)},
	{"flag", FIELD_BOOL, AT(flag), .def = "yes"},
	{"timeout", FIELD_DURATION, AT(timeout), .def = "10s"},
	{"order", FIELD_COUNT, AT(order), .early = true},
	{"policy", FIELD_ENUM, AT(policy),
		.choices = (const char *const[]){"create", "manage", NULL}},
	{"command", FIELD_COMMAND, AT(command)},
	{"scripts", FIELD_COMMANDS, AT(scripts)},
	{"list", FIELD_LIST, AT(list)},
	{"env", FIELD_ENV, AT(env)},
	{"globs", FIELD_LIST, AT(globs), .globs = true},
	{"when", FIELD_CONDITIONS, AT(when), .conditions = conditions},
	{0},
};

static const struct schema schemas[] = {
	{.kind = "file", .fields = fields},
	{.kind = "app", .fields = fields, .settings = true},
	{0},
};

static const char *lookup(void *user, const char *name)
{
	(void)user;
	return name[0] == 'A' ? "a 'value' \"with\" ${all} $$ \\ sorts" : NULL;
}

static int reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	(void)user;
	(void)word;
	(void)err;
	buf_puts(ret, name);
	return strstr(name, "no") != NULL;
}

static void found(void *user, const char *name, bool shown)
{
	size_t *count = user;

	*count += strlen(name) + shown;
}

/* Does what is written in a section depend on nothing? */
static bool is_plain(const struct section *section)
{
	const struct setting *setting = section->settings;

	for (; setting; setting = setting->next)
		for (const struct value *link = setting->value; link; link = link->next)
			if (expand_needed(link->flat))
				return false;
	return true;
}

static void fill(const struct section *section, struct arena *arena, bool tolerant)
{
	const struct expander expander = {
		.lookup = lookup,
		.reference = reference,
		.conditions = conditions,
		.environment = environment,
		.tolerant = tolerant,
	};
	const struct field_context context = {
		.arena = arena, .base = "/base", .expander = &expander};
	DECLARE_ERR(err);
	struct keys keys;
	int result = fields_fill(fields, FIELDS_ALL, section, &context, &keys, &err);

	if (result < 0 && is_plain(section))
		abort();
}

static void expand_texts(const struct section *section)
{
	const struct setting *text = section_get(section, "text");
	const char *names[] = {"A", NULL};
	const struct list allow = {.items = names, .count = 1};
	struct expander expander = {
		.lookup = lookup,
		.reference = reference,
		.conditions = conditions,
		.environment = environment,
		.dir = "/conf",
	};
	size_t count = 0;

	if (!text)
		return;
	expand_each(text->value->text, found, &count);
	for (int i = 0; escape_names[i / 2]; i++) {
		CLEANUP_BUF struct buf all = BUF_INIT;
		DECLARE_ERR(err);

		expander.escape = i / 2;
		expander.allow = i % 2 ? &allow : NULL;
		expander.settled = i % 2;
		(void)expand(&expander, text->value->text, text->value->text_at, &all,
			NULL, &err);
	}
}

static void read_all(struct merge *merge, const char *text, size_t size)
{
	const struct reader_handler handler = {.line = merge_line, .user = merge};

	for (int number = 0; number < 4; number++) {
		const char *end = size ? memchr(text, SEPARATOR, size) : NULL;
		size_t length = end ? (size_t)(end - text) : size;
		const char *name = arena_printf(merge->arena, "%d.ini", number);

		reader_read(name, "/conf", text, length, merge->arena, &handler,
			merge->problems);
		if (!end)
			break;
		text = end + 1;
		size -= length + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct problems problems = {0};
	struct merge merge = {.arena = &arena,
		.schemas = schemas,
		.conditions = conditions,
		.problems = &problems};

	read_all(&merge, (const char *)data, size);
	merge_finish(&merge);
	for (size_t i = 0; i < problems.count; i++)
		if (!str_starts(problem_text(&problems, i), problems.list[i].at.file))
			abort();
	for (const struct section *one = merge.sections.first; one; one = one->next) {
		expand_texts(one);
		if (problems.count > 0)
			continue;
		fill(one, &arena, false);
		fill(one, &arena, true);
	}
	problems_release(&problems);
	arena_release(&arena);
	return 0;
}
