/* SPDX-License-Identifier: MIT */
/* Printing plans. */
#include "plan/print.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "plan/mark.h"

static size_t count(const struct run *run, enum forecast forecast)
{
	size_t n = 0;

	for (size_t i = 0; i < run->count; i++)
		n += run->results[i].forecast == forecast;
	return n;
}

/* A step that only waits changes nothing, whether it is over at once or not. */
size_t print_changes(const struct run *run)
{
	size_t n = count(run, FORECAST_CHANGE);

	for (size_t i = 0; i < run->count; i++) {
		const struct node *node = run->results[i].node;

		n += run->results[i].forecast == FORECAST_UNKNOWN &&
			!node->step->kind->waits && !node->awaited;
	}
	return n;
}

/* What would change in texts: the lines that go and come, in colors of their own. */
static void print_lines(const char *lines, bool color, struct buf *ret)
{
	size_t size;

	for (; *lines; lines += size + (lines[size] == '\n')) {
		bool change = *lines == '+' || *lines == '-';

		size = strcspn(lines, "\n");
		buf_puts(ret, "    ");
		if (color && change)
			buf_puts(ret, *lines == '+' ? "\033[32m" : "\033[31m");
		log_show(ret, lines, size, 0);
		buf_puts(ret, color && change ? "\033[0m\n" : "\n");
	}
}

/* How lines are printed: with colors, within so many columns, ids of that width. */
struct form {
	bool color;
	int columns, width;
};

static void print_line(const struct form *form, enum log_mark mark, const char *id,
	const char *message, struct buf *ret)
{
	size_t begin = ret->len;

	buf_printf(ret, "%s%s %-*s  ", form->color ? log_marks[mark].color : "",
		log_marks[mark].sign, form->width, id);
	/* Messages may hold any text: no control character reaches a terminal. */
	log_show(ret, message, strlen(message), form->width + 4);
	log_wrap(ret, begin, form->columns, form->width + 4);
	buf_puts(ret, form->color ? "\033[0m\n" : "\n");
}

void print_forecast(const struct run *run, bool color, int columns, struct buf *ret)
{
	const int least = run->wait.services ? (int)strlen("--wait") : 0;
	const struct form form = {
		color, columns, run->width > least ? run->width : least};
	const struct result wait = {.forecast = run->wait.forecast};

	if (run->wait.services)
		print_line(&form, mark_forecast(&wait), "--wait", run->wait.message, ret);
	for (size_t i = 0; i < run->count; i++) {
		const struct result *result = &run->results[i];

		print_line(&form, mark_forecast(result), result->node->step->id,
			result->message, ret);
		if (result->lines)
			print_lines(result->lines, color, ret);
	}
	buf_printf(ret, "%zu step%s: ", run->count, run->count == 1 ? "" : "s");
	mark_summary(run, true, ret);
	buf_putc(ret, '\n');
}

void print_services_json(const struct services *services, struct buf *ret)
{
	for (size_t i = 0; i < services->count; i++)
		json_string(ret, services->list[i]->shown);
}

void print_requires_json(const struct node *node, struct buf *ret)
{
	buf_puts(ret, ",\"requires\":[");
	for (size_t i = 0; i < node->requires_count; i++)
		json_string(ret, node->requires[i] -> step -> id);
	print_services_json(&node->services, ret);
	buf_putc(ret, ']');
}

void print_warnings_json(const struct result *result, struct buf *ret)
{
	buf_puts(ret, ",\"warnings\":[");
	for (size_t i = 0; i < result->warnings_count; i++)
		json_string(ret, result->warnings[i]);
	buf_putc(ret, ']');
}

void print_description_json(const struct step *step, struct buf *ret)
{
	if (*step_description(step))
		json_member(ret, "description", step_description(step));
}

void print_node_json(const struct node *node, struct buf *ret)
{
	json_next(ret);
	buf_putc(ret, '{');
	json_member(ret, "id", node->step->id);
	json_member(ret, "kind", node->step->kind->name);
	print_description_json(node->step, ret);
	buf_printf(ret, ",\"order\":%lld", (long long)node->step->keys.order);
	print_requires_json(node, ret);
}

void print_forecast_json(const struct run *run, struct buf *ret)
{
	buf_printf(ret, "{\"version\":1,\"changes\":%zu,\"errors\":%zu",
		print_changes(run), count(run, FORECAST_ERROR));
	if (run->wait.services) {
		buf_puts(ret, ",\"wait\":{\"services\":[");
		print_services_json(run->wait.services, ret);
		buf_putc(ret, ']');
		json_member(ret, "forecast", forecast_names[run->wait.forecast]);
		json_member(ret, "message", run->wait.message);
		buf_putc(ret, '}');
	}
	buf_puts(ret, ",\"steps\":[");
	for (size_t i = 0; i < run->count; i++) {
		const struct result *result = &run->results[i];

		print_node_json(result->node, ret);
		json_member(ret, "forecast", forecast_names[result->forecast]);
		if (result->forecast == FORECAST_CHANGE)
			json_member(ret, "mark", log_marks[mark_forecast(result)].sign);
		json_member(ret, "message", result->message);
		if (result->lines)
			json_member(ret, "diff", result->lines);
		print_warnings_json(result, ret);
		buf_putc(ret, '}');
	}
	buf_puts(ret, "]}\n");
}
