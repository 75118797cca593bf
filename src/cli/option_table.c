/* SPDX-License-Identifier: MIT */
/* What each option means. */
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cli/options.h"
#include "conf/field.h"
#include "plan/settings.h"
#include "proc/launch.h"

static void add_word(struct options *options, struct words *words, const char *value)
{
	const char **list =
		arena_alloc(&options->arena, (words->count + 2) * sizeof *list);

	for (size_t i = 0; i < words->count; i++)
		list[i] = words->list[i];
	list[words->count++] = value;
	words->list = list;
}

static int set_config(struct options *options, const char *value, struct err *err)
{
	(void)err;
	add_word(options, &options->config, value);
	return 0;
}

static int set_base(struct options *options, const char *value, struct err *err)
{
	if (!*value)
		return err_set(err, ERR_USAGE, "--base: the folder's name is empty");
	options->base = value;
	return 0;
}

static int set_only(struct options *options, const char *value, struct err *err)
{
	(void)err;
	add_word(options, &options->only, value);
	return 0;
}

static int set_skip(struct options *options, const char *value, struct err *err)
{
	(void)err;
	add_word(options, &options->skip, value);
	return 0;
}

static int set_force(struct options *options, const char *value, struct err *err)
{
	(void)err;
	add_word(options, &options->force, value);
	return 0;
}

static int set_deadline(struct options *options, const char *value, struct err *err)
{
	if (!duration_parse(value, &options->deadline_ms))
		return err_set(err, ERR_USAGE,
			"--deadline: '%s' is no duration; write 30s, 500ms, 2min or none",
			value);
	options->deadline_given = true;
	return 0;
}

static int set_init(struct options *options, const char *value, struct err *err)
{
	bool init = true;

	if (value && !bool_parse(value, &init))
		return err_set(
			err, ERR_USAGE, "--init: '%s' is neither yes nor no", value);
	options->init = init ? LAUNCH_SUPERVISE : LAUNCH_BECOME;
	return 0;
}

static int set_no_init(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->init = LAUNCH_BECOME;
	return 0;
}

static int set_verbose(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->log_level = LOG_DEBUG;
	return 0;
}

static int set_quiet(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->log_level = LOG_WARN;
	return 0;
}

/* The index of `value` in `names`, or an error that lists them. */
static int choose(const char *option, const char *const *names, const char *value,
	int *ret, struct err *err)
{
	for (int i = 0; names[i]; i++)
		if (str_equal(names[i], value)) {
			*ret = i;
			return 0;
		}
	err_set(err, ERR_USAGE, "%s: '%s' is none of", option, value);
	for (int i = 0; names[i]; i++)
		err_append(err, "%s%s", i ? ", " : " ", names[i]);
	return -1;
}

static int set_log_level(struct options *options, const char *value, struct err *err)
{
	return choose("--log-level", log_level_names, value, &options->log_level, err);
}

static int set_color(struct options *options, const char *value, struct err *err)
{
	static const char *const names[] = {"auto", "always", "never", NULL};

	return choose("--color", names, value, &options->color, err);
}

static int set_report(struct options *options, const char *value, struct err *err)
{
	(void)err;
	options->report = value;
	return 0;
}

static int set_format(struct options *options, const char *value, struct err *err)
{
	static const char *const names[] = {"text", "json", "markdown", "mdoc", NULL};

	return choose("--format", names, value, &options->format, err);
}

static int set_exit_code(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->exit_code = true;
	return 0;
}

static int set_help(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->help = true;
	return 0;
}

static int set_version(struct options *options, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	options->version = true;
	return 0;
}

const struct option option_table[] = {
	{'c', "config", "PATH", "GROUNDWORK_CONFIG", ':',
		"a file or directory instead of the search path", set_config},
	{'C', "base", "DIR", "GROUNDWORK_BASE", 0,
		"where relative paths start (default: here)", set_base},
	{0, "only", "STEP", NULL, 0, "only these steps and what they require (globs)",
		set_only},
	{0, "skip", "STEP", NULL, 0, "leave out these steps (globs)", set_skip},
	{0, "force", "STEP", "GROUNDWORK_FORCE", ' ',
		"do these steps even if all is in place (globs)", set_force},
	{0, "deadline", "T", "GROUNDWORK_DEADLINE", 0,
		"how long all steps together may take", set_deadline},
	{0, "init", NULL, "GROUNDWORK_INIT", 0,
		"supervise the application (default: as PID 1)", set_init},
	{0, "no-init", NULL, NULL, 0, "become the application", set_no_init},
	{'v', "verbose", NULL, NULL, 0, "log more: --log-level debug", set_verbose},
	{'q', "quiet", NULL, NULL, 0, "log less: --log-level warn", set_quiet},
	{0, "log-level", "L", "GROUNDWORK_LOG_LEVEL", 0, "error, warn, info or debug",
		set_log_level},
	{0, "color", "WHEN", NULL, 0, "auto, always or never", set_color},
	{0, "report", "PATH", "GROUNDWORK_REPORT", 0, "write a JSON report to this file",
		set_report},
	{0, "format", "F", NULL, 0, "text or json; of explain also markdown or mdoc",
		set_format},
	{0, "exit-code", NULL, NULL, 0, "of plan: exit with 2 if something would change",
		set_exit_code},
	{'h', "help", NULL, NULL, 0, "print this", set_help},
	{0, "version", NULL, NULL, 0,
		"print the versions of this program and its libraries", set_version},
	{0},
};
