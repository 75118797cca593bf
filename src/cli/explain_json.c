/* SPDX-License-Identifier: MIT */
/* The tables as JSON. */
#include "base/buf.h"
#include "base/json.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "step/kinds.h"

/* ,"name":"text", where there is a text. */
static void add_text(struct buf *ret, const char *name, const char *text)
{
	if (!text)
		return;
	buf_printf(ret, ",\"%s\":", name);
	json_string(ret, text);
}

static void add_flag(struct buf *ret, const char *name, bool value)
{
	if (value)
		buf_printf(ret, ",\"%s\":true", name);
}

static void add_choices(const char *const *choices, struct buf *ret)
{
	buf_puts(ret, ",\"choices\":[");
	for (size_t i = 0; choices[i]; i++) {
		if (i)
			buf_putc(ret, ',');
		json_string(ret, choices[i]);
	}
	buf_putc(ret, ']');
}

void explain_json_key(
	const struct topic *topic, const struct field *field, struct buf *ret)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	CLEANUP_BUF struct buf example = BUF_INIT;

	buf_puts(ret, "{\"name\":");
	json_string(ret, field->name);
	add_text(ret, "type", field_type_text(field, &room));
	add_flag(ret, "required", field->required);
	add_text(ret, "default", reference_default(topic, field, &room));
	if (field->type == FIELD_ENUM)
		add_choices(field->choices, ret);
	add_text(ret, "help", field->help);
	reference_example(topic, field, &example);
	add_text(ret, "example", example.data);
	buf_putc(ret, '}');
}

void explain_json_topic(const struct topic *topic, struct buf *ret)
{
	CLEANUP_BUF struct buf room = BUF_INIT;

	buf_puts(ret, "{\"name\":");
	json_string(ret, topic->name);
	add_text(ret, "header", reference_header(topic, &room));
	add_text(ret, "summary", topic->summary);
	if (topic->kind && !topic->kind->part)
		buf_printf(ret, ",\"order\":%d", topic->kind->order);
	add_text(ret, "example", topic->example);
	buf_puts(ret, ",\"keys\":[");
	for (const struct field *field = topic->fields; field && field->name; field++) {
		if (field != topic->fields)
			buf_putc(ret, ',');
		explain_json_key(topic, field, ret);
	}
	buf_puts(ret, "]}");
}

static void add_topics(struct buf *ret)
{
	struct topic topic;

	buf_puts(ret, ",\"sections\":[");
	for (size_t i = 0; reference_topic(i, &topic); i++) {
		if (i)
			buf_putc(ret, ',');
		explain_json_topic(&topic, ret);
	}
	buf_putc(ret, ']');
}

static void add_commands(const struct command *commands, struct buf *ret)
{
	buf_puts(ret, ",\"commands\":[");
	for (const struct command *command = commands; command->name; command++) {
		buf_puts(ret, command == commands ? "{\"name\":" : ",{\"name\":");
		json_string(ret, command->name);
		add_text(ret, "synopsis", command->synopsis);
		add_text(ret, "summary", command->summary);
		buf_putc(ret, '}');
	}
	buf_putc(ret, ']');
}

static void add_options(struct buf *ret)
{
	buf_puts(ret, ",\"options\":[");
	for (const struct option *option = option_table; option->name; option++) {
		char letter[] = {option->letter, '\0'};

		buf_puts(ret, option == option_table ? "{\"name\":" : ",{\"name\":");
		json_string(ret, option->name);
		add_text(ret, "letter", option->letter ? letter : NULL);
		add_text(ret, "argument", option->arg);
		add_text(ret, "variable", option->env);
		add_text(ret, "help", option->help);
		buf_putc(ret, '}');
	}
	buf_putc(ret, ']');
}

static void add_variables(struct buf *ret)
{
	buf_puts(ret, ",\"variables\":[");
	for (const struct variable *variable = variables; variable->name; variable++) {
		buf_puts(ret, variable == variables ? "{\"name\":" : ",{\"name\":");
		json_string(ret, variable->name);
		add_flag(ret, "set", variable->set);
		add_text(ret, "meaning", variable->meaning);
		buf_putc(ret, '}');
	}
	buf_putc(ret, ']');
}

static void add_exit_codes(struct buf *ret)
{
	buf_puts(ret, ",\"exit_codes\":[");
	for (const struct exit_meaning *exit = exit_meanings; exit->meaning; exit++) {
		buf_printf(ret, "%s{\"code\":%d", exit == exit_meanings ? "" : ",",
			exit->code);
		add_text(ret, "meaning", exit->meaning);
		buf_putc(ret, '}');
	}
	buf_putc(ret, ']');
}

void explain_json_all(const struct command *commands, struct buf *ret)
{
	buf_puts(ret, "{\"version\":1,\"groundwork\":\"" VERSION "\"");
	add_topics(ret);
	add_commands(commands, ret);
	add_options(ret);
	add_variables(ret);
	add_exit_codes(ret);
	buf_putc(ret, '}');
}
