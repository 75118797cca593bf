/* SPDX-License-Identifier: MIT */
/* What subcommands begin with: the configuration, loaded and decided. */
#include "cli/command.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "plan/environment.h"
#include "proc/execute.h"

/* What the steps say themselves of what is wrong with them, a line each. */
static void add_steps_errors(struct bootstrap *bootstrap, struct buf *ret)
{
	for (size_t i = 0; i < bootstrap->plan.count; i++) {
		const struct err *wrong = bootstrap->plan.order[i]->step->wrong;

		if (wrong)
			buf_printf(ret, "%s\n",
				place_text(&bootstrap->arena, &wrong->at, wrong->text));
	}
}

/* A line, or one of the errors of a line, which has "; " between them. */
static bool has_error(const char *lines, const char *text)
{
	for (const char *at = lines; (at = strstr(at, text)); at++) {
		const char *end = at + strlen(text);

		if ((at == lines || at[-1] == '\n' || at[-1] == ' ') &&
			(*end == '\n' || str_starts(end, "; ")))
			return true;
	}
	return false;
}

int command_report_problems(const struct cli *cli, struct bootstrap *bootstrap)
{
	struct problems *problems = &bootstrap->problems;
	size_t count = problems_total(problems);
	bool later = environment_may_come(bootstrap);
	/* A plan for people, which follows, shows what is wrong with a step. */
	CLEANUP_BUF struct buf planned = BUF_INIT;

	if (bootstrap->steps_wrong && bootstrap->purpose == TO_PLAN &&
		cli->options.format == OUTPUT_TEXT)
		add_steps_errors(bootstrap, &planned);
	for (size_t i = 0; i < problems->count; i++) {
		const struct log_event event = {
			.level = LOG_ERROR,
			.at = problems->list[i].at,
			.listed = true,
			.message = problems->list[i].text,
		};

		if (!has_error(planned.data, problem_text(problems, i)))
			log_event(&cli->log, &event);
	}
	log_error(&cli->log, "%zu error%s%s; nothing was touched", count,
		count == 1 ? "" : "s", later ? "" : " in the configuration");
	return later ? EXIT_FAILED : EXIT_WRONG;
}

int command_load(
	struct cli *cli, void (*loaded)(void *user), void *user, struct bootstrap *ret)
{
	const struct options *options = &cli->options;
	struct bootstrap_input input = {
		.purpose = options->command->purpose,
		.config = options->config.items,
		.base = options->base,
		.state = options->state,
		.timeout_ms = options->timeout_ms,
		.selection = {.only = options->only.items,
			.skip = options->skip.items,
			.force = options->force.items,
			.wait = options->wait.items,
			.force_by = options_variable(options, "force"),
			.wait_by = options_variable(options, "wait")},
		.command = options->words,
		.environment = cli->environment,
	};
	DECLARE_ERR(err);
	int rc = bootstrap_load(ret, &input, &cli->log, &err);

	cli->log.secrets = &ret->secrets;
	if (rc == 0 && options->log_level < 0 && !ret->problems.count)
		cli->log.level = (enum log_level)ret->settings.bootstrap.log_level;
	if (rc == 0 && options->log_format < 0 && !ret->problems.count)
		cli->log.json = ret->settings.bootstrap.log_format == LOG_FORMAT_JSON;
	if (rc == 0 && loaded)
		loaded(user);
	if (rc == 0)
		rc = bootstrap_wanted(ret, &err);
	if (rc == 0)
		rc = bootstrap_settle(ret, &err);
	if (rc == 0)
		bootstrap_decide(ret);
	/* These first: one of them may be why a selection finds no step. */
	if (ret->problems.count)
		return command_report_problems(cli, ret);
	if (rc < 0) {
		log_err(&cli->log, LOG_ERROR, &err);
		ret->failure = place_text(&ret->arena, &err.at, err.text);
		return exit_code_of_error(&err);
	}
	return EXIT_DONE;
}

#define SUBCOMMANDS_MAX 31

int command_look_up(
	const struct cli *cli, const struct execute_search *search, struct err *err)
{
	const struct options *options = &cli->options;
	const char *names[SUBCOMMANDS_MAX + 1] = {0};
	char room[STR_SUGGEST_SIZE];
	const char *hint;
	DECLARE_ERR(found);
	const char *word = options->typed ? options->words[0] : NULL;

	if (!word || strchr(word, '/') || execute_look_up(word, search, &found) == 0 ||
		found.kind != ERR_NOT_FOUND)
		return 0;
	*err = found;
	for (size_t i = 0; cli->commands[i].name && i < SUBCOMMANDS_MAX; i++)
		names[i] = cli->commands[i].name;
	hint = options_synonym(word);
	if (!*hint)
		hint = str_suggest(word, names, room);
	if (!*hint)
		return -1;
	return err_set(err, found.kind, "%s %s", hint + strlen("; "), found.text);
}

static bool is_made(void *user, const char *file)
{
	const struct bootstrap *bootstrap = user;

	return steps_make(&bootstrap->plan.steps, file);
}

/*
 * A word that is neither a subcommand nor a program starts nothing: who mistypes `plan`
 * does not mean to change anything.
 */
int command_look_up_loaded(
	const struct cli *cli, struct bootstrap *bootstrap, struct err *err)
{
	bool lays = bootstrap->purpose != TO_EXEC && !bootstrap->unwanted &&
		bootstrap->plan.count;
	struct execute_search search = {
		.is_made = lays ? is_made : NULL,
		.user = bootstrap,
	};

	if (bootstrap->application.used ||
		environment_path(bootstrap, &search.path) != 0 ||
		command_look_up(cli, &search, err) == 0)
		return 0;
	if (lays)
		err_append(err,
			" (nothing was touched; a command that a step makes is named "
			"behind '--')");
	return -1;
}

void command_set_deadline(const struct cli *cli, struct bootstrap *bootstrap)
{
	int64_t deadline = cli->options.deadline_ms;
	const char *variable = options_variable(&cli->options, "deadline");
	const char *from = variable ? variable : "--deadline";
	char text[CLOCK_TEXT_MAX];

	if (deadline == DURATION_NOT_GIVEN) {
		deadline = bootstrap->settings.bootstrap.deadline_ms;
		from = "[bootstrap] deadline";
	}
	if (deadline < 0)
		return;
	clock_duration(deadline * 1000, text);
	bootstrap->stop.deadline_ms = clock_ms() + deadline;
	bootstrap->stop.deadline =
		arena_printf(&bootstrap->arena, "of %s (%s)", text, from);
}

int command_nothing(const struct cli *cli, struct bootstrap *bootstrap)
{
	const char *variable = options_variable(&cli->options, "config");

	if (cli->options.config.count)
		bootstrap->failure = arena_printf(&bootstrap->arena,
			"nothing to do: no drop-in (*.ini) in what %s names",
			variable ? variable : "--config");
	else
		bootstrap->failure =
			"nothing to do: no drop-in (*.ini) in /usr/lib, "
			"/usr/local/lib, /etc or /run/groundwork/conf.d; --config names "
			"other places";
	log_error(&cli->log, "%s", bootstrap->failure);
	return EXIT_WRONG;
}
