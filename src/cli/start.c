/* SPDX-License-Identifier: MIT */
/* The subcommands that start something, in the worker: run, apply, wait, exec. */
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "cli/command.h"
#include "plan/account.h"
#include "plan/environment.h"
#include "plan/mark.h"
#include "plan/reload.h"
#include "plan/reload_steps.h"
#include "plan/reporter.h"
#include "plan/run.h"
#include "proc/activity.h"
#include "proc/reloader.h"
#include "proc/termination.h"
#include "proc/watch.h"

/* One start, for all its parts. */
struct start {
	struct cli *cli;
	const struct worker *worker;
	struct bootstrap bootstrap;
	struct reporter reporter;
	struct reload reload;
	const struct run *run; /* of `reload`; or NULL */
};

/* The reason of a failure, for Kubernetes. */
static void note_termination(struct start *start, const char *reason)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;

	buf_puts(&clean, reason);
	secrets_redact(&start->bootstrap.secrets, &clean, 0);
	termination_write(clean.data);
}

static void note_termination_by(struct start *start, const struct err *err)
{
	note_termination(start, place_text(&start->bootstrap.arena, &err->at, err->text));
}

static int fail(struct start *start, const struct err *err)
{
	log_err(&start->cli->log, LOG_ERROR, err);
	note_termination_by(start, err);
	return exit_code_of_launch(err);
}

static void begin_step(void *user, const char *id)
{
	struct start *start = user;

	reload_step(&start->reload, id);
	if (start->run)
		reload_note_changes(&start->reload, start->run);
	activity_step(start->worker->activity, id);
}

static void note_work(void *user, const char *what)
{
	const struct start *start = user;

	activity_detail(start->worker->activity, what);
}

/* Our parent decides it, by its own pid, and a worker of `reload` has a supervisor. */
static bool is_supervised(const struct start *start)
{
	int init = application_init_asked(&start->bootstrap, start->cli->options.init);

	return start->worker->again || init == LAUNCH_SUPERVISE ||
		(init == LAUNCH_AUTO && getppid() == 1);
}

/*
 * From here on a stop and the deadline end us, and the parent knows the latter, and how
 * much is logged.
 */
static void listen_for_stop(void *user)
{
	struct start *start = user;
	struct bootstrap *bootstrap = &start->bootstrap;

	if (start->worker->again)
		log_info(&start->cli->log, "reload: what is watched has changed%s",
			start->worker->launched ? "" : " before the application starts");
	start->cli->log.at_work = note_work;
	start->cli->log.at_work_user = start;
	activity_log(start->worker->activity, &start->cli->log);
	activity_signals(
		start->worker->activity, &bootstrap->settings.app.launch.signals);
	bootstrap->stop.asked = activity_stop(start->worker->activity);
	bootstrap->stop.fd = start->worker->stop_fd;
	bootstrap->ctx.running = activity_group(start->worker->activity);
	bootstrap->ctx.umask = start->worker->umask;
	bootstrap->ctx.stack = start->worker->stack;
	command_set_deadline(start->cli, bootstrap);
	if (bootstrap->stop.deadline_ms)
		activity_deadline(start->worker->activity, bootstrap->stop.deadline_ms);
	if (bootstrap->purpose == TO_RUN && is_supervised(start))
		reload_begin(&start->reload, bootstrap, start->worker,
			start->cli->options.config.items);
}

static void summarize(const struct start *start, const struct run *run)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct log_event event = {.level = LOG_INFO, .duration_us = run->duration_us};

	if (!run->count && start->bootstrap.purpose != TO_APPLY && !start->worker->again)
		return;
	if (start->worker->again)
		buf_puts(&text, "reload: ");
	else
		buf_printf(&text, "the ground is %slaid%s: ", run->err.kind ? "not " : "",
			!run->err.kind && run->totals[STATUS_ERROR] ? " in part" : "");
	mark_summary(run, false, &text);
	event.message = text.data;
	log_event(&start->cli->log, &event);
}

static void report_work(void *user, const struct run *run, const struct result *result)
{
	struct start *start = user;

	reporter_work(&start->reporter, run, result);
}

/* No step was run: `failure` or `problems` of the bootstrap say why. */
static void report_nothing_run(struct start *start)
{
	if (start->bootstrap.purpose != TO_EXEC && !start->bootstrap.unwanted)
		reporter_end(&start->reporter, NULL);
}

/* What comes before the first step has failed. */
static int fail_before_steps(struct start *start, const struct err *err)
{
	struct bootstrap *bootstrap = &start->bootstrap;

	bootstrap->failure = place_text(&bootstrap->arena, &err->at, err->text);
	report_nothing_run(start);
	return fail(start, err);
}

/* Runs the steps, and returns the exit code. */
static int lay(struct start *start)
{
	struct bootstrap *bootstrap = &start->bootstrap;
	struct run_options options = {.settings = &bootstrap->settings,
		.begin = begin_step,
		.work = report_work,
		.user = start};
	struct run run;
	DECLARE_ERR(err);

	if (account_lay(bootstrap, &err) < 0)
		return fail_before_steps(start, &err);
	run_apply(&bootstrap->plan, &bootstrap->ctx, &options, &run);
	reload_watch_unread(&start->reload, &run);
	summarize(start, &run);
	reporter_end(&start->reporter, &run);
	if (run.err.kind)
		note_termination_by(start, &run.err);
	return exit_code_of_error(&run.err);
}

/* Writes the launch record: the exit code. */
static int launch(struct start *start, bool strict)
{
	CLEANUP_ENV struct env env = {0};
	CLEANUP_BUF struct buf shown = BUF_INIT;
	struct bootstrap *bootstrap = &start->bootstrap;
	struct launch *launch = &bootstrap->settings.app.launch;
	DECLARE_ERR(err);

	launch->init = application_init_asked(bootstrap, start->cli->options.init);
	application_warn(bootstrap, is_supervised(start));
	reload_warn(bootstrap, is_supervised(start));
	if (application_complete(bootstrap, &err) == 0 &&
		environment_make(bootstrap, strict, &env, &err) == 0) {
		/* What launches it knows no secrets, and may have to name this. */
		buf_puts(&shown, launch->workdir);
		secrets_redact(&bootstrap->secrets, &shown, 0);
		launch->workdir_shown = shown.data;
		application_place(bootstrap);
		launch->env = env.list;
		/* Steps may have added some. */
		launch->secret_names = bootstrap->ctx.secret_env.items;
		if (launch_write(start->worker->record, launch, &err) == 0)
			return EXIT_DONE;
	}
	/* Exit 100 says that nothing was touched. */
	if (err.kind == ERR_CONFIG && bootstrap->ctx.touched)
		err.kind = ERR_FAILED;
	return fail(start, &err);
}

/* What is to be found out about the launch before a step runs. Returns 0, or -1. */
static int prepare_launch(struct start *start, struct err *err)
{
	struct bootstrap *bootstrap = &start->bootstrap;

	if (!bootstrap->settings.app.launch.argv && !bootstrap->application.used)
		return err_set(err, ERR_USAGE,
			bootstrap->conf.files_count
				? "there is no command: name one behind '--', or as "
				  "`command` in [app]; `apply` needs none"
				: "there is no command, and no drop-in: `groundwork -- "
				  "COMMAND` starts one, `groundwork help` lists what "
				  "else there is, `groundwork explain` what a drop-in "
				  "may have");
	if (environment_read(bootstrap, err) < 0)
		return -1;
	if (application_may_be_refused(bootstrap) &&
		application_try(bootstrap, NULL, NULL, err) < 0)
		return -1;
	return command_look_up_loaded(start->cli, bootstrap, err);
}

static int lay_and_launch(struct start *start)
{
	struct bootstrap *bootstrap = &start->bootstrap;
	enum purpose purpose = bootstrap->purpose;
	DECLARE_ERR(err);
	int code = EXIT_DONE;
	int rc = 0;

	if (purpose != TO_APPLY)
		rc = prepare_launch(start, &err);
	else if (!bootstrap->unwanted) /* steps see what is in its files */
		rc = environment_read(bootstrap, &err);
	if (rc < 0)
		return fail_before_steps(start, &err);
	if (bootstrap->unwanted)
		log_info(&start->cli->log, "no bootstrap: %s%s%s", bootstrap->unwanted,
			bootstrap_unused_app(bootstrap),
			start->cli->options.wait.count ? "; --wait waits for nothing"
						       : "");
	else if (purpose != TO_EXEC)
		code = lay(start);
	if (code != EXIT_DONE || purpose == TO_APPLY)
		return code;
	reload_end(&start->reload, true);
	return launch(start, purpose == TO_EXEC);
}

/* In one line: the first error, and how many there are besides. */
static const char *why_not_loaded(struct bootstrap *bootstrap)
{
	struct problems *problems = &bootstrap->problems;
	size_t more = problems_total(problems);

	if (!more)
		return bootstrap->failure ? bootstrap->failure
					  : "the configuration is wrong";
	if (--more)
		return arena_printf(&bootstrap->arena, "%s (and %zu more error%s)",
			problem_text(problems, 0), more, more == 1 ? "" : "s");
	return problem_text(problems, 0);
}

/* The run of `reload`. It is no start: no report is written, and nothing is launched. */
static int run_again(struct start *start)
{
	struct bootstrap *bootstrap = &start->bootstrap;
	struct run_options options = {.settings = &bootstrap->settings,
		.brief = true,
		.begin = begin_step,
		.user = start};
	struct run run = {0};

	if (bootstrap->unwanted) {
		log_info(&start->cli->log, "reload: no bootstrap: %s",
			bootstrap->unwanted);
		return EXIT_DONE;
	}
	reload_choose(bootstrap);
	start->run = &run;
	run_apply(&bootstrap->plan, &bootstrap->ctx, &options, &run);
	summarize(start, &run);
	reload_note_changes(&start->reload, &run);
	start->run = NULL;
	reload_compare(&start->reload);
	return exit_code_of_error(&run.err);
}

int command_start(struct cli *cli, const struct worker *worker)
{
	struct start start = {.cli = cli, .worker = worker};
	bool unread = false;
	int code;

	if (worker->again) {
		cli->options.force = (struct list){0}; /* that was for the start */
		/* The application runs, and waits for what this run makes. */
		cli->log.unread = &unread;
	}
	code = command_load(cli, listen_for_stop, &start, &start.bootstrap);
	if (worker->again) {
		if (!start.reload.on)
			reload_begin(&start.reload, &start.bootstrap, worker,
				cli->options.config.items);
		reload_watch_steps(&start.reload);
		code = code == EXIT_DONE ? run_again(&start) : code;
		if (code != EXIT_DONE && !start.bootstrap.stop.signal)
			log_warn(&cli->log, "%s", reload_failed(worker->launched));
		reload_end(&start.reload, code == EXIT_DONE);
		bootstrap_release(&start.bootstrap);
		return code;
	}
	reporter_begin(&start.reporter, &start.bootstrap, cli->options.report);
	if (code != EXIT_DONE) {
		note_termination(&start, why_not_loaded(&start.bootstrap));
		report_nothing_run(&start);
	}
	if (code == EXIT_DONE && !start.bootstrap.conf.files_count) {
		if (start.bootstrap.purpose == TO_APPLY &&
			!start.bootstrap.plan.awaited.count)
			code = command_nothing(cli, &start.bootstrap);
		else if (cli->options.words && *cli->options.words)
			log_info(&cli->log, COMMAND_NOTHING_TO_LAY);
	}
	if (code == EXIT_DONE)
		code = lay_and_launch(&start);
	bootstrap_release(&start.bootstrap);
	return code;
}

void command_lost(struct cli *cli, const char *why)
{
	const struct log quiet = {.fd = -1}; /* the worker has said it */
	const struct bootstrap_input input = {
		.purpose = cli->options.command->purpose,
		.config = cli->options.config.items,
		.base = cli->options.base,
		.state = cli->options.state,
		.timeout_ms = DURATION_NOT_GIVEN,
		.environment = cli->environment,
	};
	struct bootstrap bootstrap;
	struct reporter reporter;
	DECLARE_ERR(err);

	if (input.purpose != TO_EXEC &&
		bootstrap_load_places(&bootstrap, &input, &quiet, &err) == 0 &&
		!bootstrap.problems.count) {
		bootstrap.ctx.log = &cli->log;
		bootstrap.failure =
			*why ? why : "the process that ran the steps was killed";
		reporter_begin(&reporter, &bootstrap, cli->options.report);
		reporter_lost(&reporter);
	}
	if (input.purpose != TO_EXEC)
		bootstrap_release(&bootstrap);
}

/* `apply --wait '*'`, and for what else the option names. */
int command_wait(struct cli *cli, const struct worker *worker)
{
	list_add(&cli->options.wait, &cli->options.arena, "*", 1);
	return command_start(cli, worker);
}
