/* SPDX-License-Identifier: MIT */
/* Reads an attack from its file. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack.h"

struct reader {
	struct attack *attack;
	const char *path;
	int line;
	struct variant *variant; /* that lines are added to */
	char *config_end;        /* where the configuration grows */
	bool in_config;
};

_Noreturn void give_up(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "attack: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	exit(2);
}

static void add_line(struct reader *reader, struct lines *lines, char *text)
{
	if (lines->count == LINES_MAX)
		give_up("%s:%d: too many lines", reader->path, reader->line);
	lines->line[lines->count++] = text;
}

static void begin_variant(struct reader *reader, const char *name)
{
	struct attack *attack = reader->attack;

	if (attack->count == VARIANTS_MAX)
		give_up("%s:%d: too many variants", reader->path, reader->line);
	reader->variant = &attack->variants[attack->count++];
	*reader->variant = attack->common;
	reader->variant->name = name;
	reader->variant->starts.count = 0;
}

/* Words that stand alone. */
static bool take_flag(struct variant *variant, const char *line)
{
	if (strcmp(line, "refuse planted") == 0)
		variant->refuse_planted = true;
	else if (strcmp(line, "hands-over") == 0)
		variant->hands_over = true;
	else if (strcmp(line, "hard-links") == 0)
		variant->hard_links = true;
	else if (strcmp(line, "refused") == 0)
		variant->refused = true;
	else
		return false;
	return true;
}

/* The rest of a line behind its word; NULL where it begins with another. */
static char *behind(char *line, const char *word)
{
	size_t size = strlen(word);

	return strncmp(line, word, size) == 0 && line[size] == ' ' ? line + size + 1
								   : NULL;
}

static void take_line(struct reader *reader, char *line)
{
	static const char *const objects[] = {"dir", "file", "link", "copy"};
	struct variant *variant = reader->variant;
	char *rest;

	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
		if (behind(line, objects[i])) {
			add_line(reader, &variant->objects, line);
			return;
		}
	}
	if (take_flag(variant, line))
		return;
	if ((rest = behind(line, "variant")))
		begin_variant(reader, rest);
	else if ((rest = behind(line, "start")))
		add_line(reader, &variant->starts, rest);
	else if ((rest = behind(line, "attacker")))
		add_line(reader, &variant->attackers, rest);
	else if ((rest = behind(line, "environment")))
		add_line(reader, &reader->attack->environment, rest);
	else if ((rest = behind(line, "once")))
		add_line(reader, &reader->attack->once, rest);
	else if ((rest = behind(line, "prefix")))
		variant->prefix = rest;
	else if ((rest = behind(line, "private")))
		variant->private = rest;
	else if ((rest = behind(line, "warns")))
		variant->warns = rest;
	else
		give_up("%s:%d: '%s' is not understood", reader->path, reader->line,
			line);
}

/* The configuration is moved together where it stands, without its tabs. */
static void take_config(struct reader *reader, const char *line)
{
	size_t size = strlen(line);

	memmove(reader->config_end, line, size);
	reader->config_end[size] = '\n';
	reader->config_end += size + 1;
}

static void take(struct reader *reader, char *line)
{
	if (reader->in_config && (line[0] == '\t' || strncmp(line, "  ", 2) == 0)) {
		take_config(reader, line + (line[0] == '\t' ? 1 : 2));
		return;
	}
	if (reader->in_config && *line)
		reader->in_config = false;
	line += strspn(line, "\t ");
	if (line[0] == '#' && !reader->attack->about)
		reader->attack->about = line + 1 + strspn(line + 1, " ");
	if (line[0] == '#' || !line[0])
		return;
	if (strcmp(line, "config") != 0) {
		take_line(reader, line);
		return;
	}
	if (reader->attack->config)
		give_up("%s:%d: a second configuration", reader->path, reader->line);
	reader->in_config = true;
	reader->attack->config = line;
	reader->config_end = line;
}

static char *whole_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (!file || getdelim(&text, &room, '\0', file) < 0)
		give_up("cannot read '%s'", path);
	(void)fclose(file); /* opened for reading */
	return text;
}

/* A variant without starts has the common ones. */
static void finish(struct reader *reader)
{
	struct attack *attack = reader->attack;

	if (reader->config_end)
		*reader->config_end = '\0';
	if (attack->count == 0)
		give_up("%s: no variant", reader->path);
	for (size_t i = 0; i < attack->count; i++) {
		if (attack->variants[i].starts.count == 0)
			attack->variants[i].starts = attack->common.starts;
		if (attack->variants[i].starts.count == 0)
			give_up("%s: nothing is started", reader->path);
	}
}

void attack_read(struct attack *attack, const char *path)
{
	struct reader reader = {
		.attack = attack, .path = path, .variant = &attack->common};
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char *next;

	memset(attack, 0, sizeof *attack);
	(void)snprintf(attack->name, sizeof attack->name, "%.*s", (int)strcspn(name, "."),
		name); /* a longer name is cut in the table */
	attack->text = whole_file(path);
	for (char *line = attack->text; line; line = next) {
		reader.line++;
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		take(&reader, line);
	}
	finish(&reader);
}

void attack_free(struct attack *attack)
{
	free(attack->text);
}

/* A word with its "@", if it has one, put in. */
static char *put_word(
	struct words *words, char *to, const char *from, size_t size, const char *at)
{
	size_t room = (size_t)(words->text + sizeof words->text - to);
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		bool here = at && from[i] == '@' &&
			(i == 0 || from[i - 1] == ':' || from[i - 1] == '=');
		int length = here ? snprintf(to + used, room - used, "%s", at)
				  : snprintf(to + used, room - used, "%c", from[i]);

		if (length < 0 || (size_t)length >= room - used)
			give_up("a line is too long: %.40s", from);
		used += (size_t)length;
	}
	to[used] = '\0';
	words->word[words->count++] = to;
	return to + used + 1;
}

void words_cut(struct words *words, const char *line, size_t most, const char *at)
{
	char *to = words->text;

	words->count = 0;
	while (*(line += strspn(line, " "))) {
		bool last = words->count + 1 == most;
		size_t size = last ? strlen(line) : strcspn(line, " ");

		if (words->count == WORDS_MAX)
			give_up("too many words: %.40s", line);
		to = put_word(words, to, line, size, at);
		line += size;
	}
	words->word[words->count] = NULL;
}
