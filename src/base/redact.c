/* SPDX-License-Identifier: MIT */
/* Finding secrets in text. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secrets_internal.h"
#include "base/str.h"
#include "base/unescape.h"

#define STARS      "***"
#define CUT        "…"
#define CHANCE_END 16 /* no word has a secret of this size in it by chance */
#define LAYERS     2  /* of escapes, one inside the other */

struct stretch {
	size_t from, to;
};

struct search {
	const struct secrets *secrets;
	const char *text;
	size_t size;
	struct stretch *spans; /* free() */
	size_t count;
};

/* A text that is searched: the given one, or the same without its escapes. */
struct layer {
	const char *text;
	size_t size;
	const size_t *starts; /* offsets in the given text; NULL if this is it */
	bool spaced;          /* without what stands between bytes in hexadecimal */
};

static void add_span(struct search *search, size_t from, size_t to)
{
	search->spans = mem_grow(search->spans, search->count, sizeof *search->spans);
	search->spans[search->count++] = (struct stretch){from, to};
}

/* ---- one layer ---- */

static bool is_base64(char c)
{
	return str_is_alnum(c) || (c && strchr("+/-_", c));
}

/* The first and the last character hold bits of the value and of what is beside it. */
static struct stretch widen(const struct layer *layer, struct stretch span)
{
	if (span.from > 0 && is_base64(layer->text[span.from - 1]))
		span.from--;
	if (span.to < layer->size && is_base64(layer->text[span.to]))
		span.to++;
	while (span.to < layer->size && layer->text[span.to] == '=')
		span.to++;
	return span;
}

/* Where the last digit ends, or the text that a dump has behind the bytes of a line. */
static size_t end_of_dump(const struct search *search, size_t last)
{
	const char *behind = search->text + last + 1;
	size_t left = search->size - last - 1;
	const char *newline = memchr(behind, '\n', left);

	if (left < 2 || memcmp(behind, "  ", 2) != 0)
		return last + 1;
	return newline ? (size_t)(newline - search->text) : search->size;
}

static void found(struct search *search, const struct layer *layer, struct stretch span)
{
	const size_t *starts = layer->starts;

	if (!starts) {
		add_span(search, span.from, span.to);
		return;
	}
	/* An escape may stand for several bytes, and is removed as a whole. */
	while (span.to < layer->size && starts[span.to] == starts[span.to - 1])
		span.to++;
	add_span(search, starts[span.from],
		layer->spaced ? end_of_dump(search, starts[span.to - 1])
			      : starts[span.to]);
}

/* The longest form that is found at `at`, or NULL. */
static const struct secret_form *form_at(
	const struct secrets *secrets, const struct layer *layer, size_t at, uint64_t key)
{
	const struct secret_form *longest = NULL;
	const struct secret_form *form;

	for (form = *secret_bucket(secrets, key); form; form = form->next)
		if (form->key == key && form->size <= layer->size - at &&
			(!longest || form->size > longest->size) &&
			memcmp(layer->text + at, form->data, form->size) == 0)
			longest = form;
	return longest;
}

static void search_layer(struct search *search, const struct layer *layer)
{
	uint64_t key;

	if (layer->size < SECRET_SHORTEST)
		return;
	key = secret_key(layer->text, SECRET_SHORTEST);
	for (size_t at = 0;; at++) {
		const struct secret_form *form = form_at(search->secrets, layer, at, key);
		struct stretch span = {at, at};

		if (form) {
			span.to = at + form->size;
			found(search, layer, form->base64 ? widen(layer, span) : span);
		}
		if (at + SECRET_SHORTEST == layer->size)
			return;
		/* Of the bytes that begin one further. */
		key = key >> 8 |
			(uint64_t)(unsigned char)layer->text[at + SECRET_SHORTEST]
				<< 8 * (SECRET_SHORTEST - 1);
	}
}

static void search_layers(struct search *search, const struct layer *layer, int depth)
{
	unsigned kinds;

	search_layer(search, layer);
	kinds = depth < LAYERS ? unescape_kinds(layer->text, layer->size) : 0;
	for (int how = 0; kinds >> how; how++) {
		CLEANUP_BUF struct buf plain = BUF_INIT;
		struct layer below;
		size_t *starts;

		if (!(kinds >> how & 1) ||
			!unescape((enum unescape)how, layer->text, layer->size, &plain,
				&starts))
			continue;
		for (size_t i = 0; layer->starts && i <= plain.len; i++)
			starts[i] = layer->starts[starts[i]];
		below = (struct layer){plain.data, plain.len, starts,
			layer->spaced || how == UNESCAPE_SPACED};
		search_layers(search, &below, depth + 1);
		free(starts);
	}
}

/* ---- a text that was cut ---- */

/* How much of `form` is at the beginning of `text`, in front of a cut; or 0. */
static size_t begun(const struct secret_form *form, const char *text, size_t size)
{
	size_t most = form->size < size ? form->size : size;
	size_t n = 0;

	while (n < most && text[n] == form->data[n])
		n++;
	if (n == form->size) /* all of it is found anyway */
		return 0;
	while (n >= SECRET_BEGINNING &&
		(size - n < strlen(CUT) || memcmp(text + n, CUT, strlen(CUT)) != 0))
		n--;
	return n < SECRET_BEGINNING ? 0 : n;
}

/* Most "…" in a text cut nothing, so this is one pass, however many there are. */
static void search_cut(struct search *search, const char *text, size_t size)
{
	if (!memmem(text, size, CUT, strlen(CUT)))
		return;
	for (size_t at = 0; at + SECRET_BEGINNING + strlen(CUT) <= size; at++) {
		uint64_t key = secret_key(text + at, SECRET_BEGINNING);
		const struct secret_form *form = *secret_bucket(search->secrets, key);
		size_t longest = 0;

		for (; form; form = form->next) {
			size_t n = begun(form, text + at, size - at);

			longest = n > longest ? n : longest;
		}
		if (longest)
			add_span(search, at, at + longest);
	}
}

/* ---- the whole ---- */

static int by_offset(const void *a, const void *b)
{
	const struct stretch *left = a, *right = b;

	return (left->from > right->from) - (left->from < right->from);
}

/* Joins spans that have bytes in common, in their order. */
static void join(struct search *search)
{
	size_t kept = 0;

	if (search->count == 0)
		return;
	qsort(search->spans, search->count, sizeof *search->spans, by_offset);
	for (size_t i = 1; i < search->count; i++) {
		struct stretch *last = &search->spans[kept];
		struct stretch span = search->spans[i];

		if (span.from >= last->to)
			search->spans[++kept] = span;
		else if (span.to > last->to)
			last->to = span.to;
	}
	search->count = kept + 1;
}

static struct search search_text(
	const struct secrets *secrets, const char *text, size_t size)
{
	struct search search = {.secrets = secrets, .text = text, .size = size};
	struct layer layer = {text, size, NULL, false};

	if (secrets->count == 0)
		return search;
	search_layers(&search, &layer, 0);
	search_cut(&search, text, size);
	join(&search);
	return search;
}

void secrets_redact(const struct secrets *secrets, struct buf *text, size_t from)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;
	const char *data = text->data + from;
	size_t size = text->len - from;
	struct search search = search_text(secrets, data, size);
	size_t at = 0;

	if (search.count > 0) {
		for (size_t i = 0; i < search.count; i++) {
			buf_add(&clean, data + at, search.spans[i].from - at);
			buf_puts(&clean, STARS);
			at = search.spans[i].to;
		}
		buf_add(&clean, data + at, size - at);
		buf_truncate(text, from);
		buf_add(text, clean.data, clean.len);
	}
	free(search.spans);
}

/* "postgres" is a part of the word "postgresql", and may be a password all the same. */
static bool is_by_chance(const char *text, struct stretch span)
{
	return span.to - span.from < CHANCE_END &&
		((span.from > 0 && str_is_alnum(text[span.from - 1])) ||
			str_is_alnum(text[span.to]));
}

bool secrets_in(const struct secrets *secrets, const char *text)
{
	struct search search = search_text(secrets, text, strlen(text));
	bool is = false;

	for (size_t i = 0; i < search.count && !is; i++)
		is = !is_by_chance(text, search.spans[i]);
	free(search.spans);
	return is;
}

size_t secrets_unfinished(const struct secrets *secrets, const char *text, size_t size)
{
	size_t longest = 0;

	for (const struct secret_form *form = secrets->multiline; form;
		form = form->next_multiline) {
		const char *newline = memchr(form->data, '\n', form->size);

		for (; newline; newline = memchr(newline, '\n',
					form->size - (size_t)(newline - form->data))) {
			size_t n = (size_t)(++newline - form->data);

			if (n > longest && n < form->size && n <= size &&
				memcmp(text + size - n, form->data, n) == 0)
				longest = n;
		}
	}
	return size - longest;
}

size_t secrets_cut(
	const struct secrets *secrets, const char *text, size_t size, size_t at)
{
	struct search search = search_text(secrets, text, size);

	for (size_t i = 0; i < search.count; i++)
		if (search.spans[i].from < at && at < search.spans[i].to)
			at = search.spans[i].from;
	free(search.spans);
	return at;
}
