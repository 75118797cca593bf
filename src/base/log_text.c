/* SPDX-License-Identifier: MIT */
/* Log events as lines of text. */
#include "base/log.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log_internal.h"
#include "base/str.h"
#include "base/version.h"

#define CUT "…"

static const struct {
	const char *name;
	const char *color;
} levels[] = {
	[LOG_ERROR] = {"error: ", "\033[31m"},
	[LOG_WARN] = {"warning: ", "\033[33m"},
	[LOG_INFO] = {"", ""},
	[LOG_DEBUG] = {"debug: ", "\033[2m"},
};

const struct log_mark_form log_marks[] = {
	[LOG_MARK_NONE] = {"", "", ""},
	[LOG_MARK_MADE] = {"+", "made", "\033[32m"},
	[LOG_MARK_CHANGED] = {"~", "changed", "\033[33m"},
	[LOG_MARK_REMOVED] = {"-", "removed", "\033[35m"},
	[LOG_MARK_IN_PLACE] = {"=", "in place", "\033[2m"},
	[LOG_MARK_KEPT] = {"=", "kept as it was", "\033[33m"},
	[LOG_MARK_LEFT_OUT] = {"·", "left out", "\033[2m"},
	[LOG_MARK_UNKNOWN] = {"?", "unknown", "\033[36m"},
	[LOG_MARK_FAILED] = {"!", "failed", "\033[31m"},
};

void output_add(struct output *to, const char *text, size_t size)
{
	if (!to->data) {
		buf_add(to->buf, text, size);
		return;
	}
	if (to->cut)
		return;
	to->cut = size > to->room - to->size;
	if (to->cut) {
		to->size = to->fits;
		text = CUT;
		size = strlen(CUT);
	}
	memcpy(to->data + to->size, text, size);
	to->size += size;
	if (to->size + strlen(CUT) <= to->room)
		to->fits = to->size;
}

void output_text(struct output *to, const char *text)
{
	output_add(to, text, strlen(text));
}

/* Adds the next character in the way that it is shown; returns how long it is. */
static size_t show_next(struct output *to, const char *text, size_t size, int indent)
{
	char escaped[64]; /* no caller indents by more than a few */
	uint32_t code = 0;
	size_t n = str_character(text, size, &code);
	int length = 0;

	if (n > 0 && (code == '\t' || !str_is_control(code))) {
		output_add(to, text, n);
		return n;
	}
	if (n == 0)
		n = 1;
	if (code == '\n')
		length = snprintf(escaped, sizeof escaped, "\n%*s", indent, "");
	for (size_t i = 0; i < n && code != '\n'; i++)
		length += snprintf(escaped + length, sizeof escaped - (size_t)length,
			"\\x%02x", (unsigned char)text[i]);
	output_add(to, escaped, (size_t)length);
	return n;
}

/* Escape sequences of our own are added elsewhere; this text is not ours. */
static void show(struct output *to, const char *text, size_t size, int indent)
{
	while (size > 0) {
		size_t n = 0;

		/* Nearly all of a text is this, and is shown at once. */
		while (n < size && text[n] >= ' ' && text[n] <= '~')
			n++;
		if (n > 0 && to->buf)
			output_add(to, text, n);
		else
			n = show_next(to, text, size, indent);
		text += n;
		size -= n;
	}
}

void log_show(struct buf *to, const char *text, size_t size, int indent)
{
	struct output output = {.buf = to};

	show(&output, text, size, indent);
}

static void show_text(struct output *to, const char *text)
{
	show(to, text, strlen(text), LOG_INDENT);
}

static void add_mark(struct output *to, enum log_mark mark, bool color)
{
	if (mark == LOG_MARK_NONE)
		return;
	output_text(to, color ? log_marks[mark].color : "");
	output_text(to, log_marks[mark].sign);
	output_text(to, color ? "\033[0m " : " ");
}

static void add_prefix(struct output *to, const struct log_event *event, bool color)
{
	enum log_level level = event->level;
	bool colored = color && *levels[level].color;

	output_text(to, PROGRAM ": ");
	add_mark(to, event->mark, color);
	output_text(to, colored ? levels[level].color : "");
	output_text(to, levels[level].name);
	output_text(to, colored ? "\033[0m" : "");
}

/* In a column, if it has a mark. */
static void add_subject(struct output *to, const struct log_event *event)
{
	size_t width = strlen(event->subject);

	output_text(to, event->mark ? "" : "[");
	show_text(to, event->subject);
	output_text(to, event->mark ? "  " : "] ");
	for (; event->mark && (int)width < event->width; width++)
		output_text(to, " ");
}

static void add_place(struct output *to, const struct place *at)
{
	const struct place numbers = {.file = "", .line = at->line, .column = at->column};
	char text[32];

	if (!at->file)
		return;
	show_text(to, at->file);
	(void)place_print(text, sizeof text, &numbers, ""); /* it fits */
	output_text(to, text);
}

static void add_event(struct output *to, const struct log_event *event, bool color)
{
	char duration[CLOCK_TEXT_MAX];

	if (!event->listed)
		add_prefix(to, event, color);
	add_place(to, &event->at);
	if (event->subject)
		add_subject(to, event);
	show_text(to, event->message);
	if (event->duration_us > 0) {
		clock_duration(event->duration_us, duration);
		output_text(to, " (");
		output_text(to, duration);
		output_text(to, ")");
	}
	show_text(to, event->quoted ? event->quoted : "");
}

void log_text(struct buf *to, const struct log_event *event, bool color)
{
	struct output output = {.buf = to};

	add_event(&output, event, color);
}

size_t log_text_fixed(char *to, size_t size, const struct log_event *event, bool color)
{
	struct output output = {.data = to, .room = size - 1};

	add_event(&output, event, color);
	to[output.size] = '\0';
	return output.size;
}
