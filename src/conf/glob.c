/* SPDX-License-Identifier: MIT */
/* Globs as machines that read a text once. */
#include "conf/glob.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

/* One character of a glob, or what stands for any. */
struct element {
	enum { CHARACTER, ONE, MANY, SET } type;
	const char *text; /* the character; or of a set, what is in its brackets */
	size_t size;
};

struct machine {
	struct element elements[GLOB_MAX];
	size_t count;
	bool at[GLOB_MAX + 1]; /* in front of which elements it is */
};

/* The size of the character at `text`, whose bytes may be anything. */
static size_t character(const char *text, const char *end)
{
	size_t size = 1;

	while (text + size < end && (text[size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* The same of the one in front of `end`. */
static size_t character_before(const char *text, const char *end)
{
	size_t size = 1;

	while (end - size > text && (end[-(ptrdiff_t)size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* ---- sets ---- */

static const struct {
	const char *name;
	const char *ranges; /* pairs */
} classes[] = {
	{"[:alnum:]", "09AZaz"},
	{"[:alpha:]", "AZaz"},
	{"[:blank:]", "  \t\t"},
	{"[:cntrl:]", "\1\37\177\177"},
	{"[:digit:]", "09"},
	{"[:graph:]", "!~"},
	{"[:lower:]", "az"},
	{"[:print:]", " ~"},
	{"[:punct:]", "!/:@[`{~"},
	{"[:space:]", "  \t\r"},
	{"[:upper:]", "AZ"},
	{"[:xdigit:]", "09AFaf"},
};

static bool in_ranges(const char *ranges, char c)
{
	for (; *ranges; ranges += 2)
		if (c >= ranges[0] && c <= ranges[1])
			return true;
	return false;
}

/* The size of the class at `text`, or 0; whether the character is in it. */
static size_t match_class(const char *text, const char *c, size_t size, bool *ret)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (str_starts(text, classes[i].name)) {
			*ret = size == 1 && in_ranges(classes[i].ranges, *c);
			return strlen(classes[i].name);
		}
	return 0;
}

/* UTF-8 sorts as its characters do. */
static int compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
	int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

	return order ? order : (a_size > b_size) - (a_size < b_size);
}

struct member {
	const char *text;
	size_t size;
};

static struct member take_member(const char **at, const char *end)
{
	struct member member;

	*at += **at == '\\' && *at + 1 < end;
	member = (struct member){*at, character(*at, end)};
	*at += member.size;
	return member;
}

static bool in_set(const struct element *set, const char *c, size_t size)
{
	const char *at = set->text, *end = set->text + set->size;
	bool negated = *at == '!' || *at == '^';
	bool in = false;

	for (at += negated; at < end && !in;) {
		size_t class = match_class(at, c, size, &in);
		struct member first, last;

		if (class) {
			at += class;
			continue;
		}
		first = last = take_member(&at, end);
		if (*at == '-' && at + 1 < end) {
			at++;
			last = take_member(&at, end);
		}
		in = compare(c, size, first.text, first.size) >= 0 &&
			compare(c, size, last.text, last.size) <= 0;
	}
	return in != negated;
}

/* Where the "]" of the "[" at `glob` is, or NULL: then that is a character. */
static const char *end_of_set(const char *glob)
{
	const char *at = glob + 1;

	at += *at == '!' || *at == '^';
	at += *at == ']';
	while (*at && *at != ']') {
		const char *class = str_starts(at, "[:") ? strstr(at, ":]") : NULL;

		at = class ? class + 1 : at + (*at == '\\' && at[1]);
		at++;
	}
	return *at ? at : NULL;
}

/* ---- the machine ---- */

static struct element take_element(const char **glob)
{
	const char *at = *glob, *end = at + strlen(at);
	const char *closing = *at == '[' ? end_of_set(at) : NULL;

	if (closing) {
		*glob = closing + 1;
		return (struct element){SET, at + 1, (size_t)(closing - at) - 1};
	}
	if (*at == '*' || *at == '?') {
		++*glob;
		return (struct element){*at == '*' ? MANY : ONE, at, 1};
	}
	at += *at == '\\' && at[1];
	*glob = at + character(at, end);
	return (struct element){CHARACTER, at, (size_t)(*glob - at)};
}

static int build(struct machine *machine, const char *glob, bool back, struct err *err)
{
	struct element *elements = machine->elements;

	while (*glob) {
		if (machine->count == GLOB_MAX)
			return err_config(
				err, "a glob has more than %d characters", GLOB_MAX);
		elements[machine->count++] = take_element(&glob);
	}
	for (size_t i = 0; back && i < machine->count / 2; i++) {
		struct element first = elements[i];

		elements[i] = elements[machine->count - 1 - i];
		elements[machine->count - 1 - i] = first;
	}
	return 0;
}

/* What may match nothing is passed. */
static void pass_many(struct machine *machine)
{
	for (size_t i = 0; i < machine->count; i++)
		if (machine->at[i] && machine->elements[i].type == MANY)
			machine->at[i + 1] = true;
}

static bool accepts(const struct element *element, const char *c, size_t size)
{
	switch (element->type) {
	case CHARACTER:
		return element->size == size && memcmp(element->text, c, size) == 0;
	case SET:
		return in_set(element, c, size);
	default:
		return true;
	}
}

/* Reads a character. Returns whether it can read on. */
static bool step(struct machine *machine, const char *c, size_t size)
{
	bool on = false;

	machine->at[machine->count] = false;
	for (size_t i = machine->count; i-- > 0;) {
		const struct element *element = &machine->elements[i];
		bool taken = machine->at[i] && accepts(element, c, size);

		if (element->type == MANY) {
			on |= machine->at[i];
			continue;
		}
		machine->at[i] = false;
		machine->at[i + 1] |= taken;
		on |= taken;
	}
	pass_many(machine);
	return on;
}

int glob_match(const char *glob, const char *text, bool back, bool longest,
	size_t *ret_size, struct err *err)
{
	struct machine machine = {.count = 0};
	const char *end = text + strlen(text);
	size_t length = (size_t)(end - text), done = 0, matched = 0;
	bool on = true;

	if (build(&machine, glob, back, err) < 0)
		return -1;
	machine.at[0] = true;
	pass_many(&machine);
	while (on && done < length && (longest || !machine.at[machine.count])) {
		const char *c = back ? end - done : text + done;
		size_t size = back ? character_before(text, c) : character(c, end);

		on = step(&machine, back ? c - size : c, size);
		done += size;
		if (machine.at[machine.count])
			matched = done;
	}
	*ret_size = matched;
	return 0;
}
