/* SPDX-License-Identifier: MIT */
/* Log events as lines of JSON. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/log_internal.h"
#include "base/str.h"

#define NUMBER_MAX 32
#define END        "\"}" /* of the message and of the object */

/* One character of a string; returns how many bytes of the text it has. */
static size_t add_character(struct output *to, const char *text, size_t size)
{
	static const char plain[] = "\"\\\b\f\n\r\t";
	static const char letter[] = "\"\\bfnrt";
	char escaped[8];
	uint32_t code;
	size_t n = str_character(text, size, &code);
	const char *at = n == 1 && code ? strchr(plain, (int)code) : NULL;

	if (n == 0) { /* no UTF-8: the replacement character */
		output_text(to, "\xef\xbf\xbd");
		return 1;
	}
	if (at)
		(void)snprintf(escaped, sizeof escaped, "\\%c",
			letter[at - plain]); /* it fits */
	else if (str_is_control(code))
		(void)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)code);
	if (at || str_is_control(code))
		output_text(to, escaped);
	else
		output_add(to, text, n);
	return n;
}

static void add_string(struct output *to, const char *text)
{
	size_t size = strlen(text);

	while (size > 0) {
		size_t n = add_character(to, text, size);

		text += n;
		size -= n;
	}
}

/* What stands behind the first one. */
static void add_name(struct output *to, const char *name)
{
	output_text(to, ",\"");
	output_text(to, name);
	output_text(to, "\":");
}

static void add_member(struct output *to, const char *name, const char *text)
{
	if (!text)
		return;
	add_name(to, name);
	output_text(to, "\"");
	add_string(to, text);
	output_text(to, "\"");
}

static void add_number(struct output *to, const char *name, int64_t number)
{
	char text[NUMBER_MAX];

	(void)snprintf(text, sizeof text, "%" PRId64, number); /* it fits */
	add_name(to, name);
	output_text(to, text);
}

static void add_duration(struct output *to, int64_t us)
{
	char text[NUMBER_MAX];

	(void)snprintf(text, sizeof text, "%" PRId64 ".%03d", us / 1000,
		(int)(us % 1000)); /* it fits */
	add_name(to, "duration_ms");
	output_text(to, text);
}

/* The message is the last one: it alone may be too long, and is cut so that it ends. */
static void add_event(struct output *to, const struct log_event *event)
{
	static const char *const levels[] = {"error", "warn", "info", "debug"};
	char time[CLOCK_TEXT_MAX];

	clock_text(time);
	output_text(to, "{\"time\":\"");
	output_text(to, time);
	output_text(to, "\"");
	add_member(to, "level", levels[event->level]);
	add_member(to, "file", event->at.file);
	if (event->at.file && event->at.line)
		add_number(to, "line", event->at.line);
	if (event->at.file && event->at.column)
		add_number(to, "column", event->at.column);
	add_member(to, "step", event->subject ? event->subject : event->step);
	if (event->order)
		add_number(to, "order", *event->order);
	add_member(to, "status", event->status);
	if (event->mark)
		add_member(to, "mark", log_marks[event->mark].sign);
	if (event->duration_us > 0)
		add_duration(to, event->duration_us);
	add_name(to, "message");
	output_text(to, "\"");
	to->room -= strlen(END);
	add_string(to, event->message);
	add_string(to, event->quoted ? event->quoted : "");
	to->room += strlen(END);
	to->cut = false;
	output_text(to, END);
}

void log_json(struct buf *to, const struct log_event *event)
{
	struct output output = {.buf = to};

	add_event(&output, event);
}

size_t log_json_fixed(char *to, size_t size, const struct log_event *event)
{
	struct output output = {.data = to, .room = size - 1};

	add_event(&output, event);
	to[output.size] = '\0';
	return output.size;
}
