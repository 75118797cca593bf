/* SPDX-License-Identifier: MIT */
/* The subcommand status: what the last run did. */
#include "plan/status.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/command.h"
#include "plan/report.h"
#include "plan/timeline.h"

/* What is not wanted of a report that is large: it is the last member. */
#define STEPS ",\"steps\":["

struct inquiry {
	const struct cli *cli;
	struct bootstrap bootstrap;
	struct buf text; /* of the report */
	struct json json;
	struct last_run run;
};

/* Where is it? Its path is NULL, with the exit code, where that is not known. */
static struct report_place find(struct inquiry *inquiry, int *ret_code)
{
	static const char *const nothing[] = {NULL};
	const struct cli *cli = inquiry->cli;
	const struct options *options = &cli->options;
	const struct bootstrap_input input = {
		.purpose = TO_STATUS,
		/* An option says all that the drop-ins could. */
		.config = options->report ? nothing : options->config.items,
		.base = options->base,
		.state = options->state,
		.timeout_ms = DURATION_NOT_GIVEN,
		.environment = cli->environment,
	};
	struct bootstrap *bootstrap = &inquiry->bootstrap;
	struct report_place place;
	DECLARE_ERR(err);

	if (bootstrap_load_places(bootstrap, &input, &cli->log, &err) < 0) {
		log_err(&cli->log, LOG_ERROR, &err);
		*ret_code = exit_code_of_error(&err);
		return (struct report_place){0};
	}
	*ret_code = EXIT_WRONG;
	for (size_t i = 0; i < bootstrap->problems.count; i++)
		log_error(&cli->log, "%s", problem_text(&bootstrap->problems, i));
	if (bootstrap->problems.count)
		return (struct report_place){0};
	place = report_place(&bootstrap->arena, bootstrap->ctx.base, options->report,
		bootstrap->settings.bootstrap.report, bootstrap->ctx.state);
	if (place.path && !str_equal(place.path, "-") && fd_named(place.path) < 0)
		return place;
	if (place.path)
		log_error(&cli->log,
			"the report goes to '%s', where it cannot be read again",
			place.path);
	else
		log_error(&cli->log,
			"there is no report: `report` in [bootstrap], or --report, says "
			"where one is");
	return (struct report_place){0};
}

static bool is_brief(const struct inquiry *inquiry)
{
	int level = inquiry->cli->options.log_level;

	return level >= 0 && level <= LOG_WARN;
}

/* A health check wants one line; and what is very large has too many steps. */
static void leave_out_steps(struct inquiry *inquiry)
{
	bool brief = is_brief(inquiry);
	struct buf *text = &inquiry->text;
	const char *steps =
		text->len > JSON_SIZE_MAX || brief ? strstr(text->data, STEPS) : NULL;

	if (!steps)
		return;
	buf_truncate(text, (size_t)(steps - text->data));
	buf_putc(text, '}');
}

/* Returns 0, 1 where there is no report, or -1. */
static int read_report(
	struct inquiry *inquiry, const struct report_place *place, struct err *err)
{
	const char *path = place->path;
	struct bootstrap *bootstrap = &inquiry->bootstrap;
	struct buf *text = &inquiry->text;
	int rc = report_read(&bootstrap->ctx.fs, place, REPORT_SIZE_MAX, text, err);

	if (rc != 0)
		return rc;
	leave_out_steps(inquiry);
	if (json_read(&inquiry->json, path, text->data, text->len, err) < 0)
		return err_prefix(err, "the report is damaged");
	if (last_run_read(&inquiry->json, &bootstrap->arena, &inquiry->run, err) < 0)
		return err_prefix(err, "the report '%s'", path);
	return 0;
}

static int print_nothing(const struct cli *cli, const struct report_place *place)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (cli->options.format == OUTPUT_JSON)
		buf_printf(&text, "{\"version\":1,\"status\":\"%s\"}\n",
			last_end_names[LAST_NONE]);
	else
		status_nothing(place->path,
			place->state && state_is_missing(place->state), &text);
	if (cli->options.format == OUTPUT_SVG) { /* no text goes where a picture should */
		buf_truncate(&text, strcspn(text.data, "\n"));
		log_error(&cli->log, "%s", text.data);
		return EXIT_FAILED;
	}
	log_wrap(&text, 0, log_columns(STDOUT_FILENO), STATUS_INDENT);
	(void)command_print(cli, &text); /* it is a failure in any case */
	return EXIT_FAILED;
}

static void make_one_line(struct buf *text)
{
	size_t size = 0;

	for (size_t i = 0; i + 1 < text->len; i++) {
		bool ends = text->data[i] == '\n';

		if (ends)
			i += strspn(text->data + i + 1, " ");
		text->data[size++] = ends ? ' ' : text->data[i];
	}
	buf_truncate(text, size);
	buf_putc(text, '\n');
}

static void print_text(const struct cli *cli, const struct last_run *run,
	const char *line, struct buf *ret)
{
	int columns = log_columns(STDOUT_FILENO);

	buf_puts(ret, line);
	log_wrap(ret, 0, columns, STATUS_INDENT);
	status_steps(run, command_color(cli), columns, ret);
}

static int print(struct inquiry *inquiry, const char *path, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;
	const struct last_run *run = &inquiry->run;
	struct boot here;
	enum last_end end;
	int code;

	boot_read(&here);
	end = last_run_end(run, &here);
	if (inquiry->cli->options.format == OUTPUT_JSON) {
		if (status_json(&inquiry->json, end, &text, err) < 0)
			return -1;
	} else {
		bool picture = inquiry->cli->options.format == OUTPUT_SVG;

		status_text(run, end, path, picture, &line);
		if (picture || is_brief(inquiry))
			make_one_line(&line);
		if (picture)
			buf_truncate(&line, line.len - 1); /* the newline */
		if (picture)
			timeline_svg(run, line.data, &text);
		else
			print_text(inquiry->cli, run, line.data, &text);
	}
	code = command_print(inquiry->cli, &text);
	return code == EXIT_DONE && end != LAST_SUCCESS ? EXIT_FAILED : code;
}

static int inquire(struct inquiry *inquiry)
{
	DECLARE_ERR(err);
	int code;
	const struct report_place place = find(inquiry, &code);

	if (!place.path)
		return code;
	code = read_report(inquiry, &place, &err);
	if (code == 1)
		return print_nothing(inquiry->cli, &place);
	if (code == 0)
		code = print(inquiry, place.path, &err);
	if (code >= 0)
		return code;
	log_err(&inquiry->cli->log, LOG_ERROR, &err);
	return EXIT_FAILED;
}

int command_status(struct cli *cli, const struct worker *worker)
{
	struct inquiry inquiry = {.cli = cli, .text = BUF_INIT};
	int code;

	(void)worker;
	if (cli->options.log_level < 0)
		cli->log.level = LOG_WARN; /* what a start says of its drop-ins */
	code = inquire(&inquiry);
	json_release(&inquiry.json);
	buf_release(&inquiry.text);
	bootstrap_release(&inquiry.bootstrap);
	return code;
}
