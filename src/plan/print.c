/* SPDX-License-Identifier: MIT */
/* Printing plans. */
#include "plan/print.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/secrets.h"
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

void print_place_json(const struct place *at, struct buf *ret)
{
	if (!at->file)
		return;
	json_member(ret, "file", at->file);
	if (at->line)
		buf_printf(ret, ",\"line\":%d", at->line);
}

void print_error_json(const struct place *at, const char *text,
	const struct secrets *secrets, struct buf *ret)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;

	buf_puts(&clean, text);
	secrets_redact(secrets, &clean, 0);
	json_next(ret);
	buf_putc(ret, '{');
	print_place_json(at, ret);
	json_member(ret, "message", clean.data);
	buf_putc(ret, '}');
}

void print_wrong_json(const struct print_wrong *wrong, struct buf *ret)
{
	static const struct place nowhere;
	const struct problems *problems = wrong->problems;

	for (size_t i = 0; problems && i < problems->count; i++)
		print_error_json(&problems->list[i].at, problems->list[i].text,
			wrong->secrets, ret);
	if (wrong->failure)
		print_error_json(&nowhere, wrong->failure, wrong->secrets, ret);
}

void print_problems_json(const struct print_wrong *wrong, struct buf *ret)
{
	if (!wrong->failure && !wrong->problems->count)
		return;
	buf_puts(ret, ",\"problems\":[");
	print_wrong_json(wrong, ret);
	buf_putc(ret, ']');
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
		json_string(ret, node->requires[i]->step->id);
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

/* Steps that would fail, or, without any, what is wrong for itself. */
static size_t errors(const struct run *run, const struct print_wrong *wrong)
{
	size_t failing = count(run, FORECAST_ERROR);

	return failing ? failing
		       : problems_total(wrong->problems) + (wrong->failure != NULL);
}

void print_forecast_json(
	const struct run *run, const struct print_wrong *wrong, struct buf *ret)
{
	buf_printf(ret, "{\"version\":1,\"changes\":%zu,\"errors\":%zu",
		print_changes(run), errors(run, wrong));
	print_problems_json(wrong, ret);
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
