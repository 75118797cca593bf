/* SPDX-License-Identifier: MIT */
/* Changing single keys of another program's file. */
#include "conf/document_edit.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/document_change.h"
#include "conf/document_cut.h"
#include "conf/document_doubt.h"
#include "conf/document_json.h"
#include "conf/document_lines.h"

struct editor {
	struct arena *arena;
	const char *text;
	size_t size;
	const char *line_end;
	struct changes changes;
	struct cuts cuts;
	struct document_doubt lines; /* of the file */
	struct buf *doubt;
	bool ended; /* the last line has got its line end */
};

static size_t offset(const struct editor *editor, const char *at)
{
	return (size_t)(at - editor->text);
}

static const char *text_of(const struct editor *editor, struct span span)
{
	return arena_memdup(editor->arena, span.data, span.size);
}

/* What is not clear is not changed. */
static const char second_line[] =
	"a second line begins so; it is not clear which one is to be replaced";
static const char second_key[] =
	"the key is there a second time; it is not clear which counts";
static const char doubtful_head[] =
	"what looks like a section may be more of a value above it; no new key is set";
static const char deep_head[] =
	"this header is indented deeper than a new key would be, and may be taken for "
	"more of its value; no new key is set";
static const char joined_line[] =
	"the line ends in a backslash, which would join a new key behind it; no new key "
	"is set";

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

	if (change->exported && !lines->exported)
		cuts_add(&editor->cuts, offset(editor, lines->key.data), 0, "export ");
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

static bool has_same_blanks(
	const struct lines *lines, const struct change_section *section)
{
	return lines->head.size == section->head.size &&
		lines->section.data - lines->head.data ==
		section->section.data - section->head.data;
}

static int raise_blanks(const struct lines *lines, struct err *err)
{
	return lines_raise(lines,
		"the brackets of the section have blanks within, which some readers take "
		"for a part of its name; it is not clear which one is meant",
		err);
}

static size_t indent_of(struct span line)
{
	size_t size = 0;

	while (size < line.size && strchr(" \t", line.data[size]))
		size++;
	return size;
}

/* Of another format, lines are the same however they are indented. */
static bool has_same_indent(const struct lines *lines, const struct change *change)
{
	return lines->format != DOCUMENT_LINES ||
		document_doubt_indent(lines) ==
		(change->unset ? 0 : indent_of(change->line));
}

static int change_line(struct editor *editor, const struct lines *lines,
	struct change *change, struct err *err)
{
	if (editor->lines.why) {
		(void)err_config(err, "%s; it is not changed", editor->lines.why);
		return lines_locate(lines, err);
	}
	if ((change->unset || change->match) && !has_same_indent(lines, change))
		return lines_raise(lines,
			"the line is indented, as in a block; it is not clear whether it "
			"is meant",
			err);
	if (change->unset && lines->head.size != lines->section.size)
		return raise_blanks(lines, err);
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
		return lines_raise(lines, change->match ? second_line : second_key, err);
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

static const struct change_section *section_of(
	const struct editor *editor, const struct change *change)
{
	return &editor->changes.sections[change->place];
}

/* Of each section that keys are set in: where would they go, as far as it is read? */
static int read_sections(struct editor *editor, const struct lines *lines,
	bool first_head, struct err *err)
{
	size_t begin = offset(editor, lines->raw.data);
	size_t end = begin + lines->raw.size;
	const struct span indent = {lines->raw.data, document_doubt_indent(lines)};

	/* Where a value may go on, nothing is put into it. */
	if (editor->lines.end && editor->lines.end > editor->text + end)
		end = offset(editor, editor->lines.end);
	for (size_t i = 0; i < editor->changes.section_count; i++) {
		struct change_section *section = &editor->changes.sections[i];
		bool same = lines_same_section(lines, section->section);

		if (lines->heads && same && !has_same_blanks(lines, section))
			return raise_blanks(lines, err);
		if (first_head && !section->section.size &&
			section->behind == editor->size) {
			section->behind = begin;
			section->indent = indent;
		}
		if ((lines->heads || lines->key.size) && same) {
			section->behind = end;
			if (!editor->lines.why)
				section->indent = indent;
		}
	}
	return 0;
}

/* Of each change: is it this line? */
static int read_line(struct editor *editor, const struct lines *lines, bool first_head,
	struct err *err)
{
	struct changes *changes = &editor->changes;
	const struct document_key *known;

	document_doubt_line(&editor->lines, lines);
	for (size_t i = 0; lines->heads && i < changes->count; i++)
		note_dotted(editor, lines, &changes->items[i]);
	if (read_sections(editor, lines, first_head, err) < 0)
		return -1;
	for (known = document_keys_find(&changes->keys, lines); known;
		known = known->next) {
		struct change *change = &changes->items[known->number];

		if (change_concerns(change, lines) &&
			change_line(editor, lines, change, err) < 0)
			return -1;
	}
	return 0;
}

static int read_file(struct editor *editor, struct lines *lines, struct err *err)
{
	struct changes *changes = &editor->changes;
	bool headed = false;
	int rc;

	for (size_t i = 0; i < changes->section_count; i++)
		if (!changes->sections[i].section.size)
			changes->sections[i].behind = editor->size;
	while ((rc = lines_next(lines, err)) == 1) {
		if (read_line(editor, lines, lines->heads && !headed, err) < 0)
			return -1;
		headed |= lines->heads;
	}
	return rc;
}

/* ---- what is new ---- */

/* What is written at the end of the text begins a line there. */
static const char *begin_line(struct editor *editor, size_t at)
{
	/* Another one may have been put there already, with its line end. */
	if (at == 0 || editor->text[at - 1] == '\n' || editor->ended)
		return "";
	editor->ended = true;
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

	for (size_t i = 0; i < editor->changes.count; i++) {
		const struct change *change = &editor->changes.items[i];
		const char *head = "";

		if (change->unset || change->done ||
			section_of(editor, change)->behind != CHANGE_NOWHERE)
			continue;
		if (!lines_same_section(&section, change->section))
			head = arena_printf(editor->arena, "%s[%s]%s",
				editor->size || editor->cuts.count ? editor->line_end
								   : "",
				text_of(editor, change->head), editor->line_end);
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

	for (size_t i = 0; i < editor->changes.count; i++) {
		const struct change *change = &editor->changes.items[i];
		const struct change_section *section;

		if (change->unset || change->done)
			continue;
		section = section_of(editor, change);
		if (!doubt->head &&
			(section->behind == CHANGE_NOWHERE ||
				section->indent.size >= doubt->head_indent))
			continue;
		lines->number = doubt->head ? doubt->head : doubt->deepest;
		return lines_raise(lines, doubt->head ? doubtful_head : deep_head, err);
	}
	return 0;
}

/* A backslash at the end of the text joins to its line what is put there. */
static int check_join(const struct editor *editor, struct lines *lines, struct err *err)
{
	for (size_t i = 0; editor->lines.open && i < editor->changes.count; i++) {
		const struct change *change = &editor->changes.items[i];

		if (change->unset || change->done ||
			section_of(editor, change)->behind != editor->size)
			continue;
		lines->number = editor->lines.open;
		return lines_raise(lines, joined_line, err);
	}
	return 0;
}

static int read_all(struct editor *editor, struct lines *lines,
	const struct document_edit *edit, struct err *err)
{
	if (changes_find(lines->format, edit, editor->arena, &editor->changes, err) < 0 ||
		read_file(editor, lines, err) < 0)
		return -1;
	return check_heads(editor, lines, err) < 0 ? -1 : check_join(editor, lines, err);
}

/* What is written must be found again: a new quote can close one that was open. */
static int check_again(const struct editor *editor, const struct lines *before,
	const struct document_edit *edit, const char *text, size_t size, struct err *err)
{
	struct editor again = {.arena = editor->arena,
		.text = text,
		.size = size,
		.cuts = {.arena = editor->arena}};
	bool same = true;
	struct lines lines;

	if (lines_begin(&lines, before->format, before->file, text, size, err) < 0 ||
		read_all(&again, &lines, edit, err) < 0)
		return err_prefix(err, "as it would be");
	for (size_t i = 0; i < again.changes.count; i++)
		same &= again.changes.items[i].unset || again.changes.items[i].done;
	if (same && !again.cuts.count)
		return 0;
	return err_config(err, "'%s' would not have what is set in it", before->file);
}

static int edit_lines(struct editor *editor, struct lines *lines,
	const struct document_edit *edit, struct buf *to, struct err *err)
{
	const char *end = memchr(editor->text, '\n', editor->size);
	size_t begin = to->len;

	editor->line_end = end && end > editor->text && end[-1] == '\r' ? "\r\n" : "\n";
	if (read_all(editor, lines, edit, err) < 0)
		return -1;
	for (size_t i = 0; i < editor->changes.count; i++) {
		const struct change *change = &editor->changes.items[i];

		const struct change_section *section;

		if (change->unset || change->done)
			continue;
		section = section_of(editor, change);
		if (section->behind != CHANGE_NOWHERE)
			add_new(editor, section->behind,
				editor->lines.deepest ? text_of(editor, section->indent)
						      : "",
				change->line);
	}
	add_sections(editor);
	cuts_write(&editor->cuts, editor->text, editor->size, to);
	return check_again(editor, lines, edit, to->data + begin, to->len - begin, err);
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
