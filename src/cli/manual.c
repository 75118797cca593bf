/* SPDX-License-Identifier: MIT */
/* Manual pages: prose in a little Markdown, and the tables that it asks for. */
#include "cli/manual.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cli/explain.h"
#include "cli/page.h"
#include "cli/page_filter.h"

const struct manual manuals[] = {
	{{"groundwork", 1, "groundwork",
		 "make what an application needs, then become it"},
		manual_groundwork_text},
	{{"groundwork.ini", 5, "groundwork.ini",
		 "what groundwork makes, and what it starts"},
		manual_groundwork_ini_text},
	{.text = NULL},
};

const struct manual *manual_find(const char *name)
{
	for (const struct manual *manual = manuals; manual->text; manual++) {
		size_t size = strlen(manual->title.name);
		const char section[] = {'.', (char)('0' + manual->title.section), '\0'};

		if (str_starts(name, manual->title.name) &&
			(!name[size] || str_equal(name + size, section)))
			return manual;
	}
	return NULL;
}

/* ---- tables ---- */

static bool print_keys(struct page *page, const char *name)
{
	struct topic topic;
	bool found = reference_find(name, &topic);

	if (found)
		explain_keys(page, &topic, topic.fields);
	return found;
}

static bool print_example(struct page *page, const char *name)
{
	struct topic topic;
	bool found = reference_find(name, &topic);

	if (found)
		page_code(page, topic.example);
	return found;
}

static bool print_variables(struct page *page, const char *which)
{
	explain_variables(page, str_equal(which, "set"));
	return true;
}

/* What may stand behind an "@": "options", "keys app". One function of each. */
static const struct {
	const char *name;
	void (*print)(struct page *page);
	bool (*print_of)(struct page *page, const char *argument);
	void (*print_commands)(struct page *page, const struct command *commands);
} tables[] = {
	{"commands", .print_commands = explain_commands},
	{"conditions", .print = explain_conditions},
	{"escapes", .print = explain_escapes},
	{"example", .print_of = print_example},
	{"exit-codes", .print = explain_exit_codes},
	{"formats", .print = explain_formats},
	{"keys", .print_of = print_keys},
	{"ledgers", .print = explain_ledgers},
	{"log", .print = explain_log},
	{"options", .print = explain_options},
	{"orders", .print = explain_orders},
	{"report", .print = explain_report},
	{"variables", .print_of = print_variables},
};

/* Returns whether there is such a table. */
static bool print_table(
	struct page *page, const struct command *commands, const char *line)
{
	size_t size = strcspn(line, " ");
	const char *argument = line + size + (line[size] == ' ');

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		if (strlen(tables[i].name) != size || !str_starts(line, tables[i].name))
			continue;
		if (tables[i].print_of)
			return tables[i].print_of(page, argument);
		if (tables[i].print)
			tables[i].print(page);
		else
			tables[i].print_commands(page, commands);
		return true;
	}
	return false;
}

/* ---- prose ---- */

/* What the lines since the last blank one are. */
enum block { BLOCK_NONE, BLOCK_TEXT, BLOCK_ITEM, BLOCK_CODE };

struct writer {
	struct page *page;
	const struct command *commands;
	enum block block;
	struct buf text;
};

/* "TERM: text", the first ": " that is not in code; "1. text". */
static void print_item(struct writer *writer)
{
	char *text = writer->text.data;
	bool in_code = false;
	size_t end = 0;

	if (str_is_digit(*text)) {
		end = strcspn(text, " ");
	} else {
		for (; text[end] && (in_code || !str_starts(text + end, ": ")); end++)
			in_code ^= text[end] == '`';
		if (text[end])
			text[end++] = '\0';
	}
	if (text[end])
		text[end++] = '\0';
	page_item(writer->page, text, text + end);
}

static void end_block(struct writer *writer)
{
	if (writer->block == BLOCK_TEXT)
		page_text(writer->page, writer->text.data);
	else if (writer->block == BLOCK_ITEM)
		print_item(writer);
	else if (writer->block == BLOCK_CODE)
		page_code(writer->page, writer->text.data);
	buf_truncate(&writer->text, 0);
	writer->block = BLOCK_NONE;
}

static void add_line(struct writer *writer, enum block block, const char *line)
{
	if (writer->block == BLOCK_NONE)
		writer->block = block;
	if (writer->block == BLOCK_CODE)
		buf_printf(&writer->text, "%s\n", line);
	else
		buf_printf(&writer->text, "%s%s", writer->text.len ? " " : "",
			line + strspn(line, " "));
}

/* "- TERM: text", "1. text" */
static size_t item_marker(const char *line)
{
	size_t digits = strspn(line, "0123456789");

	if (str_starts(line, "- "))
		return 2;
	return digits && str_starts(line + digits, ". ") ? digits : 0;
}

static void take_line(struct writer *writer, const char *line)
{
	if (str_starts(line, "```")) {
		bool ends = writer->block == BLOCK_CODE;

		end_block(writer);
		writer->block = ends ? BLOCK_NONE : BLOCK_CODE;
	} else if (writer->block == BLOCK_CODE) {
		add_line(writer, BLOCK_CODE, line);
	} else if (!*line) {
		end_block(writer);
	} else if (*line == '@') {
		if (!print_table(writer->page, writer->commands, line + 1))
			page_text(writer->page, line); /* a test finds it */
	} else if (str_starts(line, "## ")) {
		page_heading(writer->page, 2, line + 3);
	} else if (str_starts(line, "# ")) {
		page_heading(writer->page, 1, line + 2);
	} else if (item_marker(line)) {
		end_block(writer);
		add_line(writer, BLOCK_ITEM, line + (*line == '-' ? 2 : 0));
	} else {
		add_line(writer, BLOCK_TEXT, line);
	}
}

static void print_prose(
	struct page *page, const struct manual *manual, const struct command *commands)
{
	CLEANUP_BUF struct buf line = BUF_INIT;
	const char *at = manual->text;
	const char *begin;
	struct writer writer = {.page = page, .commands = commands, .text = BUF_INIT};
	size_t size;

	while (page_next_line(&at, &begin, &size)) {
		buf_truncate(&line, 0);
		buf_add(&line, begin, size);
		take_line(&writer, line.data);
	}
	end_block(&writer);
	buf_release(&writer.text);
}

void manual_print(const struct manual *manual, const struct command *commands,
	const struct page_format *format, struct buf *ret)
{
	struct page page;

	page_begin(&page, format, ret, &manual->title);
	print_prose(&page, manual, commands);
	page_end(&page);
}

static bool print_about(const char *word, const char *lead, bool strict,
	const struct command *commands, const struct page_format *format, struct buf *ret)
{
	CLEANUP_FILTER struct page_filter filter = {
		.word = word, .strict = strict, .headings = {BUF_INIT, BUF_INIT}};
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct page_title title = manual_find("groundwork.ini")->title;
	struct page page;

	title.name = word;
	title.summary = "where the manuals speak of it";
	page_begin(&page, format, &text, &title);
	if (*lead)
		page_text(&page, lead);
	page.filter = &filter;
	for (const struct manual *manual = manuals; manual->text; manual++)
		print_prose(&page, manual, commands);
	page_end(&page);
	if (filter.found)
		buf_add(ret, text.data, text.len);
	return filter.found;
}

bool manual_print_about(const char *word, const char *lead,
	const struct command *commands, const struct page_format *format, struct buf *ret)
{
	return print_about(word, lead, true, commands, format, ret) ||
		print_about(word, lead, false, commands, format, ret);
}
