/* SPDX-License-Identifier: MIT */
/* The tables as items of a page. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/page.h"
#include "conf/escape.h"
#include "ledger/adopt_tools.h"
#include "migration/format.h"
#include "plan/log_member.h"
#include "plan/report_member.h"
#include "migration/markers.h"
#include "step/kinds.h"
#include "step/when.h"

/* An item whose term is a word of code. */
static void add_item(struct page *page, const char *code, const char *text)
{
	CLEANUP_BUF struct buf term = BUF_INIT;

	buf_printf(&term, "`%s`", code);
	page_item(page, term.data, text);
}

void explain_type(const struct topic *topic, const struct field *field, struct buf *ret)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *def = reference_default(topic, field, &room);
	CLEANUP_BUF struct buf type = BUF_INIT;

	buf_puts(ret, field_type_text(field, &type));
	if (field->max)
		buf_printf(ret, " from %lld to %lld", (long long)field->min,
			(long long)field->max);
	if (field->required)
		buf_puts(ret, ", required");
	if (def)
		buf_printf(ret, ", default %s", def);
}

void explain_keys(
	struct page *page, const struct topic *topic, const struct field *fields)
{
	for (const struct field *field = fields; field && field->name; field++) {
		CLEANUP_BUF struct buf term = BUF_INIT;

		if (field->group)
			page_heading(page, 2, field->group);
		buf_printf(&term, "`%s` (", field->name);
		explain_type(topic, field, &term);
		buf_putc(&term, ')');
		page_item(page, term.data, field->help);
	}
}

void explain_topics(struct page *page)
{
	struct topic topic;

	page_columns(page, strlen("migrations"));
	for (size_t i = 0; reference_topic(i, &topic); i++)
		add_item(page, topic.name, topic.summary);
}

void explain_commands(struct page *page, const struct command *commands)
{
	for (const struct command *command = commands; command->name; command++) {
		CLEANUP_BUF struct buf term = BUF_INIT;

		buf_printf(&term, "`%s`%s%s", command->name,
			*command->synopsis ? " " : "", command->synopsis);
		page_item(page, term.data, command->summary);
	}
}

void explain_options(struct page *page)
{
	for (const struct option *option = option_table; option->name; option++) {
		CLEANUP_BUF struct buf term = BUF_INIT;
		CLEANUP_BUF struct buf text = BUF_INIT;

		if (option->letter)
			buf_printf(&term, "`-%c`, ", option->letter);
		else if (page->width)
			buf_puts(&term, "    "); /* long names below each other */
		buf_printf(&term, "`--%s`%s%s", option->name, option->arg ? " " : "",
			option->arg ? option->arg : "");
		buf_puts(&text, option->help);
		if (option->env)
			buf_printf(&text, " [%s]", option->env);
		page_item(page, term.data, text.data);
	}
}

void explain_variables(struct page *page, bool set)
{
	for (const struct variable *variable = variables; variable->name; variable++)
		if (variable->set == set)
			add_item(page, variable->name, variable->meaning);
}

void explain_exit_codes(struct page *page)
{
	page_columns(page, strlen("128"));
	for (const struct exit_meaning *exit = exit_meanings; exit->meaning; exit++) {
		CLEANUP_BUF struct buf term = BUF_INIT;

		buf_printf(&term, "`%d`", exit->code);
		page_item(page, term.data, exit->meaning);
	}
}

void explain_orders(struct page *page)
{
	page_columns(page, strlen("directory"));
	for (const struct kind *const *kind = kinds; *kind; kind++) {
		char order[16];

		(void)snprintf(order, sizeof order, "%d", (*kind)->order); /* it fits */
		if (!(*kind)->part_of)
			add_item(page, (*kind)->name, order);
	}
}

void explain_conditions(struct page *page)
{
	const char *form;
	const char *help;

	for (size_t i = 0; (form = when_form(i, &help)); i++)
		add_item(page, form, help);
}

void explain_escapes(struct page *page)
{
	for (int i = 0; escape_names[i]; i++) {
		const char *const *endings = escape_endings(i);
		CLEANUP_BUF struct buf term = BUF_INIT;

		buf_printf(&term, "`%s`", escape_names[i]);
		for (size_t n = 0; endings[n]; n++)
			buf_printf(&term, "%s`%s`", n ? ", " : " (", endings[n]);
		buf_puts(&term, endings[0] ? ")" : "");
		page_item(page, term.data, escape_help(i));
	}
}

void explain_formats(struct page *page)
{
	static const char *const roles[] = {
		[FORMAT_UP] = "runs once",
		[FORMAT_DOWN] = "reverts another, and never runs",
		[FORMAT_REPEATABLE] = "runs again when it was changed",
	};
	const struct format *format;
	const char *tool;

	for (size_t i = 0; (format = format_at(i)); i++)
		add_item(page, format->pattern, roles[format->role]);
	for (size_t i = 0;; i++) {
		CLEANUP_BUF struct buf marker = BUF_INIT;
		CLEANUP_BUF struct buf text = BUF_INIT;

		if (!markers_tool(i, &tool, &marker))
			break;
		buf_printf(&text, "a marker of %s, in any of these files", tool);
		add_item(page, marker.data, text.data);
	}
}

void explain_ledgers(struct page *page)
{
	struct adopt_described tool;

	for (size_t i = 0; adopt_tool_describe(i, &tool); i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		buf_printf(&text, "table %s; %s%s; foreign keys are %s", tool.table,
			tool.verified ? "a file is verified by " : "it has no checksums",
			tool.verified ? tool.verified : "", tool.foreign_keys);
		page_item(page, tool.name, text.data);
	}
}

static void add_members(struct page *page, const char *of, const struct member *member)
{
	for (; member->name; member++) {
		CLEANUP_BUF struct buf name = BUF_INIT;
		CLEANUP_BUF struct buf term = BUF_INIT;

		buf_printf(&name, "%s%s", of, member->name);
		buf_printf(&term, "`%s` (%s", name.data, member_type_name(member->type));
		for (size_t i = 0; member->choices && member->choices[i]; i++)
			buf_printf(&term, "%s%s", i ? ", " : ": ", member->choices[i]);
		buf_putc(&term, ')');
		page_item(page, term.data, member->help);
		buf_putc(&name, '.');
		if (member->members)
			add_members(page, name.data, member->members);
	}
}

void explain_log(struct page *page)
{
	add_members(page, "", log_members);
}

void explain_report(struct page *page)
{
	add_members(page, "", report_members);
}
