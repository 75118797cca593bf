/* SPDX-License-Identifier: MIT */
/* The conditions of ${if …}, and the loop of ${for …}. */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/block_internal.h"
#include "conf/words.h"

/* Words of other languages, which are meant as such, and no names of variables. */
static bool is_word(const char *word)
{
	static const char *const words[] = {"or", "and", "not", "if", "is", "defined"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_equal(word, words[i]))
			return true;
	return false;
}

/* A bare NAME, which may be negated, is env:NAME. */
static const char *full_word(const char *word, struct arena *arena)
{
	const char *name = word + (*word == '!');

	if (is_word(word) || !str_is_name(name, strlen(name)))
		return word;
	return arena_printf(arena, "%senv:%s", *word == '!' ? "!" : "", name);
}

int block_parse_if(struct block_piece *piece, const char *body,
	const struct block_rules *rules, struct arena *arena, struct err *err)
{
	struct list words = {0};

	words_split(body, WORDS_SPACE, arena, &words);
	if (words.count == 0)
		return err_config(err,
			"it has no condition: write ${if NAME}; a variable is ${if-}");
	if (!rules->conditions)
		return 0;
	piece->conditions = arena_alloc(arena, sizeof *piece->conditions);
	for (size_t i = 0; i < words.count; i++) {
		size_t count = piece->conditions->count;

		if (conditions_add(piece->conditions, full_word(words.items[i], arena),
			    rules->conditions, arena, err) < 0)
			return -1;
		if (piece->conditions->count > count)
			piece->conditions->list[count].text = words.items[i];
	}
	return conditions_check(piece->conditions, err);
}

static int raise_loop(struct err *err)
{
	return err_config(err,
		"it is written ${for X in NAME}, ${for I,X in NAME}, ${for X in NAME by "
		",} or ${for K,V in env:PREFIX_*}");
}

/* "X", or "I,X". */
static int parse_names(
	const char *text, struct block_loop *loop, struct arena *arena, struct err *err)
{
	const char *comma = strchr(text, ',');

	loop->item = comma ? comma + 1 : text;
	if (comma)
		loop->index = arena_memdup(arena, text, (size_t)(comma - text));
	if (!str_is_name(loop->item, strlen(loop->item)) ||
		(comma && !str_is_name(loop->index, strlen(loop->index))))
		return raise_loop(err);
	if (comma && str_equal(loop->index, loop->item))
		return err_config(err, "'%s' is two variables at once", text);
	return 0;
}

/* One character, whatever its bytes. */
static bool is_character(const char *text)
{
	if (!*text)
		return false;
	for (text++; (*text & 0xc0) == 0x80; text++)
		;
	return !*text;
}

static int parse_glob(struct block_loop *loop, struct err *err)
{
	if (!loop->index || loop->separator)
		return err_config(
			err, "variables give two names: ${for K,V in env:PREFIX_*}");
	if (!strchr(loop->glob, '*') || loop->glob[strcspn(loop->glob, "?[\\$")])
		return err_config(err,
			"'env:%s' has no '*', or what else is no letter, digit or _",
			loop->glob);
	return 0;
}

/* The list is what the reference of that body gives. */
static int parse_source(
	const char *text, struct block_loop *loop, struct arena *arena, struct err *err)
{
	struct reference ref;

	if (str_starts(text, "env:")) {
		loop->glob = text + strlen("env:");
		return parse_glob(loop, err);
	}
	loop->source = arena_printf(arena, "${%s}", text);
	return reference_parse(loop->source, strlen(loop->source), NULL, &ref, err);
}

int block_parse_for(
	struct block_piece *piece, const char *body, struct arena *arena, struct err *err)
{
	struct list words = {0};
	const char *by;

	words_split(body, WORDS_SPACE, arena, &words);
	if (words.count < 3 || !str_equal(words.items[1], "in"))
		return raise_loop(err);
	piece->loop = arena_alloc(arena, sizeof *piece->loop);
	if (parse_names(words.items[0], piece->loop, arena, err) < 0)
		return -1;
	if (words.count == 3)
		return parse_source(words.items[2], piece->loop, arena, err);
	by = words.items[words.count - 1];
	if (words.count != 5 || !str_equal(words.items[3], "by") || !is_character(by))
		return raise_loop(err);
	piece->loop->separator = by;
	return parse_source(words.items[2], piece->loop, arena, err);
}
