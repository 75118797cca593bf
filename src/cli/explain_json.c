/* SPDX-License-Identifier: MIT */
/* The tables as JSON. */
#include "base/buf.h"
#include "base/json.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "step/kinds.h"

static void add_text(struct buf *ret, const char *name, const char *text)
{
	if (text)
		json_member(ret, name, text);
}

static void add_flag(struct buf *ret, const char *name, bool value)
{
	if (value)
		buf_printf(ret, ",\"%s\":true", name);
}

static void begin(struct buf *ret, const char *name)
{
	json_next(ret);
	buf_putc(ret, '{');
	json_member(ret, "name", name);
}

void explain_json_key(
	const struct topic *topic, const struct field *field, struct buf *ret)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	CLEANUP_BUF struct buf example = BUF_INIT;

	begin(ret, field->name);
	add_text(ret, "type", field_type_text(field, &room));
	add_flag(ret, "required", field->required);
	add_text(ret, "default", reference_default(topic, field, &room));
	if (field->type == FIELD_ENUM) {
		buf_puts(ret, ",\"choices\":[");
		for (size_t i = 0; field->choices[i]; i++)
			json_string(ret, field->choices[i]);
		buf_putc(ret, ']');
	}
	add_text(ret, "help", field->help);
	reference_example(topic, field, &example);
	add_text(ret, "example", example.data);
	buf_putc(ret, '}');
}

void explain_json_topic(const struct topic *topic, struct buf *ret)
{
	CLEANUP_BUF struct buf room = BUF_INIT;

	begin(ret, topic->name);
	add_text(ret, "header", reference_header(topic, &room));
	add_text(ret, "summary", topic->summary);
	if (topic->kind && !topic->kind->part_of)
		buf_printf(ret, ",\"order\":%d", topic->kind->order);
	add_text(ret, "example", topic->example);
	buf_puts(ret, ",\"keys\":[");
	for (const struct field *field = topic->fields; field && field->name; field++)
		explain_json_key(topic, field, ret);
	buf_puts(ret, "]}");
}

static void add_topics(struct buf *ret)
{
	struct topic topic;

	buf_puts(ret, ",\"sections\":[");
	for (size_t i = 0; reference_topic(i, &topic); i++)
		explain_json_topic(&topic, ret);
	buf_putc(ret, ']');
}

static void add_commands(const struct command *commands, struct buf *ret)
{
	buf_puts(ret, ",\"commands\":[");
	for (const struct command *command = commands; command->name; command++) {
		begin(ret, command->name);
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

		begin(ret, option->name);
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
		begin(ret, variable->name);
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
		json_next(ret);
		buf_printf(ret, "{\"code\":%d", exit->code);
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
