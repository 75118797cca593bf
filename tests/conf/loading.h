/* SPDX-License-Identifier: MIT */
/*
 * A configuration of a few kinds, loaded from files in a temporary directory and written
 * down as one text, for tests to compare.
 */
#ifndef TESTS_CONF_LOADING_H
#define TESTS_CONF_LOADING_H

#include "../directory.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/conf.h"

struct keys {
	const char *path;
	struct field_mode mode;
	const struct value *content;
	int policy;
	struct list vars;
	struct list command;
	struct list requires;
	struct list env;
	int64_t order;
};

#define AT(member) .offset = offsetof(struct keys, member)

static const struct field file_fields[] = {
	{"path", FIELD_PATH, AT(path), .required = true, .help = "where it is made"},
	{"mode", FIELD_MODE, AT(mode), .def = "0644"},
	{"content", FIELD_TEXT, AT(content)},
	{"policy", FIELD_ENUM, AT(policy), .def = "create",
		.choices = (const char *const[]){"create", "manage", NULL}},
	{"vars", FIELD_LIST, AT(vars)},
	{0},
};

static const struct field exec_fields[] = {
	{"command", FIELD_COMMAND, AT(command)},
	{"env", FIELD_ENV, AT(env)},
	{0},
};

static const struct field step_fields[] = {
	{"requires", FIELD_LIST, AT(requires), .early = true},
	{"order", FIELD_COUNT, AT(order), .early = true},
	{0},
};

static const struct schema schemas[] = {
	{.kind = "file", .fields = file_fields, .common = step_fields},
	{.kind = "exec", .fields = exec_fields, .common = step_fields},
	{.kind = "app", .fields = exec_fields, .settings = true},
	{0},
};

static struct buf heard = BUF_INIT;

static inline int teardown(void **state)
{
	buf_release(&heard);
	return directory_teardown(state);
}

static inline void hear(void *user, enum log_level level, const char *line)
{
	(void)level;
	buf_printf(user, "%s\n", line);
}

/* The places of problems, without the directory's path. */
static inline void add_problem(struct buf *to, const char *text)
{
	size_t size = strlen(directory);

	if (strncmp(text, directory, size) == 0)
		text += size + 1;
	buf_printf(to, "%s\n", text);
}

static inline void add_setting(struct buf *to, const struct setting *setting)
{
	buf_printf(to, " %s", setting->key);
	if (setting->defaulted)
		buf_puts(to, "*");
	buf_puts(to, setting->value ? "=" : "=-");
	for (const struct value *link = setting->value; link; link = link->next) {
		buf_puts(to, link == setting->value ? "" : "+");
		for (const char *c = link->flat; *c; c++)
			buf_putc(to, *c == '\n' ? '~' : *c);
	}
}

/*
 * Loads `names` (below the directory) and writes down every section with its settings,
 * then the problems, sorted. What comes from [defaults:kind] has a "*"; a reset is "-".
 */
static inline void load(const char *const *names, struct buf *ret)
{
	const char *paths[8] = {NULL};
	char room[8][PATH_MAX];
	struct log log = {.fd = -1, .level = LOG_INFO, .sink = hear, .user = &heard};
	struct problems problems = {0};
	DECLARE_ERR(err);
	const struct section *first;
	struct conf conf = {0};

	for (size_t i = 0; names[i]; i++) {
		(void)snprintf(room[i], PATH_MAX, "%s/%s", directory, names[i]);
		paths[i] = room[i];
	}
	if (conf_load(&conf, paths, schemas, &log, &problems, &err) < 0)
		buf_printf(ret, "failed: %s\n", err.text);
	else if (conf_load_modules(&conf, NULL, NULL, &log, &first, &err) < 0)
		fail_msg("%s", err.text);
	for (const struct section *one = conf.sections; one; one = one->next) {
		buf_printf(ret, "[%s]", one->id);
		for (const struct setting *s = one->settings; s; s = s->next)
			add_setting(ret, s);
		buf_puts(ret, "\n");
	}
	problems_sort(&problems);
	for (size_t i = 0; i < problems.count; i++)
		add_problem(ret, problem_text(&problems, i));
	problems_release(&problems);
	conf_release(&conf);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Three files in one directory, read in their order; NULL ends them. */
static inline void expect(
	const char *a, const char *b, const char *c, const char *expected)
{
	const char *const texts[] = {a, b, c};
	static const char *const names[] = {"d/1.ini", "d/2.ini", "d/3.ini"};
	CLEANUP_BUF struct buf got = BUF_INIT;

	for (int i = 0; i < 3; i++) {
		put(names[i], "");
		if (texts[i])
			put(names[i], texts[i]);
	}
	load(NAMES("d"), &got);
	assert_string_equal(got.data, expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, directory_setup, teardown)

#endif
