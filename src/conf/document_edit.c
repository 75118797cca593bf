/* SPDX-License-Identifier: MIT */
/* Changing single keys of another program's file. */
#include "conf/document_edit.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/document_cut.h"
#include "conf/document_doubt.h"
#include "conf/document_json.h"
#include "conf/document_lines.h"
#include "conf/field.h"

/* A key that is set, or one that is removed. */
struct change {
	const char *unset; /* NULL: it is set */
	const char *match; /* of lines: what the line begins with that it replaces */
	struct span section, key, value;
	struct span line; /* as it is written in `set` */
	bool done;
	size_t behind;      /* where it goes if it is new; NOWHERE: no such section */
	struct span indent; /* of the line there, where that is in no doubt */
};

#define NOWHERE ((size_t)-1)

struct editor {
	struct arena *arena;
	const char *text;
	size_t size;
	const char *line_end;
	struct change *changes;
	size_t count;
	struct cuts cuts;
	struct document_doubt lines; /* of the file */
	struct buf *doubt;
};

static size_t offset(const struct editor *editor, const char *at)
{
	return (size_t)(at - editor->text);
}

static const char *text_of(const struct editor *editor, struct span span)
{
	return arena_memdup(editor->arena, span.data, span.size);
}

/* ---- what is to be changed ---- */

static struct change *add_change(struct editor *editor)
{
	editor->changes = arena_array_grow(
		editor->arena, editor->changes, editor->count, sizeof *editor->changes);
	editor->changes[editor->count] = (struct change){.behind = NOWHERE};
	return &editor->changes[editor->count++];
}

static bool concerns(const struct change *change, const struct lines *lines)
{
	if (change->unset)
		return lines_is_key(lines, change->unset);
	if (change->match)
		return lines_is_key(lines, change->match);
	return lines_same_section(lines, change->section) &&
		lines_same_key(lines, change->key);
}

/* The longest one that the line begins with, or NULL. */
static const char *find_match(const struct list *match, const struct lines *lines)
{
	const char *found = NULL;

	for (size_t i = 0; match && i < match->count; i++) {
		const char *item = match->items[i];

		if (lines_is_key(lines, item) && (!found || strlen(item) > strlen(found)))
			found = item;
	}
	return found;
}

static int raise_twice(const struct lines *lines, struct err *err)
{
	return lines_raise(lines,
		lines->format == DOCUMENT_LINES
			? "two lines are set or unset that begin alike"
			: "the key is set or unset twice",
		err);
}

/*
 * What has no '=' sets nothing. In a section of ini it may be a switch, as some programs
 * have them.
 */
static bool is_no_assignment(const struct lines *lines)
{
	return lines->format != DOCUMENT_LINES && !lines->section.size &&
		!lines->value.size && !memchr(lines->line.data, '=', lines->line.size) &&
		!memchr(lines->line.data, ':', lines->line.size);
}

/* A shell takes no white space around the '=' of a variable. */
static struct span line_of(const struct editor *editor, const struct lines *lines)
{
	const char *key = lines->key.data, *value = lines->value.data;
	size_t size = lines->value.size;
	char *line;

	if (lines->format != DOCUMENT_ENV)
		return (struct span){key, (size_t)(value + size - key)};
	line = arena_printf(editor->arena, "%.*s=%s", (int)lines->key.size, key,
		text_of(editor, lines->value));
	return (struct span){line, strlen(line)};
}

static int add_set(struct editor *editor, const struct lines *lines,
	const struct list *match, struct err *err)
{
	struct change *change;

	if (!lines->key.size)
		return lines_check_head(lines, err);
	if (is_no_assignment(lines))
		return lines_raise(lines, "it has no '=', as in KEY = VALUE", err);
	for (size_t i = 0; i < editor->count; i++)
		if (concerns(&editor->changes[i], lines))
			return raise_twice(lines, err);
	change = add_change(editor);
	change->section = lines->section;
	change->key = lines->key;
	change->value = lines->value;
	change->match = find_match(match, lines);
	change->line = line_of(editor, lines);
	return 0;
}

static int find_changes(struct editor *editor, enum document_format format,
	const struct document_edit *edit, struct err *err)
{
	struct document_doubt doubt = {0};
	struct lines lines;
	int rc;

	for (size_t i = 0; edit->unset && i < edit->unset->count; i++)
		add_change(editor)->unset = edit->unset->items[i];
	if (!edit->set)
		return 0;
	rc = lines_begin(&lines, format, edit->set_name, edit->set, edit->set_size, err);
	if (rc < 0)
		return -1;
	while ((rc = lines_next(&lines, err)) == 1) {
		document_doubt_line(&doubt, &lines);
		if (doubt.end && doubt.end > lines.rest.data)
			return lines_raise(&lines,
				"the value seems to go on in the next line; only values "
				"of one line are set",
				err);
		if (add_set(editor, &lines, edit->match, err) < 0)
			return -1;
	}
	return rc;
}

/* ---- the file ---- */

/* Up to the end of the line, where blanks there count; without a value, behind them. */
static void put_value(
	struct editor *editor, const struct lines *lines, const struct change *change)
{
	const char *end = lines->key.data + lines->key.size;
	const char *value = text_of(editor, change->value);
	size_t begin = offset(editor, lines->value.data);
	size_t size = lines->value.size, behind = lines_behind(lines);
	const char *separator = "";

	if (size == change->value.size &&
		memcmp(lines->value.data, value, change->value.size) == 0 &&
		(!behind || lines->format == DOCUMENT_INI))
		return;
	if (lines->value.data == end)
		separator = lines->format == DOCUMENT_INI ? " = " : "=";
	else if (!size && lines->format != DOCUMENT_ENV)
		begin += behind;
	if (lines->format == DOCUMENT_ENV || (size && lines->format != DOCUMENT_INI))
		size += behind;
	cuts_add(&editor->cuts, begin, size,
		arena_printf(editor->arena, "%s%s", separator, value));
}

static int change_line(struct editor *editor, const struct lines *lines,
	struct change *change, struct err *err)
{
	if (editor->lines.why)
		return lines_raise(lines, editor->lines.why, err);
	if (document_doubt_goes_on(&editor->lines, lines))
		return lines_raise(lines,
			"the value seems to go on in the next line; it is not changed",
			err);
	if (change->unset) {
		cuts_add(&editor->cuts, offset(editor, lines->raw.data), lines->raw.size,
			"");
		return 0;
	}
	/* A line that is there as a whole may be there again. */
	if (change->done && (lines->format != DOCUMENT_LINES || change->match))
		return lines_raise(lines,
			change->match ? "a second line begins so; it is not clear which "
					"one is to be replaced"
				      : "the key is there a second time; it is not clear "
					"which counts",
			err);
	put_value(editor, lines, change);
	change->done = true;
	return 0;
}

/* `unset` and `must_have` name a key of a section so, and `set` does not. */
static void note_dotted(const struct editor *editor, const struct lines *lines,
	const struct change *change)
{
	struct span section = lines->section, key = change->key;
	struct lines named = {
		.format = lines->format, .section = {key.data, section.size}};

	if (!key.data || !editor->doubt || editor->doubt->len || change->unset ||
		change->section.size || !section.size || key.size < section.size + 2 ||
		key.data[section.size] != '.' || !lines_same_section(&named, section))
		return;
	buf_printf(editor->doubt,
		"'%.*s' is set in front of all sections, and there is a section [%.*s]; "
		"for a key of that one, write [%.*s] in a line above '%.*s = …'",
		(int)key.size, key.data, (int)section.size, section.data,
		(int)section.size, section.data, (int)(key.size - section.size - 1),
		key.data + section.size + 1);
}

/* Of each change: is it this line, or does this line say where it would go? */
static int read_line(struct editor *editor, const struct lines *lines, bool first_head,
	struct err *err)
{
	size_t begin = offset(editor, lines->raw.data);
	size_t end = begin + lines->raw.size;
	const struct span indent = {lines->raw.data, document_doubt_indent(lines)};

	document_doubt_line(&editor->lines, lines);
	/* Where a value may go on, nothing is put into it. */
	if (editor->lines.end && editor->lines.end > editor->text + end)
		end = offset(editor, editor->lines.end);
	for (size_t i = 0; i < editor->count; i++) {
		struct change *change = &editor->changes[i];

		if (lines->heads)
			note_dotted(editor, lines, change);
		if (first_head && !change->section.size &&
			change->behind == editor->size) {
			change->behind = begin;
			change->indent = indent;
		}
		if ((lines->heads || lines->key.size) &&
			lines_same_section(lines, change->section)) {
			change->behind = end;
			if (!editor->lines.why)
				change->indent = indent;
		}
		if (lines->key.size && concerns(change, lines) &&
			change_line(editor, lines, change, err) < 0)
			return -1;
	}
	return 0;
}

static int read_file(struct editor *editor, struct lines *lines, struct err *err)
{
	bool headed = false;
	int rc;

	for (size_t i = 0; i < editor->count; i++)
		if (!editor->changes[i].section.size)
			editor->changes[i].behind = editor->size;
	while ((rc = lines_next(lines, err)) == 1) {
		if (read_line(editor, lines, lines->heads && !headed, err) < 0)
			return -1;
		headed |= lines->heads;
	}
	return rc;
}

/* ---- what is new ---- */

/* What is written at the end of the text begins a line there. */
static const char *begin_line(const struct editor *editor, size_t at)
{
	if (at == 0 || editor->text[at - 1] == '\n')
		return "";
	/* Another one was put there already, with its line end. */
	for (size_t i = 0; i < editor->cuts.count; i++)
		if (editor->cuts.items[i].at == at && editor->cuts.items[i].size == 0)
			return "";
	return editor->line_end;
}

static void add_new(struct editor *editor, size_t at, const char *head, struct span line)
{
	cuts_add(&editor->cuts, at, 0,
		arena_printf(editor->arena, "%s%s%s%s", begin_line(editor, at), head,
			text_of(editor, line), editor->line_end));
}

/* In the order of `set`; each new section once. */
static void add_sections(struct editor *editor)
{
	struct lines section = {.format = DOCUMENT_INI};

	for (size_t i = 0; i < editor->count; i++) {
		const struct change *change = &editor->changes[i];
		const char *head = "";

		if (change->unset || change->done || change->behind != NOWHERE)
			continue;
		if (!lines_same_section(&section, change->section))
			head = arena_printf(editor->arena, "%s[%s]%s",
				editor->size || editor->cuts.count ? editor->line_end
								   : "",
				text_of(editor, change->section), editor->line_end);
		section.section = change->section;
		add_new(editor, editor->size, head, change->line);
	}
}

/*
 * Where sections may end elsewhere than it seems, it is not clear where a key goes. Nor
 * may it take the header behind it for more of its value.
 */
static int check_heads(const struct editor *editor, struct lines *lines, struct err *err)
{
	const struct document_doubt *doubt = &editor->lines;

	for (size_t i = 0; i < editor->count; i++) {
		const struct change *change = &editor->changes[i];
		bool shallow = change->behind != NOWHERE &&
			change->indent.size < doubt->head_indent;

		if (change->unset || change->done || (!doubt->head && !shallow))
			continue;
		lines->number = doubt->head ? doubt->head : doubt->deepest;
		return lines_raise(lines,
			doubt->head ? "what looks like a section may be more of a value "
				      "above it; no new key is set"
				    : "this header is indented deeper than a new key "
				      "would be, and may be taken for more of its "
				      "value; no new key is set",
			err);
	}
	return 0;
}

static int edit_lines(struct editor *editor, struct lines *lines,
	const struct document_edit *edit, struct buf *to, struct err *err)
{
	const char *end = memchr(editor->text, '\n', editor->size);

	editor->line_end = end && end > editor->text && end[-1] == '\r' ? "\r\n" : "\n";
	if (find_changes(editor, lines->format, edit, err) < 0 ||
		read_file(editor, lines, err) < 0 || check_heads(editor, lines, err) < 0)
		return -1;
	for (size_t i = 0; i < editor->count; i++) {
		const struct change *change = &editor->changes[i];

		if (!change->unset && !change->done && change->behind != NOWHERE)
			add_new(editor, change->behind,
				editor->lines.deepest ? text_of(editor, change->indent)
						      : "",
				change->line);
	}
	add_sections(editor);
	cuts_write(&editor->cuts, editor->text, editor->size, to);
	return 0;
}

int document_edit(enum document_format format, const char *file, const char *text,
	size_t size, const struct document_edit *edit, struct arena *arena,
	struct buf *to, struct err *err)
{
	struct editor editor = {.arena = arena,
		.text = text,
		.size = size,
		.cuts = {.arena = arena},
		.doubt = edit->doubt};
	struct lines lines;

	if (format == DOCUMENT_JSON)
		return document_json_edit(file, text, size, edit, to, err);
	if (lines_begin(&lines, format, file, text, size, err) < 0)
		return -1;
	return edit_lines(&editor, &lines, edit, to, err);
}
