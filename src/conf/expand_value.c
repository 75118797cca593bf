/* SPDX-License-Identifier: MIT */
/* The value that a ${…} names, or a note that there is none. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secrets.h"
#include "base/str.h"
#include "conf/expansion.h"

const struct binding *expansion_binding(
	const struct expansion *run, const char *name, size_t size)
{
	const struct binding *bound = run->bindings;

	while (bound &&
		(strlen(bound->name) != size || memcmp(bound->name, name, size) != 0))
		bound = bound->outer;
	return bound;
}

/* Where the reference is; one that is nested by the outermost that it is in. */
static struct place place_of(const struct expansion *run, const struct reference *ref)
{
	const struct value *written = run->expander->written;
	size_t size = (size_t)(ref->name - ref->word) + ref->name_size;
	struct place at = run->at;
	int line = run->first_line;

	if (written && value_find(written, ref->word, size, &at))
		return at;
	for (const char *c = run->text; run->column && c < run->token; c++)
		line += *c == '\n';
	if (run->column && line == at.line)
		at.column = run->column - 1 + expansion_column(run->text, run->token);
	return at;
}

/* A name that is unset several times in a file is listed once. */
void expansion_note_unset(
	struct expansion *run, const struct reference *ref, const char *text)
{
	const char *prefix = run->expander->prefix;
	struct problems *unset = run->unset;
	CLEANUP_BUF struct buf whole = BUF_INIT;

	run->result.unset = true;
	if (run->expander->tolerant)
		return;
	buf_printf(&whole, "%s%s%s", prefix ? prefix : "", prefix ? ": " : "", text);
	for (size_t i = 0; i < unset->count; i++)
		if (unset->list[i].at.file == run->at.file &&
			str_equal(unset->list[i].text, whole.data))
			return;
	problems_add(unset, place_of(run, ref), "%s", whole.data);
}

int expansion_note_pending(struct expansion *run, const char *name)
{
	if (!run->expander->settled)
		return err_fail(run->err, "%s is not known yet", name);
	run->result.later = true;
	return 0;
}

const char *expansion_name(struct expansion *run, const char *text, size_t size)
{
	buf_truncate(&run->name, 0);
	buf_add(&run->name, text, size);
	return run->name.data;
}

int expansion_fetch(struct expansion *run, const struct reference *ref, struct buf *ret)
{
	const struct expander *expander = run->expander;
	CLEANUP_BUF struct buf word = BUF_INIT;
	const char *name = expansion_name(run, ref->name, ref->name_size);
	const char *value;
	int result;

	if (ref->word_size == 0) {
		const struct binding *bound =
			expansion_binding(run, ref->name, ref->name_size);

		if (!bound && expander->pending &&
			expander->pending(expander->user, name))
			return expansion_note_pending(run, name) < 0 ? -1 : EXPAND_LATER;
		value = bound ? bound->value : expander->lookup(expander->user, name);
		if (value)
			buf_puts(ret, value);
		return value ? 0 : 1;
	}
	if (!expander->reference && expander->tolerant && !expander->reference_why)
		return 1;
	buf_add(&word, ref->word, ref->word_size);
	if (!expander->reference)
		return err_config(run->err, "'${%s:%s}' cannot be used here: %s",
			word.data, name,
			expander->reference_why ? expander->reference_why
						: "only variables are known");
	result = expander->reference(expander->user, word.data, name, ret, run->err);
	run->misplaced |= result < 0;
	if (result == 1 && expander->placeholder && !expand_is_path(word.data)) {
		run->result.placeholder = true;
		buf_puts(ret, expander->placeholder);
		return 0;
	}
	if (result == 0 && memchr(ret->data, '\0', ret->len))
		return err_config(run->err,
			"the value of '%s' has a NUL byte and cannot stand in a text",
			name);
	return result;
}

/* What NAME_FILE names is for the application: a text reads it by ${file:…}. */
static void advise_file(
	const struct expansion *run, const struct reference *ref, struct buf *to)
{
	const struct expander *expander = run->expander;
	CLEANUP_BUF struct buf name = BUF_INIT;
	const char *path, *why = NULL;

	buf_add(&name, ref->name, ref->name_size);
	if (expander->why_unset)
		why = expander->why_unset(expander->user, name.data);
	if (why) {
		buf_printf(to, ": %s", why);
		return;
	}
	buf_puts(&name, "_FILE");
	path = expander->lookup(expander->user, name.data);
	if (!path || !*path)
		return;
	buf_printf(to, ", but %s is: ", name.data);
	if (expander->reference)
		buf_printf(to, "write ${file:%s}", *path == '/' ? path : "/…");
	else
		buf_puts(to, "`env_from_file` gives it that file's content");
}

/* Does its form say itself what an unset name is? */
static bool asks_for_value(const struct reference *ref)
{
	return ref->operator_ == OPERATOR_DEFAULT ||
		ref->operator_ == OPERATOR_DEFAULT_UNSET ||
		ref->operator_ == OPERATOR_DEMAND || ref->operator_ == OPERATOR_OTHER;
}

/* Is it a variable that is unset because texts are not to see it? `err` says why. */
static bool is_withheld(
	const struct expansion *run, const struct reference *ref, struct err *err)
{
	const struct expander *expander = run->expander;
	CLEANUP_BUF struct buf name = BUF_INIT;

	if (!expander->withheld || ref->word_size ||
		expansion_binding(run, ref->name, ref->name_size))
		return false;
	buf_add(&name, ref->name, ref->name_size);
	return expander->withheld(expander->user, name.data, NULL, err) < 0;
}

bool expansion_note_withheld(struct expansion *run, const struct reference *ref)
{
	DECLARE_ERR(why);

	if (!is_withheld(run, ref, &why))
		return false;
	expansion_note_unset(run, ref, why.text);
	return true;
}

/* Is it a variable that is unset, where that is no error? */
static bool may_miss(const struct expansion *run, const struct reference *ref)
{
	const struct expander *expander = run->expander;
	CLEANUP_BUF struct buf name = BUF_INIT;
	DECLARE_ERR(ignored); /* it is raised when the reference is expanded */

	if (expander->missing == EXPAND_ERROR || ref->word_size || asks_for_value(ref) ||
		expansion_binding(run, ref->name, ref->name_size) ||
		is_withheld(run, ref, &ignored))
		return false;
	buf_add(&name, ref->name, ref->name_size);
	return !expander->lookup(expander->user, name.data) &&
		!(expander->pending && expander->pending(expander->user, name.data));
}

bool expansion_keeps(const struct expansion *run, const struct token *token)
{
	const struct expander *expander = run->expander;
	DECLARE_ERR(ignored); /* it is raised when the reference is expanded */
	struct reference ref;

	return expander->missing == EXPAND_KEEP &&
		reference_parse(
			token->text, token->size, expander->words, &ref, &ignored) == 0 &&
		may_miss(run, &ref);
}

void expansion_note_missing(struct expansion *run, const struct reference *ref)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *what = ref->word_size == 0 ? "is not set"
		: *ref->name == '/'            ? "is missing"
					       : "has no value";

	if (may_miss(run, ref))
		return;
	buf_add(&text, ref->word, (size_t)(ref->name - ref->word) + ref->name_size);
	buf_printf(&text, " %s", what);
	if (ref->word_size == 0)
		advise_file(run, ref, &text);
	expansion_note_unset(run, ref, text.data);
}

static bool is_secret(const struct expansion *run, const char *name, const char *value)
{
	const struct expander *expander = run->expander;
	const struct binding *bound = expansion_binding(run, name, strlen(name));

	if (bound)
		return bound->secret;
	return expander->secret && expander->secret(expander->user, name, value);
}

/* A file that is no secret, unless what it holds is known to be one. */
static bool is_text(const struct reference *ref)
{
	return reference_is_path(ref) && ref->word_size == strlen(EXPAND_TEXT) &&
		memcmp(ref->word, EXPAND_TEXT, ref->word_size) == 0;
}

/* A value is about to be put in. */
int expansion_note_secret(
	struct expansion *run, const struct reference *ref, struct buf *value)
{
	const struct expander *expander = run->expander;
	const char *name = expansion_name(run, ref->name, ref->name_size);

	if ((ref->word_size == 0 || is_text(ref)) && !is_secret(run, name, value->data))
		return 0;
	run->result.secret = true;
	if (expander->mask && value->len < SECRET_SHORTEST) {
		buf_truncate(value, 0);
		buf_puts(value, expander->mask);
	}
	if (!expander->argument)
		return 0;
	return err_config(run->err,
		"the value of '%s' holds a secret, and as an argument it would be shown "
		"to everybody who lists processes; hand it on in the environment",
		name);
}
