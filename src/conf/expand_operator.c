/* SPDX-License-Identifier: MIT */
/* What a ${…} comes to: its value, or what its operator makes of that. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "conf/condition.h"
#include "conf/expansion.h"
#include "conf/glob.h"

/* The message of ":?", or what stands for an empty one. */
static int note_demand(struct expansion *run, const struct reference *ref, int depth)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_add(&text, ref->name, ref->name_size);
	buf_puts(&text, ": ");
	if (ref->operand_size == 0)
		buf_puts(&text, "is not set, or empty");
	else if (run->way->text(run, ref->operand, ref->operand_size, PART_INSIDE,
			 depth + 1, &text) < 0)
		return -1;
	expansion_note_unset(run, ref, text.data);
	return 0;
}

/*
 * Makes the reference one of an absolute path, whose text is in `path`. Returns 0, 1
 * where a value in it is not known, or -1.
 */
static int find_path(struct expansion *run, const struct reference *ref, int depth,
	struct buf *path, struct reference *ret)
{
	const char *dir = run->expander->dir;
	struct expand_result before = run->result;
	CLEANUP_BUF struct buf name = BUF_INIT;
	bool known;

	run->result.unset = run->result.later = false;
	if (run->way->text(
		    run, ref->name, ref->name_size, PART_INSIDE, depth + 1, &name) < 0)
		return -1;
	known = !run->result.unset && !run->result.later;
	run->result.unset |= before.unset;
	run->result.later |= before.later;
	if (!known)
		return 1;
	if (!name.len)
		return err_config(run->err, "the path is empty");
	if (*name.data != '/' && !dir)
		return err_config(run->err, "'%s' is no absolute path", name.data);
	buf_add(path, ref->word, ref->word_size + 1);
	if (*name.data != '/')
		buf_printf(path, "%s/", dir);
	buf_add(path, name.data, name.len);
	*ret = *ref;
	ret->word = path->data;
	ret->name = path->data + ref->word_size + 1;
	ret->name_size = path->len - ref->word_size - 1;
	return 0;
}

/* Takes what the glob matches off the value. */
static int cut(
	struct expansion *run, const struct reference *ref, int depth, struct buf *value)
{
	bool back = ref->operator_ >= OPERATOR_CUT_BACK;
	bool longest = ref->operator_ == OPERATOR_CUT_FRONT_LONGEST ||
		ref->operator_ == OPERATOR_CUT_BACK_LONGEST;
	CLEANUP_BUF struct buf glob = BUF_INIT, rest = BUF_INIT;
	size_t size;

	buf_add(&rest, ref->operand, ref->operand_size);
	if (condition_check_brackets(rest.data, run->err) < 0 ||
		run->way->text(run, ref->operand, ref->operand_size, PART_GLOB, depth + 1,
			&glob) < 0 ||
		glob_match(glob.data, value->data, back, longest, &size, run->err) < 0)
		return -1;
	buf_truncate(&rest, 0);
	buf_add(&rest, value->data + (back ? 0 : size), value->len - size);
	buf_truncate(value, 0);
	buf_add(value, rest.data, rest.len);
	return 0;
}

/*
 * Applies the operator to the value. Returns 1 where the operand takes its place, 0 where
 * it does not, or -1.
 */
static int operate(struct expansion *run, const struct reference *ref, bool missing,
	int depth, struct buf *value)
{
	bool empty = value->len == 0;

	switch (ref->operator_) {
	case OPERATOR_NONE:
		break;
	case OPERATOR_DEFAULT:
		return missing || empty;
	case OPERATOR_DEFAULT_UNSET:
		return missing;
	case OPERATOR_DEMAND:
		return missing || empty ? note_demand(run, ref, depth) : 0;
	case OPERATOR_OTHER:
		buf_truncate(value, 0);
		return !missing && !empty;
	case OPERATOR_CUT_FRONT:
	case OPERATOR_CUT_FRONT_LONGEST:
	case OPERATOR_CUT_BACK:
	case OPERATOR_CUT_BACK_LONGEST:
		if (!missing)
			return cut(run, ref, depth, value);
		break;
	}
	if (missing)
		expansion_note_missing(run, ref);
	return 0;
}

int expansion_evaluate(struct expansion *run, const struct reference *ref, enum part part,
	int depth, struct buf *value, struct buf *other)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	struct reference file;
	int missing, use_operand;

	if (reference_is_path(ref)) {
		missing = find_path(run, ref, depth, &path, &file);
		if (missing != 0)
			return missing < 0 ? -1 : 0;
		ref = &file;
	}
	missing = expansion_fetch(run, ref, value);
	if (missing < 0)
		return -1;
	if (missing == EXPAND_LATER) {
		run->result.later = true;
		return 0;
	}
	if (missing && expansion_note_withheld(run, ref))
		return 0;
	use_operand = operate(run, ref, missing, depth, value);
	if (use_operand < 0)
		return -1;
	if (use_operand) {
		if (run->way->text(run, ref->operand, ref->operand_size, part, depth + 1,
			    other) < 0)
			return -1;
		run->own = !memmem(ref->operand, ref->operand_size, "${", 2);
		return 0;
	}
	return value->len > 0 ? expansion_note_secret(run, ref, value) : 0;
}
