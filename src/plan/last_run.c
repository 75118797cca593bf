/* SPDX-License-Identifier: MIT */
/* Reading a report. */
#include "plan/last_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/table.h"
#include "plan/mark.h"

const char *const last_end_names[] = {
	[LAST_SUCCESS] = "success",
	[LAST_ERROR] = "error",
	[LAST_RUNNING] = "running",
	[LAST_CRASHED] = "crashed",
	[LAST_NONE] = "none",
};

const struct last_step_end last_step_ends[LAST_STEP_ENDS] = {
	{"success", false, LOG_MARK_MADE, "made"},
	{"success", false, LOG_MARK_CHANGED, "changed"},
	{"success", false, LOG_MARK_REMOVED, "removed"},
	{"skipped", false, LOG_MARK_IN_PLACE, "in-place"},
	{"skipped", false, LOG_MARK_KEPT, "kept"},
	{"skipped", true, LOG_MARK_LEFT_OUT, "left-out"},
	{"error", false, LOG_MARK_FAILED, "failed"},
	{"not-run", false, LOG_MARK_LEFT_OUT, "not-run"},
};

const char *last_step_word(const struct last_step_end *end)
{
	return end == &last_step_ends[LAST_STEP_ENDS - 1] ? MARK_NOT_RUN
							  : log_marks[end->mark].word;
}

const struct last_step_end *last_step_end(const struct last_step *step)
{
	const struct last_step_end *first = NULL;

	for (size_t i = 0; i < LAST_STEP_ENDS; i++) {
		const struct last_step_end *end = &last_step_ends[i];

		if (!str_equal(end->status, step->status) ||
			end->left_out != step->left_out)
			continue;
		if (str_equal(last_step_word(end), step->result))
			return end;
		first = first ? first : end;
	}
	return first;
}

/* ---- members ---- */

struct reading {
	const struct json *json;
	struct arena *arena;
	struct table ids; /* of steps: to their numbers */
};

static const char *text_at(const struct reading *reading, size_t token)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (!token || reading->json->tokens[token].type != JSON_STRING)
		return "";
	json_decode(reading->json, token, &text);
	return arena_strdup(reading->arena, text.data);
}

static const char *text_of(const struct reading *reading, size_t object, const char *name)
{
	return text_at(reading, json_find(reading->json, object, name));
}

static size_t array_of(const struct reading *reading, size_t object, const char *name)
{
	size_t token = json_find(reading->json, object, name);

	return token && reading->json->tokens[token].type == JSON_ARRAY ? token : 0;
}

/* The first item, and the next one; 0: there is none. */
static size_t first_of(const struct json *json, size_t array)
{
	return array && array + 1 < json->tokens[array].next ? array + 1 : 0;
}

static size_t next_of(const struct json *json, size_t array, size_t item)
{
	size_t next = json->tokens[item].next;

	return next < json->tokens[array].next ? next : 0;
}

static double number_of(const struct reading *reading, size_t object, const char *name)
{
	const struct json *json = reading->json;
	size_t token = json_find(json, object, name);

	if (!token || json->tokens[token].type != JSON_NUMBER)
		return 0;
	return strtod(json->text + json->tokens[token].start, NULL); /* it ends before */
}

/* Numbers that no double holds are no times of ours. */
static int64_t integer_of(const struct reading *reading, size_t object, const char *name)
{
	double number = number_of(reading, object, name);

	return number > -1e15 && number < 1e15 ? (int64_t)number : 0;
}

static int64_t us_of(const struct reading *reading, size_t object, const char *name)
{
	double us = number_of(reading, object, name) * 1000;

	return us >= 0 && us < 1e15 ? (int64_t)us : 0;
}

static bool is_true(const struct reading *reading, size_t object, const char *name)
{
	size_t token = json_find(reading->json, object, name);

	return token && reading->json->tokens[token].type == JSON_TRUE;
}

/* ---- steps ---- */

static void read_waits(
	const struct reading *reading, size_t object, struct last_step *ret)
{
	const struct json *json = reading->json;
	size_t array = array_of(reading, object, "waits");

	for (size_t i = first_of(json, array); i; i = next_of(json, array, i)) {
		const char *name = text_of(reading, i, "for");
		size_t n = 0;

		while (waited_for_names[n] && !str_equal(waited_for_names[n], name))
			n++;
		if (!waited_for_names[n])
			continue;
		ret->waits = arena_array_grow(
			reading->arena, ret->waits, ret->waits_count, sizeof *ret->waits);
		ret->waits[ret->waits_count++] = (struct wait){
			.waited_for = (enum waited_for)n,
			.started_us = us_of(reading, i, "started_ms"),
			.duration_us = us_of(reading, i, "duration_ms"),
		};
	}
}

static void read_requires(
	const struct reading *reading, size_t object, struct last_step *ret)
{
	const struct json *json = reading->json;
	size_t array = array_of(reading, object, "requires");
	CLEANUP_BUF struct buf services = BUF_INIT;

	for (size_t i = first_of(json, array); i; i = next_of(json, array, i)) {
		const char *id = text_at(reading, i);
		const size_t *number = table_get(&reading->ids, id, strlen(id));

		if (!number) {
			buf_separate(&services, ", ");
			buf_puts(&services, id);
			continue;
		}
		ret->requires = arena_array_grow(reading->arena, ret->requires,
			ret->requires_count, sizeof *ret->requires);
		ret->requires[ret->requires_count++] = *number;
	}
	if (services.len)
		ret->services = arena_memdup(reading->arena, services.data, services.len);
}

static void read_step(const struct reading *reading, size_t object, struct last_step *ret)
{
	*ret = (struct last_step){
		.id = text_of(reading, object, "id"),
		.description = text_of(reading, object, "description"),
		.status = text_of(reading, object, "status"),
		.result = text_of(reading, object, "result"),
		.services = "",
		.message = text_of(reading, object, "message"),
		.left_out = is_true(reading, object, "left_out"),
		.started_us = us_of(reading, object, "started_ms"),
		.duration_us = us_of(reading, object, "duration_ms"),
	};
	read_waits(reading, object, ret);
}

static struct last_step *add_step(const struct reading *reading, struct last_run *ret)
{
	ret->steps = arena_array_grow(
		reading->arena, ret->steps, ret->count, sizeof *ret->steps);
	return &ret->steps[ret->count++];
}

/* Waiting for services, once it is over, is shown as a step that makes nothing. */
static void read_wait(const struct reading *reading, struct last_run *ret)
{
	const struct json *json = reading->json;
	size_t wait = json_find(json, 0, "wait");
	size_t array = wait ? array_of(reading, wait, "services") : 0;
	CLEANUP_BUF struct buf services = BUF_INIT;
	struct last_step *step;

	for (size_t i = first_of(json, array); i; i = next_of(json, array, i)) {
		buf_separate(&services, ", ");
		buf_puts(&services, text_at(reading, i));
	}
	if (!wait || !*text_of(reading, wait, "status")) {
		ret->waits_for =
			arena_memdup(reading->arena, services.data, services.len);
		return;
	}
	step = add_step(reading, ret);
	read_step(reading, wait, step);
	step->id = "--wait";
	if (str_equal(step->status, status_names[STATUS_SUCCESS]))
		step->status = status_names[STATUS_SKIPPED];
	step->waits_count = 1;
	step->waits = arena_alloc(reading->arena, sizeof *step->waits);
	*step->waits = (struct wait){
		.waited_for = WAITED_FOR_SERVICES, .duration_us = step->duration_us};
}

static void read_steps(struct reading *reading, struct last_run *ret)
{
	const struct json *json = reading->json;
	size_t array = array_of(reading, 0, "steps");
	size_t n = ret->count;

	for (size_t i = first_of(json, array); i; i = next_of(json, array, i)) {
		size_t *number = arena_alloc(reading->arena, sizeof *number);
		struct last_step *step;

		*number = ret->count;
		step = add_step(reading, ret);
		read_step(reading, i, step);
		table_put(&reading->ids, step->id, strlen(step->id), number);
	}
	for (size_t i = first_of(json, array); i; i = next_of(json, array, i))
		read_requires(reading, i, &ret->steps[n++]);
}

/* ---- the run ---- */

static void read_boot(const struct reading *reading, struct last_run *ret)
{
	size_t boot = json_find(reading->json, 0, "boot");

	ret->pid = (pid_t)integer_of(reading, 0, "pid");
	ret->pid_start = integer_of(reading, 0, "pid_start");
	(void)snprintf(ret->boot.host, sizeof ret->boot.host, "%s", /* a name fits */
		text_of(reading, 0, "host"));
	if (!boot)
		return;
	(void)snprintf(ret->boot.id, sizeof ret->boot.id, "%s", /* an id fits */
		text_of(reading, boot, "id"));
	ret->boot.pid_namespace = (uint64_t)integer_of(reading, boot, "pid_namespace");
	ret->boot.init_start = integer_of(reading, boot, "init_start");
}

static const char *first_error(const struct reading *reading)
{
	size_t first = first_of(reading->json, array_of(reading, 0, "errors"));
	struct place at = {0};

	if (!first)
		return "";
	at.file = text_of(reading, first, "file");
	at.line = (int)integer_of(reading, first, "line"); /* 0: it has none */
	if (!*at.file)
		at.file = NULL;
	return place_text(reading->arena, &at, text_of(reading, first, "message"));
}

int last_run_read(const struct json *json, struct arena *arena, struct last_run *ret,
	struct err *err)
{
	struct reading reading = {.json = json, .arena = arena, .ids = {.arena = arena}};
	int64_t version;

	if (json->tokens[0].type != JSON_OBJECT)
		return err_fail(err, "it is no report: no object");
	version = integer_of(&reading, 0, "version");
	if (version == 0)
		return err_fail(err, "it is no report: it has no version");
	if (version != 1)
		return err_fail(err,
			"it is a report of version %lld, and this program reads 1",
			(long long)version);
	*ret = (struct last_run){
		.status = text_of(&reading, 0, "status"),
		.started = text_of(&reading, 0, "started"),
		.step = text_of(&reading, 0, "step"),
		.started_s = clock_parse(text_of(&reading, 0, "started")),
		.step_started_s = clock_parse(text_of(&reading, 0, "step_started")),
		.duration_us = us_of(&reading, 0, "duration_ms"),
		.waits_for = "",
		.error = first_error(&reading),
		.total = integer_of(&reading, 0, "total"),
		.failed = integer_of(&reading, 0, "failed"),
		.not_run = integer_of(&reading, 0, "not_run"),
	};
	read_boot(&reading, ret);
	read_wait(&reading, ret);
	read_steps(&reading, ret);
	for (enum last_end end = LAST_SUCCESS; end <= LAST_RUNNING; end++)
		if (str_equal(ret->status, last_end_names[end]))
			return 0;
	return err_fail(err, "it is no report: its status is '%s'", ret->status);
}

enum last_end last_run_end(const struct last_run *run, const struct boot *here)
{
	if (!boot_is(&run->boot, here))
		return LAST_NONE;
	if (str_equal(run->status, last_end_names[LAST_SUCCESS]))
		return LAST_SUCCESS;
	if (str_equal(run->status, last_end_names[LAST_ERROR]))
		return LAST_ERROR;
	return boot_process_lives(run->pid, run->pid_start) ? LAST_RUNNING : LAST_CRASHED;
}
