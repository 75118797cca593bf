/* SPDX-License-Identifier: MIT */
/* The keys of [bootstrap] and [app], and what each is for. */
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/signal_name.h"
#include "base/str.h"
#include "conf/convert.h"
#include "plan/settings.h"
#include "proc/activity.h"
#include "step/from_file.h"
#include "step/when.h"

#define BOOTSTRAP(member) offsetof(struct bootstrap_settings, member)
#define APP(member)       offsetof(struct app_settings, member)

#define LAUNCH(member) offsetof(struct app_settings, launch.member)
/* A member of struct launch that is made by a parser of its own. */
#define PARSED(member, parser) \
	LAUNCH(member), .size = sizeof(((struct launch *)NULL)->member), \
			.parse = (parser), .plain = true

const char *const log_level_names[] = {"error", "warn", "info", "debug", NULL};
const char *const log_format_names[] = {"text", "json", NULL};

const struct field settings_bootstrap_fields[] = {
	{"enabled", FIELD_BOOL, BOOTSTRAP(enabled), "yes",
		.help = "whether any step is run"},
	{"when", FIELD_CONDITIONS, BOOTSTRAP(when), .check = when_check_settings,
		.conditions = when_conditions,
		.help = "conditions under which steps are run, as those of a step",
		.example = "command:server"},
	{"timeout", FIELD_DURATION, BOOTSTRAP(timeout_ms), "30s", .min = 1,
		.help = "how long services are waited for; those in `requires` 10s "
			"unless this is written"},
	{"deadline", FIELD_DURATION, BOOTSTRAP(deadline_ms), "none", .min = 1,
		.help = "how long all steps together may take"},
	{"retry_attempts", FIELD_COUNT, BOOTSTRAP(retry_attempts), "3",
		.help = "`retries` of steps that do not write it",
		.elsewhere = "retry retries attempts"},
	{"retry_delay", FIELD_DURATION, BOOTSTRAP(retry_delay_ms), "500ms",
		.help = "`retry_delay` of steps that do not write it"},
	{"fail_fast", FIELD_BOOL, BOOTSTRAP(fail_fast), "yes",
		.help = "whether the first failure keeps all later steps from running"},
	{"modules", FIELD_READ_PATHS, BOOTSTRAP(modules),
		.help = "directories of modules, which bring steps of their own; "
			"one behind a `-` may be missing, or empty",
		.example = "-/app/modules"},
	{"databases", FIELD_PATH, BOOTSTRAP(databases), .needs = "modules",
		.help = "the directory of databases that a module's manifest asks for "
			"and nothing declares",
		.example = "/data/db"},
	{"report", FIELD_PATH, BOOTSTRAP(report), .none = true,
		.help = "the file for the JSON report; with `state` it is one in there",
		.example = "data/report.json"},
	{"metrics", FIELD_PATH, BOOTSTRAP(metrics), .none = true,
		.help = "the file for the figures of the report in Prometheus's format",
		.example = "/metrics/app.prom"},
	{"state", FIELD_PATH, BOOTSTRAP(state),
		.help = "the directory for what is remembered between starts",
		.example = "/data/.groundwork"},
	{"log_level", FIELD_ENUM, BOOTSTRAP(log_level), "info",
		.choices = log_level_names, .help = "how much is logged"},
	{"log_format", FIELD_ENUM, BOOTSTRAP(log_format), "text",
		.choices = log_format_names,
		.help = "how it is logged: lines of text, or an object of JSON a line"},
	{0},
};

static int parse_umask(void *member, const char *text, struct err *err)
{
	static const struct field mode = {.type = FIELD_MODE};
	const struct conversion how = {0};
	struct field_mode converted;
	int *ret = member;

	if (convert(&mode, text, &how, &converted, err) < 0)
		return -1;
	if (converted.mode > 0777)
		return err_config(err, "is at most 0777");
	*ret = (int)converted.mode;
	return 0;
}

static int parse_signal_or_none(void *member, const char *text, struct err *err)
{
	bool none = !*text || strcasecmp(text, "none") == 0;

	return none ? 0 : signal_parse(text, member, err);
}

const struct field settings_app_fields[] = {
	{"command", FIELD_COMMAND, APP(command), .part = APP_COMMAND,
		.help = "what is started if the command line names nothing",
		.elsewhere = "cmd run exec exec_start entrypoint program",
		.group = "What runs"},
	{"arguments", FIELD_LIST, APP(arguments), "-*", .part = APP_COMMAND,
		.globs = true, .commas = true, .needs = "command",
		.help = "globs on the first word behind `--`: where one matches, the "
			"words are appended to `command`",
		.example = "-* *.conf"},
	{"workdir", FIELD_PATH, LAUNCH(workdir),
		.help = "its working directory (default: groundwork's)",
		.elsewhere = "cwd dir chdir directory working_dir "
			     "working_directory",
		.example = "/srv/app"},
	{"umask", FIELD_MODE, PARSED(umask, parse_umask),
		.help = "its umask (default: as found)", .example = "0027"},
	{"limits", FIELD_LIST, PARSED(limits, limits_add),
		.help = "resource limits, as NAME=SOFT or NAME=SOFT:HARD",
		.example = "nofile=4096 core=0:unlimited",
		.elsewhere = "ulimit ulimits rlimits"},
	{"user", FIELD_STRING, APP(user), .plain = true, .part = APP_IDENTITY,
		.help = "whom it runs as, USER or USER:GROUP; also owns what is made",
		.example = "nobody", .group = "As whom", .elsewhere = "run_as uid"},
	{"group", FIELD_GROUP, APP(group), .part = APP_IDENTITY,
		.help = "its group (default: the user's own)"},
	{"groups", FIELD_LIST, APP(groups), .plain = true, .part = APP_IDENTITY,
		.help = "its supplementary groups, instead of the user's",
		.example = "audio video"},
	{"account", FIELD_STRING, APP(account), .plain = true, .part = APP_IDENTITY,
		.help = "the name of its numbers and its home, NAME:HOME: before the "
			"first step their entries in /etc/passwd and /etc/group are "
			"changed, or made",
		.example = "git:/data/git"},
	{"capabilities", FIELD_LIST, PARSED(capabilities, capabilities_add),
		.help = "those it keeps, `all` or `none` (default: those of its user)",
		.example = "net_bind_service"},
	{"no_new_privs", FIELD_BOOL, LAUNCH(no_new_privs), "no",
		.help = "whether programs it executes can gain no rights (set-ID bits)"},
	{"clear_env", FIELD_BOOL, APP(clear_env), "no",
		.help = "whether to start with an empty environment",
		.group = "With which environment"},
	{"env_file", FIELD_READ_PATHS, APP(env_file), .part = APP_VARIABLES,
		.help = "files of NAME=value lines; one behind a `-` may be missing",
		.elsewhere = "environment_file env_files"},
	{"env_from_file", FIELD_LIST, APP(env_from_file), .plain = true,
		.part = APP_VARIABLES, .check = from_file_check_word,
		.elsewhere = "file_env",
		.help = "variables whose value may be in the file that NAME_FILE names",
		.example = "DB_PASSWORD GITEA__*__FILE !DATE_FILE"},
	{"env", FIELD_ENV, APP(env), .help = "variables of its environment",
		.elsewhere = "environment environ envs"},
	{"unset_env", FIELD_GLOBS, APP(unset_env),
		.help = "variables that are taken out of its environment"},
	{"init", FIELD_ENUM, LAUNCH(init), "auto", .part = APP_SUPERVISION,
		.choices = (const char *const[]){"auto", "yes", "no", NULL},
		.help = "whether to supervise it (`auto`: as PID 1) or become it",
		.group = "How it is supervised"},
	{"signals", FIELD_LIST, PARSED(signals.becomes, rewriting_add_signal),
		.part = APP_SUPERVISION,
		.help = "what a signal is forwarded as; `HUP=none` drops it",
		.example = "TERM=QUIT HUP=none"},
	{"stop_signals", FIELD_LIST, PARSED(signals.stops, signal_parse_bit),
		.part = APP_SUPERVISION,
		.help = "signals that start `stop_timeout`, as they are received or as "
			"they are forwarded; `+= QUIT` adds one",
		.example = "TERM INT QUIT", .def = "TERM INT"},
	{"kill_mode", FIELD_ENUM, LAUNCH(kill_mode), "process", .part = APP_SUPERVISION,
		.choices = (const char *const[]){"process", "group", NULL},
		.help = "who gets signals: the process alone, or its process group"},
	{"stop_timeout", FIELD_DURATION, LAUNCH(stop_timeout_ms), "none",
		.part = APP_SUPERVISION,
		.help = "how long it may take to end after one of `stop_signals`, until "
			"KILL; a second one at least 0.5s later kills it at once. "
			"The command of a step always has 4.5s",
		.elsewhere = "stop_grace_period grace_period timeout_stop_sec "
			     "kill_timeout termination_grace_period_seconds"},
	{"stop_delay", FIELD_DURATION, LAUNCH(stop_delay_ms), "0",
		.part = APP_SUPERVISION,
		.help = "how long a stop signal is held back, within `stop_timeout`, "
			"while load balancers learn of it; one 0.5s later ends that",
		.example = "5s"},
	{"reload", FIELD_STRING, PARSED(reload, parse_signal_or_none),
		.part = APP_SUPERVISION,
		.help = "the signal it gets when sources have changed", .example = "HUP"},
	{"reload_watch", FIELD_READ_PATHS, APP(reload_watch), .part = APP_SUPERVISION,
		.needs = "reload",
		.help = "these have steps run again; one behind a `-` may be missing"},
	{"leftover_timeout", FIELD_DURATION, LAUNCH(leftover_timeout_ms), "1s",
		.part = APP_SUPERVISION,
		.help = "how long what it leaves running may take to end, until KILL; "
			"what a step's command leaves always has 4.5s"},
	{"exit_codes", FIELD_LIST, PARSED(exit_codes, rewriting_add_exit_code),
		.part = APP_SUPERVISION,
		.help = "what its exit code becomes; `TERM=0` is the same as `143=0`",
		.example = "143=0"},
	{"parent_death_signal", FIELD_STRING, PARSED(death_signal, parse_signal_or_none),
		.part = APP_SUPERVISION,
		.help = "the signal it gets when the process that started it dies",
		.example = "TERM"},
	{0},
};

static const struct field no_fields[] = {{0}};

const struct settings_section settings_sections[] = {
	{
		.name = "app",
		.summary = "what is started, as whom, with which environment",
		.fields = settings_app_fields,
		.example = "[app]\n"
			   "command = ./server --port ${PORT:-8080}\n"
			   "user = nobody\n"
			   "env =\n"
			   "  MODE=production\n"
			   "stop_timeout = 20s\n",
	},
	{
		.name = "bootstrap",
		.summary = "whether and how the steps are run",
		.fields = settings_bootstrap_fields,
		.example = "[bootstrap]\n"
			   "when = command:server\n"
			   "deadline = 5min\n",
	},
	{
		.name = "env",
		.summary = "variables for the steps and the application",
		.fields = no_fields,
		.variables = true,
		.example = "[env]\n"
			   "PORT = ${PORT:-8080}\n"
			   "LISTEN = 0.0.0.0:${PORT}\n"
			   "DEBUG =\n",
	},
	{0},
};

_Static_assert(
	sizeof settings_app_fields / sizeof *settings_app_fields <= ACTIVITY_KEYS_MAX + 1,
	"reload compares each key of [app]");

enum app_part settings_app_part(const struct field *field)
{
	return (enum app_part)field->part;
}

bool settings_app_is_of_supervisor(const struct field *field)
{
	return settings_app_part(field) == APP_SUPERVISION &&
		!str_equal(field->name, "init") &&
		!str_equal(field->name, "parent_death_signal");
}
