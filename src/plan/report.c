/* SPDX-License-Identifier: MIT */
/* The report and the termination log. */
#include "plan/report.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "base/version.h"
#include "plan/print.h"

#define TERMINATION_LOG "/dev/termination-log"

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

static void add_place(struct buf *to, const struct place *at)
{
	if (!at->file)
		return;
	json_member(to, "file", at->file);
	if (at->line)
		buf_printf(to, ",\"line\":%d", at->line);
}

static void add_step(struct buf *to, const struct result *result)
{
	const struct step *step = result->node->step;

	json_next(to);
	buf_putc(to, '{');
	json_member(to, "id", step->id);
	json_member(to, "kind", step->kind->name);
	add_place(to, &step->section->at);
	buf_printf(to, ",\"order\":%lld", (long long)step->keys.order);
	json_member(to, "status", status_names[result->status]);
	json_member(to, "message", result->message);
	print_warnings_json(result, to);
	buf_printf(to, ",\"started_ms\":%.3f,\"duration_ms\":%.3f",
		(double)result->started_us / 1000, (double)result->duration_us / 1000);
	print_requires_json(result->node, to);
	buf_printf(to, ",\"changed\":%s}", result->changed ? "true" : "false");
}

static void add_error(struct buf *to, const struct report *report, const struct place *at,
	const char *text)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;

	buf_puts(&clean, text);
	secrets_redact(report->secrets, &clean, 0);
	json_next(to);
	buf_putc(to, '{');
	add_place(to, at);
	json_member(to, "message", clean.data);
	buf_putc(to, '}');
}

/* All that is wrong with the configuration, or the failure that ended the steps. */
static void add_errors(struct buf *to, const struct report *report)
{
	static const struct place nowhere;
	const struct problems *problems = report->problems;

	buf_puts(to, ",\"errors\":[");
	for (size_t i = 0; problems && i < problems->count; i++)
		add_error(to, report, &problems->list[i].at, problems->list[i].text);
	if (report->failure)
		add_error(to, report, &nowhere, report->failure);
	if (report->run && report->run->err.kind)
		add_error(to, report, &report->run->err.at, report->run->err.text);
	buf_putc(to, ']');
}

void report_json(const struct report *report, struct buf *ret)
{
	const struct run none = {.count = 0};
	const struct run *run = report->run ? report->run : &none;
	char host[256] = "";
	char now[CLOCK_TEXT_MAX];

	(void)gethostname(host, sizeof host - 1); /* an empty name is as good */
	clock_text(now);
	buf_puts(ret, "{\"version\":1");
	json_member(ret, "status", !report->run || run->err.kind ? "error" : "success");
	json_member(ret, "phase", report->run ? "steps" : "configuration");
	buf_printf(ret,
		",\"success\":%zu,\"skipped\":%zu,\"failed\":%zu,"
		"\"not_run\":%zu,\"total\":%zu",
		run->totals[STATUS_SUCCESS], run->totals[STATUS_SKIPPED],
		run->totals[STATUS_ERROR], run->totals[STATUS_NOT_RUN], run->count);
	json_member(ret, "started", report->run ? run->started : now);
	buf_printf(ret, ",\"duration_ms\":%.3f", (double)run->duration_us / 1000);
	json_member(ret, "host", host);
	buf_printf(ret, ",\"pid\":%d", (int)getpid());
	json_member(ret, "groundwork", VERSION);
	add_files(ret, report->conf);
	add_errors(ret, report);
	buf_puts(ret, ",\"steps\":[");
	for (size_t i = 0; i < run->count; i++)
		add_step(ret, &run->results[i]);
	buf_puts(ret, "]}\n");
}

/* ---- the termination log ---- */

size_t report_termination_line(const struct secrets *secrets, const char *text,
	char ret[REPORT_TERMINATION_MAX + 1])
{
	CLEANUP_BUF struct buf clean = BUF_INIT;
	struct log_event event = {.level = LOG_INFO};
	size_t size;

	buf_puts(&clean, text);
	secrets_redact(secrets, &clean, 0);
	for (size_t i = 0; i < clean.len; i++)
		if (clean.data[i] == '\n')
			clean.data[i] = ' ';
	event.message = clean.data;
	size = log_text_fixed(ret, REPORT_TERMINATION_MAX, &event, false);
	ret[size++] = '\n';
	ret[size] = '\0';
	return size;
}

void report_termination(const struct secrets *secrets, const char *text)
{
	CLEANUP_FD int fd = open(TERMINATION_LOG,
		O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char line[REPORT_TERMINATION_MAX + 1];
	struct stat st;
	size_t size;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	size = report_termination_line(secrets, text, line);
	(void)fd_write_all(fd, line, size); /* there is nowhere left to report it */
}
