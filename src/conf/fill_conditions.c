/* SPDX-License-Identifier: MIT */
/* Conditions filled from a section: parsed as they are written, then given values. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/expand.h"
#include "conf/fill.h"
#include "conf/misread.h"
#include "conf/words.h"

struct filling {
	struct fill *fill;
	const struct value *link;
};

static int expand_leaf(
	void *user, const char *text, bool glob, struct buf *ret, struct err *err)
{
	struct filling *filling = user;
	struct fill *fill = filling->fill;
	struct conversion how = fill_conversion(fill, filling->link);
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *expanded;
	int rc;

	(void)err; /* fill->err, which it is */
	fill->glob = glob;
	rc = fill_expand(fill, filling->link, text, &how, &room, &expanded);
	fill->glob = false;
	if (rc == 0)
		buf_puts(ret, expanded);
	return rc;
}

static int fill_condition(struct fill *fill, const struct value *link, const char *word,
	struct conditions *ret)
{
	struct filling filling = {fill, link};
	struct arena *arena = fill->context->arena;
	size_t before = ret->count;
	int rc = fill->field->check ? fill->field->check(word, fill->err) : 0;

	if (rc < 0 ||
		conditions_add(ret, word, fill->field->conditions, arena, fill->err) < 0)
		return fill_raise_word(fill, link);
	if (fill->as_written || ret->count == before)
		return 0;
	rc = condition_fill(&ret->list[before], expand_leaf, &filling, arena, fill->err);
	if (rc >= 0 || fill->listed)
		return 0;
	/* What was expanded says where it is. */
	return fill->err->at.file ? -1 : fill_raise_word(fill, link);
}

static int fill_words(struct fill *fill, const struct value *link, struct conditions *ret)
{
	const char *behind = link->flat;
	struct list words = {0};
	int rc = 0;

	fill->word = NULL;
	if (fill->as_written &&
		misread_check(fill->field, link->flat, &fill->word, fill->err) < 0)
		return fill_raise_word(fill, link);
	words_split(link->flat, WORDS_SPACE, fill->context->arena, &words);
	for (size_t i = 0; rc >= 0 && i < words.count; i++) {
		behind = fill_take(fill, behind, WORDS_SPACE, words.items[i]);
		rc = fill_go_on(fill, fill_condition(fill, link, words.items[i], ret));
	}
	return rc < 0 ? -1 : 0;
}

int fill_conditions(struct fill *fill, const struct value *link, struct conditions *ret)
{
	const struct place at = link->at;
	size_t before = fill->unset->added;
	int rc = 0;

	*ret = (struct conditions){0};
	for (; link && rc == 0; link = link->next)
		rc = fill_form_is_fine(fill, link) ? fill_words(fill, link, ret) : 0;
	if (rc == 0 && fill->unset->added == before &&
		conditions_check(ret, fill->err) < 0)
		rc = fill_raise(fill, at);
	return rc;
}
