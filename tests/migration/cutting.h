/* SPDX-License-Identifier: MIT */
/*
 * Cutting a text into statements by the dialect of an engine, which is CUTTING_DIALECT:
 * what the tests of each engine's SQL share.
 */
#ifndef TESTS_MIGRATION_CUTTING_H
#define TESTS_MIGRATION_CUTTING_H

#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/problems.h"
#include "migration/split.h"

struct cutting {
	struct arena arena;
	struct problems problems;
	struct statement *statements;
	size_t count;
	struct buf text; /* problems, a line each */
	struct buf passed;
};

static inline void cut_parts(struct cutting *cutting, const char *text, bool strict,
	const struct script_part *parts, size_t count)
{
	struct script script = {
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &CUTTING_DIALECT,
		.strict = strict,
		.problems = &cutting->problems,
		.passed = &cutting->passed,
	};

	*cutting = (struct cutting){.text = BUF_INIT, .passed = BUF_INIT};
	script.text = arena_memdup(&cutting->arena, text, strlen(text) + 1);
	split_script(&script, parts, count, &cutting->statements, &cutting->count);
	assert_string_equal(script.text, text);
	for (size_t i = 0; i < cutting->problems.count; i++)
		buf_printf(&cutting->text, "%s\n", problem_text(&cutting->problems, i));
}

static inline void cut(struct cutting *cutting, const char *text)
{
	const struct script_part whole = {.size = strlen(text)};

	cut_parts(cutting, text, false, &whole, 1);
}

static inline void cutting_release(struct cutting *cutting)
{
	free(cutting->statements);
	arena_release(&cutting->arena);
	problems_release(&cutting->problems);
	buf_release(&cutting->text);
	buf_release(&cutting->passed);
}

/* Each statement as "LINE:TEXT", NULL-terminated. */
static inline void expect(const char *text, const char *const *wanted)
{
	struct cutting cutting;
	size_t i = 0;

	cut(&cutting, text);
	assert_string_equal(cutting.text.data, "");
	for (; wanted[i]; i++) {
		const struct statement *one = &cutting.statements[i];
		struct buf got = BUF_INIT;

		assert_true(i < cutting.count);
		buf_printf(&got, "%d:", one->line);
		buf_add(&got, one->text, one->size);
		assert_string_equal(got.data, wanted[i]);
		buf_release(&got);
	}
	assert_int_equal(cutting.count, i);
	cutting_release(&cutting);
}

static inline void expect_problems(const char *text, const char *wanted)
{
	struct cutting cutting;

	cut(&cutting, text);
	assert_string_equal(cutting.text.data, wanted);
	cutting_release(&cutting);
}

#define STATEMENTS(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}

#endif
