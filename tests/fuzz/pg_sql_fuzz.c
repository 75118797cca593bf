/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes through the reading of PostgreSQL's SQL. What must hold: no crash; the
 * text stays as it is; statements lie in it, in order, at the line that they say; each is
 * one statement when it is read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/problems.h"
#include "migration/split.h"
#include "pg/sql.h"

static void hold(bool what)
{
	if (!what)
		abort();
}

/* With the two bytes that split_script() wants behind it. */
static char *copy(const char *data, size_t size, struct arena *arena)
{
	char *text = arena_alloc(arena, size + 2);

	if (size > 0)
		memcpy(text, data, size);
	memset(text + size, '\0', 2);
	return text;
}

static void split(char *text, size_t size, struct problems *problems,
	struct statement **ret, size_t *ret_count)
{
	const struct script script = {
		.text = text,
		.size = size,
		.file = "x.sql",
		.dialect = &pg_dialect,
		.problems = problems,
	};
	const struct script_part whole = {.size = size};

	split_script(&script, &whole, 1, ret, ret_count);
}

static void look_at(const struct statement *statement, struct arena *arena)
{
	char *text = copy(statement->text, statement->size, arena);
	struct problems problems = {0};
	struct statement *again;
	size_t count;

	(void)pg_sql_outside_transaction(text, statement->size);
	split(text, statement->size, &problems, &again, &count);
	hold(problems.count > 0 || (count == 1 && again->size == statement->size));
	free(again);
	problems_release(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct problems problems = {0};
	char *text = copy((const char *)data, size, &arena);
	const char *at = text;
	struct statement *list;
	size_t count;
	int line = 1;

	split(text, size, &problems, &list, &count);
	hold(size == 0 || memcmp(text, data, size) == 0);
	for (size_t i = 0; i < count && problems.count == 0; i++) {
		hold(list[i].size > 0 && list[i].text >= at);
		for (; at < list[i].text; at++)
			line += *at == '\n';
		hold(line == list[i].line);
		hold(at + list[i].size <= text + size);
		look_at(&list[i], &arena);
	}
	free(list);
	problems_release(&problems);
	arena_release(&arena);
	return 0;
}
