/* SPDX-License-Identifier: MIT */
/* The report and the termination log. */
#include "plan/report.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/json.h"
#include "base/log.h"
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

static void add_step(struct buf *to, const struct result *result)
{
	const struct step *step = result->node->step;

	json_next(to);
	buf_putc(to, '{');
	json_member(to, "id", step->id);
	buf_printf(to, ",\"order\":%lld", (long long)step->keys.order);
	json_member(to, "status", status_names[result->status]);
	json_member(to, "message", result->message);
	print_warnings_json(result, to);
	buf_printf(to, ",\"started_ms\":%.3f,\"duration_ms\":%.3f",
		(double)result->started_us / 1000, (double)result->duration_us / 1000);
	print_requires_json(result->node, to);
	buf_printf(to, ",\"changed\":%s}", result->changed ? "true" : "false");
}

void report_json(const struct run *run, const struct conf *conf, struct buf *ret)
{
	char host[256] = "";

	(void)gethostname(host, sizeof host - 1); /* an empty name is as good */
	buf_puts(ret, "{\"version\":1");
	json_member(ret, "status", run->err.kind ? "error" : "success");
	buf_printf(ret,
		",\"success\":%zu,\"skipped\":%zu,\"failed\":%zu,"
		"\"not_run\":%zu,\"total\":%zu",
		run->totals[STATUS_SUCCESS], run->totals[STATUS_SKIPPED],
		run->totals[STATUS_ERROR], run->totals[STATUS_NOT_RUN], run->count);
	json_member(ret, "started", run->started);
	buf_printf(ret, ",\"duration_ms\":%.3f", (double)run->duration_us / 1000);
	json_member(ret, "host", host);
	buf_printf(ret, ",\"pid\":%d", (int)getpid());
	json_member(ret, "groundwork", VERSION);
	add_files(ret, conf);
	buf_puts(ret, ",\"steps\":[");
	for (size_t i = 0; i < run->count; i++)
		add_step(ret, &run->results[i]);
	buf_puts(ret, "]}\n");
}

int report_write(struct fs *fs, const struct run *run, const struct conf *conf,
	const char *path, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct fs_attr attr = {.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	enum fs_outcome outcome;

	report_json(run, conf, &text);
	return fs_write(fs, path, text.data, text.len, &attr, true, &outcome, err);
}

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
