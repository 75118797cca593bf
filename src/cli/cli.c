/* SPDX-License-Identifier: MIT */
/* From the words of the command line to a subcommand. */
#include "cli/cli.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/help.h"
#include "conf/conf.h"
#include "conf/dropin.h"
#include "proc/execute.h"
#include "proc/launch.h"
#include "proc/parent.h"
#include "proc/stack.h"
#include "proc/startup.h"
#include "proc/termination.h"

#define FORMAT(name) (1u << OUTPUT_##name)
#define MANUAL_FORMATS \
	(FORMAT(JSON) | FORMAT(MARKDOWN) | FORMAT(MDOC) | FORMAT(JSON_SCHEMA))

const struct command command_table[] = {
	{"run", "[--] COMMAND [ARG…]", "run the steps, then become or supervise COMMAND",
		WORDS_COMMAND, TO_RUN, .worker = true, .run = command_start},
	{"apply", "", "run the steps, then exit", WORDS_NONE, TO_APPLY, .worker = true,
		.run = command_start},
	{"wait", "", "wait until others have made all steps; make nothing", WORDS_NONE,
		TO_APPLY, .worker = true, .run = command_wait,
		.no_words = "waits for all steps and takes no word: write `groundwork "
			    "--wait WHAT wait` to wait for a service besides, or "
			    "`--only STEP` for some steps"},
	{"exec", "[--] COMMAND [ARG…]", "run no step, only set up and start COMMAND",
		WORDS_COMMAND, TO_EXEC, .worker = true, .run = command_start},
	{"plan", "[COMMAND [ARG…]]",
		"print what a start would do, and why; touch nothing", WORDS_COMMAND,
		TO_PLAN, .formats = FORMAT(JSON), .run = command_inspect},
	{"check", "", "read and validate the configuration", WORDS_NONE, TO_CHECK,
		.run = command_inspect},
	{"list", "", "print the steps in the order in which they run", WORDS_NONE,
		TO_LIST, .formats = FORMAT(JSON) | FORMAT(DOT) | FORMAT(MERMAID),
		.run = command_inspect},
	{"status", "", "print what the last run did; exit with 0 where it succeeded",
		WORDS_NONE, TO_STATUS, .formats = FORMAT(JSON) | FORMAT(SVG),
		.run = command_status},
	{"explain", "[NAME]", "print a manual, a kind, a section or a key",
		WORDS_OPERANDS, .formats = MANUAL_FORMATS, .run = command_explain},
	{"completion", "SHELL", "print the completions of bash, fish or zsh",
		WORDS_OPERANDS, .run = command_completion},
	{"install", "PATH", "copy this program to PATH, atomically", WORDS_OPERANDS,
		.run = command_install},
	{"help", "[NAME]", "print this, or what `explain` does", WORDS_OPERANDS,
		.formats = MANUAL_FORMATS, .run = command_help},
	{"version", "", "print the versions of this program and its libraries",
		WORDS_NONE, .run = command_version},
	{0},
};

static void set_up_log(struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR");
	int level = cli->options.log_level;
	int color = cli->options.color;

	cli->log.fd = STDERR_FILENO;
	cli->log.level = level < 0 ? LOG_INFO : (enum log_level)level;
	cli->log.json = cli->options.log_format == LOG_FORMAT_JSON;
	cli->log.terminal = isatty(STDERR_FILENO);
	if (cli->log.terminal && !cli->log.json)
		cli->log.columns = log_columns(STDERR_FILENO);
	if (color == COLOR_AUTO && cli->log.terminal && !(no_color && *no_color))
		color = COLOR_ALWAYS;
	cli->log.color = color == COLOR_ALWAYS;
}

static int work(void *user, const struct worker *worker)
{
	struct cli *cli = user;

	return cli->options.command->run(cli, worker);
}

static void lost(void *user, const char *why)
{
	command_lost(user, why);
}

/*
 * There is no drop-in, and the command is whole: it is launched as it was found,
 * without a worker. Returns whether that is so; what an option asks for besides is the
 * worker's.
 */
static bool launch_at_once(const struct cli *cli, struct launch *ret)
{
	const struct options *options = &cli->options;
	char **words = options->words;
	const struct log_event event = {
		.level = LOG_INFO, .message = COMMAND_NOTHING_TO_LAY};
	struct log log = cli->log;
	bool unread = false;

	if (!options->command->words || !words || !*words || **words == '-' ||
		options->worker || getenv("GROUNDWORK_ENABLED") ||
		!dropins_absent(conf_search_path))
		return false;
	log.fixed = true; /* not a page of memory is used for it */
	log.unread = &unread;
	log_event(&log, &event);
	*ret = (struct launch)LAUNCH_INIT;
	ret->init = options->init;
	ret->argv = words;
	ret->env = cli->environment;
	return true;
}

/* Always false. Who starts something has other options for what is meant. */
static bool refuse_format(const struct cli *cli, const struct command *command)
{
	CLEANUP_BUF struct buf known = BUF_INIT;

	for (int i = OUTPUT_TEXT; command->formats && output_names[i]; i++)
		if (i == OUTPUT_TEXT || command->formats & 1u << i)
			buf_printf(&known, "%s%s", i ? ", " : "", output_names[i]);
	for (size_t i = 0; !command->formats && cli->commands[i].name; i++)
		if (cli->commands[i].formats)
			buf_printf(&known, "%s'%s'", known.len ? ", " : "",
				cli->commands[i].name);
	if (command->formats)
		log_error(
			&cli->log, "--format: '%s' knows %s", command->name, known.data);
	else
		log_error(&cli->log, "--format is of %s%s", known.data,
			command->worker
				? ": write --log-format for the log, or --report PATH "
				  "for a report in JSON"
				: "");
	return false;
}

/* Whoever writes one of these means to change nothing. */
static const struct {
	const char *name;
	size_t offset; /* of a bool in struct options */
} of_plan[] = {
	{"diff", offsetof(struct options, diff)},
	{"exit-code", offsetof(struct options, exit_code)},
	{"online", offsetof(struct options, online)},
	{"rehearse", offsetof(struct options, rehearse)},
};

/* Always false. */
static bool refuse_of_plan(const struct cli *cli, const char *name)
{
	bool also = str_equal(name, "rehearse") && cli->options.command->worker;

	log_error(&cli->log, "--%s is of 'plan': write `groundwork plan --%s`%s", name,
		name, also ? ", or `rehearse = yes` in the section of the database" : "");
	return false;
}

/* Neither `exec` does, nor what has no worker. */
static bool runs_steps(const struct command *command)
{
	return command->worker && command->purpose != TO_EXEC;
}

/*
 * What is written of an option that does nothing there is an error; a variable is of the
 * container, and what is executed in it besides, or only reads, goes on.
 */
static bool fits_wait(const struct cli *cli, const struct command *command)
{
	bool written = options_written(&cli->options, "wait");

	if (runs_steps(command) || command->purpose == TO_PLAN)
		return true;
	if (written && command->purpose == TO_EXEC)
		log_error(&cli->log,
			"--wait: 'exec' runs no step and waits for nothing: write "
			"`groundwork --wait WHAT run COMMAND`, or `wait` before it");
	else if (written)
		log_error(&cli->log,
			"--wait: '%s' waits for nothing: write `groundwork --wait WHAT "
			"run`, `apply`, `plan` or `wait`",
			command->name);
	else if (command->purpose == TO_EXEC && cli->options.wait.count)
		log_warn(&cli->log,
			"GROUNDWORK_WAIT: 'exec' runs no step and waits for nothing");
	return !written;
}

static bool fits_report(const struct cli *cli, const struct command *command)
{
	if (runs_steps(command) || command->purpose == TO_STATUS ||
		!options_written(&cli->options, "report") || !*cli->options.report)
		return true;
	if (command->purpose == TO_PLAN)
		log_error(&cli->log,
			"--report: 'plan' writes nothing: `groundwork plan --format "
			"json` prints the plan");
	else
		log_error(&cli->log,
			"--report: '%s' runs no step, of which a report could be: write "
			"`groundwork --report PATH run`, `apply`, `wait` or `status`",
			command->name);
	return false;
}

/* Always false. */
static bool refuse_words(const struct cli *cli, const struct command *command)
{
	if (command->no_words)
		log_error(&cli->log, "'%s' %s", command->name, command->no_words);
	else
		log_error(&cli->log,
			"'%s' takes no command, and '%s' is neither an option nor a "
			"subcommand; --help lists both",
			command->name, *cli->options.words);
	return false;
}

/* Do words and options fit the command? */
static bool fits(const struct cli *cli)
{
	const struct options *options = &cli->options;
	const struct command *command = options->command;

	if (!command->words && options->words && *options->words)
		return refuse_words(cli, command);
	if (options->format != OUTPUT_TEXT && !(command->formats & 1u << options->format))
		return refuse_format(cli, command);
	for (size_t i = 0; i < sizeof of_plan / sizeof *of_plan; i++)
		if (*(const bool *)((const char *)options + of_plan[i].offset) &&
			command->purpose != TO_PLAN)
			return refuse_of_plan(cli, of_plan[i].name);
	return fits_wait(cli, command) && fits_report(cli, command);
}

/* Who may write a configuration would be root. */
static bool is_set_id(void)
{
	return getauxval(AT_UID) != getauxval(AT_EUID) ||
		getauxval(AT_GID) != getauxval(AT_EGID);
}

static int dispatch(struct cli *cli, const struct startup *startup, struct err *err)
{
	const struct command *command = cli->options.command;
	const struct execute_search search = {.path = getenv("PATH")};
	uint64_t stack; /* nothing is started that is to have it back */
	struct launch launch;
	struct parent_job job = {
		.work = work,
		.lost = lost,
		.user = cli,
		.log = &cli->log,
		.environment = cli->environment,
	};

	if (cli->options.help)
		return help_print(cli);
	if (cli->options.version)
		return command_version(cli, NULL);
	if (is_set_id()) {
		log_error(&cli->log,
			"this file has the set-user-ID or set-group-ID bit, which would "
			"give the rights of its owner to anybody: chmod a-s it");
		return EXIT_WRONG;
	}
	if (!fits(cli))
		return EXIT_WRONG;
	if (command->worker && launch_at_once(cli, &launch))
		job.at_once = &launch;
	if (job.at_once && command_look_up(cli, &search, err) < 0) {
		log_err(&cli->log, LOG_ERROR, err);
		termination_write(err->text);
		return exit_code_of_launch(err);
	}
	if (command->worker)
		return parent_run(startup, &job);
	startup_restore_dumpable(startup);
	startup_restore_signals(startup);
	if (stack_raise(&stack, err) == 0)
		return command->run(cli, NULL);
	log_err(&cli->log, LOG_ERROR, err);
	return EXIT_FAILED;
}

int cli_main(const struct startup *startup, int argc, char **argv, char **environment)
{
	struct cli cli = {.commands = command_table, .environment = environment};
	DECLARE_ERR(err);
	int code;

	if (options_read(&cli.options, cli.commands, argc, argv, &err) < 0) {
		set_up_log(&cli);
		log_err(&cli.log, LOG_ERROR, &err);
		code = exit_code_of_error(&err);
	} else {
		set_up_log(&cli);
		code = dispatch(&cli, startup, &err);
	}
	options_release(&cli.options);
	return code;
}
