/* SPDX-License-Identifier: MIT */
/*
 * Runs the cases of a text file, each of which is a tree of files, contributors, and what
 * contributors_read() and migrations_check() must make of them:
 *
 *	== natural order
 *	m/10_ten.sql			a file, which holds "SELECT 1;"
 *	m/9_nine.sql: SELECT\t2;	a file that holds this text, with \n \r \t \0 \xHH
 *	m/empty/			a directory
 *	m/11_link.sql -> ../x.sql	a symbolic link
 *	app = m				a contributor: its name and path
 *	late = n after app other	one that comes after others
 *	less = m without *.old.sql	one that excludes files
 *	--
 *	app/9 nine: SELECT	2;
 *	app/10 ten
 *
 * After "--" are all migrations in order, with their statements unless that is "SELECT
 * 1;" alone; or, if there are any, all problems, sorted; before either, what was logged.
 * The path of the tree is left out. Empty lines and lines that begin with "#" are
 * skipped.
 */
#ifndef TESTS_MIGRATION_CASES_H
#define TESTS_MIGRATION_CASES_H

#include <libgen.h>

#include "../directory.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/version.h"
#include "dialect.h"
#include "migration/contributors.h"

#define CASES_MAX        100
#define CONTRIBUTORS_MAX 8

struct case_tree {
	struct log log;
	struct buf logged;
	struct fs fs;
	struct arena arena;
	struct problems problems;
	struct contributor contributors[CONTRIBUTORS_MAX];
	size_t count;
};

/* ---- the tree ---- */

static inline const char *case_path(struct case_tree *tree, const char *name)
{
	return arena_printf(&tree->arena, "%s/%s", directory, name);
}

static inline void case_make_parents(struct case_tree *tree, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		const char *parent =
			arena_memdup(&tree->arena, name, (size_t)(slash - name));

		if (mkdir(case_path(tree, parent), 0755) < 0)
			assert_int_equal(errno, EEXIST);
	}
}

static inline char case_unescape(const char **text)
{
	static const char from[] = "nrt0", to[] = "\n\r\t\0";
	const char *known;
	char digits[3] = "";

	if (**text != '\\')
		return *(*text)++;
	(*text)++;
	if (**text == 'x') {
		(void)snprintf(digits, sizeof digits, "%s", *text + 1);
		*text += 3;
		return (char)strtoul(digits, NULL, 16);
	}
	known = **text ? strchr(from, *(*text)++) : NULL;
	assert_non_null(known);
	return to[known - from];
}

static inline void case_write(struct case_tree *tree, const char *name, const char *text)
{
	FILE *file = fopen(case_path(tree, name), "we");

	assert_non_null(file);
	while (*text)
		assert_int_not_equal(fputc(case_unescape(&text), file), EOF);
	assert_int_equal(fclose(file), 0);
}

/* Cuts `line` before " WORD ", and returns the words behind it, NULL-terminated. */
static inline const char **case_words(
	struct case_tree *tree, char *line, const char *word)
{
	char *next = strstr(line, word);
	const char **words = (const char **)arena_alloc(
		&tree->arena, CONTRIBUTORS_MAX * sizeof(const char *));
	size_t count = 0;

	if (next)
		*next++ = '\0';
	while (next && (next = strchr(next, ' '))) {
		*next++ = '\0';
		words[count++] = next;
	}
	return words;
}

/* "NAME PATH [after NAME…] [without GLOB…]", in words. */
static inline void case_contribute(struct case_tree *tree, const char *name, char *rest)
{
	const char **globs = case_words(tree, rest, " without ");
	const char **names = case_words(tree, rest, " after ");

	assert_true(tree->count < CONTRIBUTORS_MAX);
	tree->contributors[tree->count++] = (struct contributor){
		.name = name,
		.path = case_path(tree, rest),
		.fs = &tree->fs,
		.section = name,
		.key = "path",
		.at = {"conf.d/app.ini", 7, 0},
		.after_at = {"conf.d/app.ini", 8, 0},
		.after = names,
		.exclude = globs,
		.variant = "sqlite",
		.log = &tree->log,
	};
}

/* Splits `line` before `mark`; returns what follows it, or NULL. */
static inline char *case_split(char *line, const char *mark)
{
	char *at = strstr(line, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + strlen(mark);
}

static inline void case_add(struct case_tree *tree, char *line)
{
	char *content = case_split(line, ": "); /* which may have all the others in it */
	char *rest = content ? NULL : case_split(line, " = ");

	if (rest) {
		case_contribute(tree, line, rest);
		return;
	}
	rest = content ? NULL : case_split(line, " -> ");
	case_make_parents(tree, line);
	if (rest)
		assert_int_equal(symlink(rest, case_path(tree, line)), 0);
	else if (!str_ends(line, "/"))
		case_write(tree, line, content ? content : "SELECT 1;");
}

/* ---- the result ---- */

/* A CR as "\r", which no editor loses. */
static inline void case_list_sql(const struct statement *statement, struct buf *to)
{
	buf_putc(to, ' ');
	for (size_t i = 0; i < statement->size; i++)
		if (statement->text[i] == '\r')
			buf_puts(to, "\\r");
		else
			buf_putc(to, statement->text[i]);
}

static inline void case_list_one(
	const struct migration *one, struct fs_reader *reader, struct buf *to)
{
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
	struct problems none = {0};
	DECLARE_ERR(err);

	assert_int_equal(migration_load(one, reader, &text, &none, &err), 0);
	assert_int_equal(none.count, 0);
	buf_printf(to, "%s/%s%s%s", one->contributor, one->id, *one->name ? " " : "",
		one->name);
	if (text.statements_count != 1 || text.statements->size != 9 ||
		memcmp(text.statements->text, "SELECT 1;", 9) != 0) {
		buf_putc(to, ':');
		for (size_t i = 0; i < text.statements_count; i++)
			case_list_sql(&text.statements[i], to);
	}
	buf_putc(to, '\n');
}

static inline void case_list(const struct migrations *migrations, struct buf *to)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < migrations->count; i++)
		case_list_one(&migrations->list[i], &reader, to);
}

/* Adds what is wrong with the SQL of all of them to the problems. */
static inline void case_check(struct migrations *migrations, struct case_tree *tree)
{
	const struct migration **list = (const struct migration **)arena_alloc(
		&tree->arena, migrations->count * sizeof *list);
	DECLARE_ERR(err);

	for (size_t i = 0; i < migrations->count; i++)
		list[i] = &migrations->list[i];
	assert_int_equal(migrations_check(migrations, list, migrations->count,
				 &tree->problems, &err),
		0);
}

/* Adds a line of the log, before everything else. */
static inline void case_log(void *user, enum log_level level, const char *line)
{
	struct case_tree *tree = user;

	(void)level;
	assert_true(str_starts(line, PROGRAM ": "));
	buf_printf(&tree->logged, "%s\n", line + strlen(PROGRAM ": "));
}

/* Adds the text without the path of the tree. */
static inline void case_add_text(const char *text, struct buf *to)
{
	const char *at;

	for (; (at = strstr(text, directory)); text = at + strlen(directory) + 1)
		buf_add(to, text, (size_t)(at - text));
	buf_printf(to, "%s\n", text);
}

static inline void case_add_lines(char *lines, struct buf *to)
{
	for (char *next; lines && *lines; lines = next) {
		next = case_split(lines, "\n");
		case_add_text(lines, to);
	}
}

static inline void case_read(struct case_tree *tree, struct buf *ret)
{
	struct migrations migrations = {.list = NULL};
	DECLARE_ERR(err);

	assert_int_equal(
		contributors_read(tree->contributors, tree->count, &plain_dialect,
			&tree->arena, &migrations, &tree->problems, &err),
		0);
	case_check(&migrations, tree);
	problems_sort(&tree->problems);
	if (tree->logged.len)
		case_add_lines(tree->logged.data, ret);
	for (size_t i = 0; i < tree->problems.count; i++)
		case_add_text(problem_text(&tree->problems, i), ret);
	if (tree->problems.count == 0)
		case_list(&migrations, ret);
}

/* Runs the case whose text is *state. */
static inline void case_run(void **state)
{
	struct case_tree tree = {.fs = FS_INIT, .logged = BUF_INIT};
	struct buf got = BUF_INIT;
	char *line = *state, *next;

	assert_int_equal(directory_setup(NULL), 0);
	tree.log = (struct log){
		.fd = -1, .level = LOG_INFO, .sink = case_log, .user = &tree};
	fs_begin(&tree.fs);
	for (; line && !str_starts(line, "--\n"); line = next) {
		next = case_split(line, "\n");
		case_add(&tree, line);
	}
	assert_non_null(line);
	case_read(&tree, &got);
	assert_string_equal(got.data, line + strlen("--\n"));
	buf_release(&got);
	buf_release(&tree.logged);
	fs_end(&tree.fs);
	problems_release(&tree.problems);
	arena_release(&tree.arena);
	assert_int_equal(directory_teardown(NULL), 0);
}

/* ---- the file ---- */

/* Opens a file beside the source of this test, ROOT/build/VARIANT/tests/FLOOR/NAME. */
static inline FILE *case_open(const char *name)
{
	char path[4096];
	ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
	char *root = path;
	FILE *file;

	assert_true(size > 0);
	path[size] = '\0';
	for (int i = 0; i < 5; i++)
		root = dirname(root);
	size = (ssize_t)strlen(root);
	(void)snprintf(path + size, sizeof path - (size_t)size, "/tests/%s", name);
	file = fopen(path, "re");
	assert_non_null(file);
	return file;
}

/* Runs all cases of a file "FLOOR/NAME.cases", each as a test with its own title. */
static inline int cases_run(const char *name, const char *file)
{
	struct CMUnitTest tests[CASES_MAX] = {{0}};
	struct buf texts[CASES_MAX];
	FILE *input = case_open(file);
	struct arena names = {0};
	char line[1024];
	size_t count = 0;
	int failed;

	while (fgets(line, sizeof line, input)) {
		if (str_starts(line, "== ")) {
			assert_true(count < CASES_MAX);
			line[strcspn(line, "\n")] = '\0';
			tests[count] = (struct CMUnitTest){
				.name = arena_strdup(&names, line + 3),
				.test_func = case_run};
			texts[count++] = (struct buf)BUF_INIT;
		} else if (count && line[0] != '\n' && line[0] != '#') {
			buf_puts(&texts[count - 1], line);
		}
	}
	(void)fclose(input); /* opened for reading */
	for (size_t i = 0; i < count; i++)
		tests[i].initial_state = texts[i].data;
	failed = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		buf_release(&texts[i]);
	arena_release(&names);
	return failed;
}

#endif
