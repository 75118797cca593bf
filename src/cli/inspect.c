/* SPDX-License-Identifier: MIT */
/* The subcommands that change nothing: plan, check, list. */
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "cli/command.h"
#include "plan/bootstrap.h"
#include "plan/print.h"

int command_print(const struct cli *cli, const struct buf *text)
{
	if (fd_write_all(STDOUT_FILENO, text->data, text->len) == 0)
		return EXIT_DONE;
	log_error(&cli->log, "standard output cannot be written");
	return EXIT_FAILED;
}

/* Loads; no drop-in is an error for all three. Returns EXIT_DONE or the exit code. */
static int load(struct cli *cli, enum purpose purpose, struct bootstrap *bootstrap)
{
	int code = command_load(cli, purpose, NULL, NULL, bootstrap);

	if (code == EXIT_DONE && !bootstrap->conf.files_count)
		code = command_nothing(cli);
	return code;
}

/* Colour is for a terminal. */
static bool color_on(const struct cli *cli)
{
	if (cli->options.color != COLOR_AUTO)
		return cli->options.color == COLOR_ALWAYS;
	return cli->log.color && isatty(STDOUT_FILENO);
}

static int print_plan(struct cli *cli, struct bootstrap *bootstrap)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	static const struct plan nothing;
	struct run run;
	int code;

	if (bootstrap->unwanted)
		log_info(&cli->log, "no bootstrap: %s", bootstrap->unwanted);
	run_forecast(
		bootstrap->unwanted ? &nothing : &bootstrap->plan, &bootstrap->ctx, &run);
	if (cli->options.format == OUTPUT_JSON)
		print_forecast_json(&run, &text);
	else
		print_forecast(&run, color_on(cli), &text);
	code = command_print(cli, &text);
	if (code == EXIT_DONE)
		code = exit_code_of_error(&run.err);
	if (code == EXIT_DONE && cli->options.exit_code && print_changes(&run))
		code = EXIT_CHANGES;
	return code;
}

int command_plan(struct cli *cli, const struct worker *worker)
{
	struct bootstrap bootstrap;
	int code = load(cli, TO_PLAN, &bootstrap);

	(void)worker;
	bootstrap.ctx.planning = true;
	/* Steps that are wrong are part of the plan, and of what it ends with. */
	if (code == EXIT_DONE || bootstrap.steps_wrong) {
		int forecast = print_plan(cli, &bootstrap);

		code = code == EXIT_DONE ? forecast : code;
	}
	bootstrap_release(&bootstrap);
	return code;
}

int command_check(struct cli *cli, const struct worker *worker)
{
	struct bootstrap bootstrap;
	CLEANUP_BUF struct buf text = BUF_INIT;
	int code = load(cli, TO_CHECK, &bootstrap);

	(void)worker;
	if (code == EXIT_DONE) {
		buf_printf(&text, "%zu step%s in %zu file%s: no error found\n",
			bootstrap.plan.count, bootstrap.plan.count == 1 ? "" : "s",
			bootstrap.conf.files_count,
			bootstrap.conf.files_count == 1 ? "" : "s");
		code = command_print(cli, &text);
	}
	bootstrap_release(&bootstrap);
	return code;
}

int command_list(struct cli *cli, const struct worker *worker)
{
	struct bootstrap bootstrap;
	CLEANUP_BUF struct buf text = BUF_INIT;
	int code = load(cli, TO_LIST, &bootstrap);

	(void)worker;
	if (code == EXIT_DONE) {
		if (cli->options.format == OUTPUT_JSON)
			print_list_json(&bootstrap.plan, &text);
		else
			print_list(&bootstrap.plan, &text);
		code = command_print(cli, &text);
	}
	bootstrap_release(&bootstrap);
	return code;
}
