/* SPDX-License-Identifier: MIT */
/* Keys of documents by the names of variables. */
#include "conf/env_key.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/words.h"

#define SECTION "{section}"
#define KEY     "{key}"

/* A line that is not about what is left out. */
struct pattern {
	const char *before;  /* in front of the section, or of the key */
	const char *between; /* section and key; NULL: it has no {section} */
	const char *behind;  /* the key */
	const char *section; /* of [NAME]; "" where there is none */
	bool hex, lower;
	struct list words; /* FROM=TO */
};

/* ---- reading a line ---- */

/* Cuts `text` in front of `mark` and returns what is behind it, or NULL. */
static char *cut(char *text, const char *mark)
{
	char *at = strstr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + strlen(mark);
}

static bool is_part(const char *text)
{
	while (str_is_alnum(*text) || *text == '_')
		text++;
	return !*text;
}

static int read_name(
	const char *word, struct arena *arena, struct pattern *ret, struct err *err)
{
	char *text = arena_strdup(arena, word);
	char *section = cut(text, SECTION), *key = cut(section ? section : text, KEY);

	if (!key)
		return err_config(err,
			"'%s' has no {key}, behind {section} where there is one: write "
			"KAFKA_{key} or GITEA__{section}__{key}",
			word);
	ret->before = text;
	ret->between = section;
	ret->behind = key;
	if (!is_part(text) || (section && !is_part(section)) || !is_part(key))
		return err_config(err,
			"'%s': around {key}, and {section} in front of it, there are "
			"letters, digits and _ alone",
			word);
	if (!*text)
		return err_config(err,
			"'%s' would take every variable: write what their names begin "
			"with",
			word);
	if (section && !*section)
		return err_config(
			err, "'%s': nothing separates {section} from {key}", word);
	return 0;
}

static int read_word(
	const char *word, struct arena *arena, struct pattern *ret, struct err *err)
{
	static const char *const known[] = {"hex", "lower", NULL};
	size_t size = strlen(word);
	char room[STR_SUGGEST_SIZE];

	if (str_equal(word, "hex")) {
		ret->hex = true;
	} else if (str_equal(word, "lower")) {
		ret->lower = true;
	} else if (*word == '[' && size > 2 && word[size - 1] == ']') {
		if (ret->between)
			return err_config(
				err, "'%s': there is a {section} already", word);
		if (*ret->section)
			return err_config(err, "'%s': there is a section already, [%s]",
				word, ret->section);
		ret->section = arena_memdup(arena, word + 1, size - 2);
	} else if (strchr(word, '=') > word) {
		list_add(&ret->words, arena, word, size);
	} else {
		return err_config(err, "'%s' is none of hex, lower, FROM=TO, [SECTION]%s",
			word, str_suggest(word, known, room));
	}
	return 0;
}

static int read_line(
	const char *line, struct arena *arena, struct pattern *ret, struct err *err)
{
	struct list words = {0};

	*ret = (struct pattern){.section = ""};
	words_split(line, WORDS_SPACE, arena, &words);
	if (read_name(words.count ? words.items[0] : "", arena, ret, err) < 0)
		return -1;
	for (size_t i = 1; i < words.count; i++)
		if (read_word(words.items[i], arena, ret, err) < 0)
			return -1;
	return 0;
}

static int check_left_out(const char *line, struct arena *arena, struct err *err)
{
	struct list words = {0};

	words_split(line, WORDS_SPACE, arena, &words);
	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.items[i], *at = word;

		while (str_is_alnum(*at) || (*at && strchr("_*?[]-!", *at)))
			at++;
		if (*word != '!' || !word[1] || *at)
			return err_config(
				err, "'%s' is no name or glob with a '!' in front", word);
	}
	return 0;
}

int env_key_check(const char *line, struct err *err)
{
	struct arena arena = {0};
	struct pattern ignored;
	int rc = *line == '!' ? check_left_out(line, &arena, err)
			      : read_line(line, &arena, &ignored, err);

	arena_release(&arena);
	return rc;
}

/* ---- names ---- */

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

/* The byte that two digits name, or 0. */
static int byte(const char *text, const char *end)
{
	int high = text < end ? digit(text[0]) : -1;
	int low = text + 1 < end ? digit(text[1]) : -1;

	return high < 0 || low < 0 ? 0 : high * 16 + low;
}

/* How many bytes an escape at the beginning has, or 0; it decodes to `ret`, or NULL. */
static size_t escape(const char *text, const char *end, struct buf *ret)
{
	const char *first = text + 3, *last = first;

	if (end - text < 6 || text[0] != '_' || text[1] != '0' ||
		(text[2] != 'x' && text[2] != 'X'))
		return 0;
	while (byte(last, end))
		last += 2;
	if (last == first || last == end || *last != '_')
		return 0;
	for (const char *at = first; ret && at < last; at += 2)
		buf_putc(ret, (char)byte(at, end));
	return (size_t)(last + 1 - text);
}

/* The word FROM=TO that is for the beginning of the text, or NULL. */
static const char *replacement(
	const struct pattern *pattern, const char *text, const char *end)
{
	for (size_t i = 0; i < pattern->words.count; i++) {
		const char *word = pattern->words.items[i];
		size_t size = strcspn(word, "=");

		if (size <= (size_t)(end - text) && memcmp(text, word, size) == 0)
			return word;
	}
	return NULL;
}

static const char *name_of(const struct pattern *pattern, const char *text,
	const char *end, struct arena *arena)
{
	CLEANUP_BUF struct buf name = BUF_INIT;

	while (text < end) {
		size_t size = pattern->hex ? escape(text, end, &name) : 0;
		const char *word = size ? NULL : replacement(pattern, text, end);

		if (word) {
			size = strcspn(word, "=");
			buf_puts(&name, word + size + 1);
		} else if (!size) {
			bool upper = *text >= 'A' && *text <= 'Z';

			buf_putc(&name,
				pattern->lower && upper ? (char)(*text - 'A' + 'a')
							: *text);
			size = 1;
		}
		text += size;
	}
	return arena_strdup(arena, name.data);
}

/* Where the section ends, or NULL: not within an escape. */
static const char *section_end(
	const struct pattern *pattern, const char *text, const char *end)
{
	size_t size = strlen(pattern->between);

	while ((size_t)(end - text) >= size) {
		size_t escaped = pattern->hex ? escape(text, end, NULL) : 0;

		if (!escaped && memcmp(text, pattern->between, size) == 0)
			return text;
		text += escaped ? escaped : 1;
	}
	return NULL;
}

static bool fits(const struct pattern *pattern, const char *name, struct arena *arena,
	struct env_key *ret)
{
	const char *end, *key, *section;

	if (!str_starts(name, pattern->before) || !str_ends(name, pattern->behind))
		return false;
	section = key = name + strlen(pattern->before);
	end = name + strlen(name) - strlen(pattern->behind);
	ret->section = pattern->section;
	if (pattern->between) {
		key = section < end ? section_end(pattern, section, end) : NULL;
		if (!key)
			return false;
		ret->section = name_of(pattern, section, key, arena);
		key += strlen(pattern->between);
	}
	if (key >= end)
		return false;
	ret->key = name_of(pattern, key, end, arena);
	return true;
}

static bool is_left_out(const struct list *lines, const char *name, struct arena *arena)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct list words = {0};

		if (lines->items[i][0] != '!')
			continue;
		words_split(lines->items[i], WORDS_SPACE, arena, &words);
		for (size_t k = 0; k < words.count; k++)
			if (fnmatch(words.items[k] + 1, name, 0) == 0)
				return true;
	}
	return false;
}

int env_key_find(const struct list *lines, const char *name, struct arena *arena,
	struct env_key *ret)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct pattern pattern;
		DECLARE_ERR(checked);

		if (lines->items[i][0] != '!' &&
			read_line(lines->items[i], arena, &pattern, &checked) == 0 &&
			fits(&pattern, name, arena, ret))
			return !is_left_out(lines, name, arena);
	}
	return 0;
}
