/* SPDX-License-Identifier: MIT */
/* The subcommands that change nothing: plan, check, list. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/stop.h"
#include "cli/command.h"
#include "plan/account.h"
#include "plan/environment.h"
#include "plan/graph.h"
#include "plan/list.h"
#include "plan/print.h"
#include "plan/reload_steps.h"
#include "plan/reporter.h"
#include "proc/execute.h"
#include "step/parents.h"

struct inspection {
	const struct cli *cli;
	struct bootstrap *bootstrap;
};

bool command_color(const struct cli *cli)
{
	int when = cli->options.color;

	return when == COLOR_ALWAYS ||
		(when == COLOR_AUTO && cli->log.color && isatty(STDOUT_FILENO));
}

int command_print(const struct cli *cli, const struct buf *text)
{
	if (fd_write_all(STDOUT_FILENO, text->data, text->len) == 0)
		return EXIT_DONE;
	log_error(&cli->log, "standard output cannot be written");
	return EXIT_FAILED;
}

static bool is_made(void *user, const char *file)
{
	const struct bootstrap *bootstrap = user;

	return steps_make(&bootstrap->plan.steps, file) ||
		parents_may_make(&bootstrap->ctx, file);
}

static bool is_made_by_name(void *user, const char *file)
{
	const struct bootstrap *bootstrap = user;

	return steps_make(&bootstrap->plan.steps, file) ||
		parents_may_make_named(&bootstrap->ctx, file);
}

/* With `before`, it is not known before that step has run. */
static void log_doubt(const struct cli *cli, struct bootstrap *bootstrap, struct place at,
	const char *before, const char *text)
{
	struct arena *arena = bootstrap->ctx.arena;
	const struct log_event event = {
		.level = before ? LOG_INFO : LOG_WARN,
		.at = at,
		.message = before ? arena_printf(arena, "not known before %s has run: %s",
					    before, text)
				  : arena_printf(arena,
					    "the application would not start: %s", text),
	};

	log_event(&cli->log, &event);
}

/* The command, where what there is says whether it would be found; else NULL. */
static char *const *known_command(struct bootstrap *bootstrap, const char **ret_path)
{
	char *const *argv = bootstrap->settings.app.launch.argv;
	DECLARE_ERR(ignored); /* what is wrong with the environment is said elsewhere */

	if (!argv || strchr(argv[0], '/'))
		return argv;
	if (environment_read(bootstrap, &ignored) < 0 ||
		environment_path(bootstrap, ret_path) != 0)
		return NULL;
	return argv;
}

/*
 * Would the application start? A command that would run may make and change any file;
 * what is known by now shows what it has to do.
 */
static void warn_of_application(const struct cli *cli, struct bootstrap *bootstrap)
{
	const struct problems *wrong = &bootstrap->application.start;
	const char *command = parents_command(&bootstrap->ctx);
	bool known = !wrong->count && !bootstrap->application.due_count;
	struct execute_search search = {.is_made = is_made, .user = bootstrap};
	char *const *argv = known ? known_command(bootstrap, &search.path) : NULL;
	DECLARE_ERR(err);

	if (stop_is_due(&bootstrap->stop)) /* nothing is known of it any more */
		return;
	for (size_t i = 0; i < wrong->count; i++)
		log_doubt(cli, bootstrap, wrong->list[i].at, NULL, wrong->list[i].text);
	if (application_try(bootstrap, known ? &search : NULL, argv, &err) < 0) {
		log_doubt(cli, bootstrap, err.at, NULL, err.text);
		return;
	}
	search.is_made = is_made_by_name;
	if (known && command && application_try(bootstrap, &search, argv, &err) < 0)
		log_doubt(cli, bootstrap, err.at, command, err.text);
}

/* Keys that do nothing, where that is certain: else it is known when it starts. */
static void warn_of_supervising(const struct cli *cli, struct bootstrap *bootstrap)
{
	int init = application_init_asked(bootstrap, cli->options.init);

	application_warn(bootstrap, init != LAUNCH_BECOME);
	reload_warn(bootstrap, init != LAUNCH_BECOME);
}

static struct print_wrong wrong_of(const struct bootstrap *bootstrap)
{
	return (struct print_wrong){
		&bootstrap->problems, bootstrap->failure, &bootstrap->secrets};
}

/* As JSON, what is wrong stands where the plan, or the list, would. Returns the code. */
static int print_none(const struct cli *cli, const struct bootstrap *bootstrap, int code)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct print_wrong wrong = wrong_of(bootstrap);
	static const struct plan plan;
	static const struct run run;

	if (cli->options.format != OUTPUT_JSON)
		return code;
	if (bootstrap->purpose == TO_PLAN)
		print_forecast_json(&run, &wrong, &text);
	else
		list_json(&plan, "", &wrong, &text);
	(void)command_print(cli, &text); /* it is a failure already */
	return code;
}

/* Logs it, and keeps it for JSON. Returns the exit code. */
static int fail(const struct cli *cli, struct bootstrap *bootstrap, const struct err *err)
{
	log_err(&cli->log, LOG_ERROR, err);
	bootstrap->failure = place_text(&bootstrap->arena, &err->at, err->text);
	return exit_code_of_launch(err);
}

/* Are the files to be had that a start reads first? Returns 0, or its exit code. */
static int read_environment(const struct cli *cli, struct bootstrap *bootstrap)
{
	DECLARE_ERR(err);

	/* Of what is wrong with the configuration, that was said. */
	if (bootstrap->problems.count ||
		(bootstrap->unwanted && !application_is_given(bootstrap)) ||
		environment_read(bootstrap, &err) == 0)
		return EXIT_DONE;
	return fail(cli, bootstrap, &err);
}

/*
 * Would the command that was given not start: are its limits, user and, once what steps
 * make is `known`, working directory to be had, and is a word that was typed a program?
 * Returns 0, or the exit code.
 */
static int look_up_given(const struct cli *cli, struct bootstrap *bootstrap, bool known)
{
	const struct execute_search search = {.is_made = is_made, .user = bootstrap};
	DECLARE_ERR(err);

	known &= !bootstrap->application.due_count;
	if (bootstrap->problems.count || !application_is_given(bootstrap) ||
		(application_try(bootstrap, known ? &search : NULL, NULL, &err) == 0 &&
			(!cli->options.typed ||
				command_look_up_loaded(cli, bootstrap, &err) == 0)))
		return EXIT_DONE;
	return fail(cli, bootstrap, &err);
}

static int print_plan(const struct cli *cli, struct bootstrap *bootstrap)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	static const struct plan nothing;
	struct print_wrong wrong;
	struct reporter reporter;
	struct run run;
	DECLARE_ERR(err);
	int start = read_environment(cli, bootstrap);
	bool commands = bootstrap->ctx.files_change;
	int code = EXIT_DONE;

	if (start == EXIT_DONE)
		code = look_up_given(cli, bootstrap, !commands);
	if (code != EXIT_DONE)
		return print_none(cli, bootstrap, code);
	bootstrap->ctx.rehearse = cli->options.rehearse;
	bootstrap->ctx.online = cli->options.online;
	bootstrap->ctx.show_lines = cli->options.diff;
	if (bootstrap->unwanted) {
		log_info(&cli->log, "no bootstrap: %s%s", bootstrap->unwanted,
			bootstrap_unused_app(bootstrap));
	} else if (account_lay(bootstrap, &err) < 0) {
		return print_none(cli, bootstrap, fail(cli, bootstrap, &err));
	}
	run_forecast(bootstrap->unwanted ? &nothing : &bootstrap->plan, &bootstrap->ctx,
		bootstrap->settings.bootstrap.fail_fast, &run);
	if (commands && start == EXIT_DONE)
		code = look_up_given(cli, bootstrap, true);
	if (code != EXIT_DONE)
		return print_none(cli, bootstrap, code);
	wrong = wrong_of(bootstrap);
	if (cli->options.format == OUTPUT_JSON)
		print_forecast_json(&run, &wrong, &text);
	else
		print_forecast(
			&run, command_color(cli), log_columns(STDOUT_FILENO), &text);
	code = command_print(cli, &text);
	if (!bootstrap->unwanted) {
		reporter_begin(&reporter, bootstrap, cli->options.report);
		reporter_forecast(&reporter);
	}
	warn_of_application(cli, bootstrap);
	warn_of_supervising(cli, bootstrap);
	if (code == EXIT_DONE)
		code = start == EXIT_DONE ? exit_code_of_error(&run.err) : start;
	if (code == EXIT_DONE && cli->options.exit_code && print_changes(&run))
		code = EXIT_CHANGES;
	return code;
}

static int print_check(const struct cli *cli, struct bootstrap *bootstrap)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t steps = bootstrap->plan.count, files = bootstrap->conf.files_count;

	warn_of_supervising(cli, bootstrap);
	buf_printf(&text, "%zu step%s in %zu file%s: no error found\n", steps,
		steps == 1 ? "" : "s", files, files == 1 ? "" : "s");
	return command_print(cli, &text);
}

static int print_steps(const struct cli *cli, struct bootstrap *bootstrap)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct plan *plan = &bootstrap->plan;
	char *const *argv = bootstrap->settings.app.launch.argv;
	const char *command = argv ? argv[0] : "";
	const struct print_wrong wrong = wrong_of(bootstrap);

	plan_order_parts(plan, &bootstrap->ctx, &bootstrap->problems);
	if (bootstrap->problems.count)
		return print_none(
			cli, bootstrap, command_report_problems(cli, bootstrap));
	if (cli->options.format == OUTPUT_DOT)
		graph_dot(plan, command, &text);
	else if (cli->options.format == OUTPUT_MERMAID)
		graph_mermaid(plan, command, &text);
	else if (cli->options.format == OUTPUT_JSON)
		list_json(plan, command, &wrong, &text);
	else
		list_text(plan, command, log_columns(STDOUT_FILENO), &text);
	return command_print(cli, &text);
}

/* A rehearsal may take long. */
static void set_deadline(void *user)
{
	const struct inspection *inspection = user;

	if (inspection->bootstrap->purpose == TO_PLAN)
		command_set_deadline(inspection->cli, inspection->bootstrap);
}

int command_inspect(struct cli *cli, const struct worker *worker)
{
	static int (*const printers[])(const struct cli *, struct bootstrap *) = {
		[TO_PLAN] = print_plan,
		[TO_CHECK] = print_check,
		[TO_LIST] = print_steps,
	};
	enum purpose purpose = cli->options.command->purpose;
	struct bootstrap bootstrap;
	struct inspection inspection = {cli, &bootstrap};
	int code = command_load(cli, set_deadline, &inspection, &bootstrap);

	(void)worker;
	if (code == EXIT_DONE && !bootstrap.conf.files_count)
		code = command_nothing(cli, &bootstrap);
	if (code == EXIT_DONE)
		code = printers[purpose](cli, &bootstrap);
	/* Steps that are wrong are part of the plan, which has their errors. */
	else if (purpose == TO_PLAN && bootstrap.steps_wrong)
		(void)print_plan(cli, &bootstrap); /* it ends with what is wrong */
	else
		(void)print_none(cli, &bootstrap, code); /* the same */
	bootstrap_release(&bootstrap);
	return code;
}
