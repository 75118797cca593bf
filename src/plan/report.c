/* SPDX-License-Identifier: MIT */
/* The report. */
#include "plan/report.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/version.h"
#include "plan/mark.h"
#include "plan/print.h"
#include "proc/boot.h"

static void add_files(struct buf *to, const struct conf *conf)
{
	buf_puts(to, ",\"config\":[");
	for (size_t i = 0; i < conf->files_count; i++) {
		const struct conf_file *file = &conf->files[i];

		json_next(to);
		buf_putc(to, '{');
		json_member(to, "path", file->path);
		buf_puts(to, ",\"blake2b\":\"");
		crypto_encode(ENCODING_HEX, file->digest, sizeof file->digest, to);
		buf_puts(to, "\"}");
	}
	buf_putc(to, ']');
}

static void add_bool(struct buf *to, const char *name, bool value)
{
	buf_printf(to, ",\"%s\":%s", name, value ? "true" : "false");
}

static void add_times(struct buf *to, int64_t started_us, int64_t duration_us)
{
	buf_printf(to, ",\"started_ms\":%.3f,\"duration_ms\":%.3f",
		(double)started_us / 1000, (double)duration_us / 1000);
}

static void add_waits(struct buf *to, const struct result *result)
{
	buf_puts(to, ",\"waits\":[");
	for (size_t i = 0; i < result->waits_count; i++) {
		const struct wait *wait = &result->waits[i];

		json_next(to);
		buf_putc(to, '{');
		json_member(to, "for", waited_for_names[wait->waited_for]);
		add_times(to, wait->started_us, wait->duration_us);
		buf_putc(to, '}');
	}
	buf_putc(to, ']');
}

/* What was waited for before the steps: without a status as long as it is. */
static void add_wait(struct buf *to, const struct run_wait *wait)
{
	if (!wait->services)
		return;
	buf_puts(to, ",\"wait\":{\"services\":[");
	print_services_json(wait->services, to);
	buf_putc(to, ']');
	if (wait->message) {
		json_member(to, "status",
			status_names[wait->failed ? STATUS_ERROR : STATUS_SUCCESS]);
		json_member(to, "message", wait->message);
		add_times(to, 0, wait->duration_us);
	}
	buf_putc(to, '}');
}

static void add_step(struct buf *to, const struct result *result)
{
	const struct step *step = result->node->step;

	json_next(to);
	buf_putc(to, '{');
	json_member(to, "id", step->id);
	json_member(to, "kind", step->kind->name);
	print_description_json(step, to);
	print_place_json(&step->section->at, to);
	buf_printf(to, ",\"order\":%lld", (long long)step->keys.order);
	json_member(to, "status", status_names[result->status]);
	json_member(to, "result", mark_word(result));
	json_member(to, "message", result->message);
	print_warnings_json(result, to);
	add_times(to, result->started_us, result->duration_us);
	add_waits(to, result);
	print_requires_json(result->node, to);
	add_bool(to, "changed", result->changed);
	add_bool(to, "left_out", result->left_out);
	buf_putc(to, '}');
}

/* All that is wrong with the configuration, or the failure that ended the steps. */
static void add_errors(struct buf *to, const struct report *report)
{
	const struct print_wrong wrong = {
		report->problems, report->failure, report->secrets};

	buf_puts(to, ",\"errors\":[");
	print_wrong_json(&wrong, to);
	if (report->run && report->run->err.kind)
		print_error_json(
			&report->run->err.at, report->run->err.text, report->secrets, to);
	buf_putc(to, ']');
}

/* Who writes it, and what shows whether that is over (proc/boot.h). */
static void add_writer(struct buf *to, const struct boot *boot)
{
	json_member(to, "groundwork", VERSION);
	json_member(to, "host", boot->host);
	buf_printf(to, ",\"pid\":%d,\"pid_start\":%lld", (int)getpid(),
		(long long)boot->self_start);
	buf_puts(to, ",\"boot\":{");
	json_member(to, "id", boot->id);
	buf_printf(to, ",\"pid_namespace\":%llu,\"init_start\":%lld}",
		(unsigned long long)boot->pid_namespace, (long long)boot->init_start);
}

static void add_counts(struct buf *to, const struct run *run)
{
	buf_printf(to,
		",\"success\":%zu,\"skipped\":%zu,\"left_out\":%zu,\"failed\":%zu,"
		"\"not_run\":%zu,\"total\":%zu",
		run->totals[STATUS_SUCCESS], run->totals[STATUS_SKIPPED], run->left_out,
		run->totals[STATUS_ERROR], run->totals[STATUS_NOT_RUN], run->count);
}

void report_json(const struct report *report, struct buf *ret)
{
	const struct run none = {.count = 0};
	const struct run *run = report->run ? report->run : &none;
	char now[CLOCK_TEXT_MAX];

	clock_text(now);
	buf_puts(ret, "{\"version\":1");
	json_member(ret, "status", !report->run || run->err.kind ? "error" : "success");
	json_member(
		ret, "phase", report->run || report->lost ? "steps" : "configuration");
	add_counts(ret, run);
	json_member(ret, "started", report->run ? run->started : now);
	buf_printf(ret, ",\"duration_ms\":%.3f", (double)run->duration_us / 1000);
	add_writer(ret, report->boot);
	add_files(ret, report->conf);
	add_errors(ret, report);
	add_wait(ret, &run->wait);
	buf_puts(ret, ",\"steps\":[");
	for (size_t i = 0; i < run->count; i++)
		add_step(ret, &run->results[i]);
	buf_puts(ret, "]}\n");
}

void report_running_json(const struct boot *boot, const struct run *run,
	const struct result *at, struct buf *ret)
{
	char now[CLOCK_TEXT_MAX];

	clock_text(now);
	buf_puts(ret, "{\"version\":1");
	json_member(ret, "status", "running");
	json_member(ret, "phase", "steps");
	buf_printf(ret, ",\"total\":%zu", run->count);
	json_member(ret, "started", run->started);
	add_writer(ret, boot);
	add_wait(ret, &run->wait);
	if (at) {
		json_member(ret, "step", at->node->step->id);
		json_member(ret, "step_started", now);
	}
	buf_puts(ret, "}\n");
}
