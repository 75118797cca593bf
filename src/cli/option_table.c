/* SPDX-License-Identifier: MIT */
/* What each option means. */
#include <stddef.h>

#include "base/err.h"
#include "cli/options.h"
#include "plan/settings.h"
#include "proc/launch.h"

#define AT(member) offsetof(struct options, member)

static int parse_directory(void *member, const char *text, struct err *err)
{
	const char **ret = member;

	if (!*text)
		return err_config(err, "the directory's name is empty");
	*ret = text;
	return 0;
}

static int parse_init(void *member, const char *text, struct err *err)
{
	int *ret = member;
	bool init;

	if (!bool_parse(text, &init))
		return err_config(err, "'%s' is neither yes nor no", text);
	*ret = init ? LAUNCH_SUPERVISE : LAUNCH_BECOME;
	return 0;
}

/* What is refused is that a subcommand does not know it, with those that it knows. */
static int parse_format(void *member, const char *text, struct err *err)
{
	(void)err;
	if (!choice_parse(output_names, text, member))
		*(int *)member = OUTPUT_UNKNOWN;
	return 0;
}

const char *const output_names[] = {
	"text", "json", "markdown", "mdoc", "dot", "mermaid", "json-schema", "svg", NULL};

const struct option option_table[] = {
	{'c', "config", "PATH", "GROUNDWORK_CONFIG", FIELD_LIST, AT(config),
		.separator = ':', .worker = true,
		.help = "a file or directory instead of the search path"},
	{'C', "base", "DIR", "GROUNDWORK_BASE", FIELD_STRING, AT(base),
		.parse = parse_directory, .worker = true,
		.help = "where relative paths start (default: here)"},
	{0, "state", "DIR", "GROUNDWORK_STATE", FIELD_STRING, AT(state),
		.parse = parse_directory, .worker = true,
		.help = "the directory for what is remembered between starts"},
	{0, "only", "STEP", NULL, FIELD_LIST, AT(only), .worker = true,
		.help = "only these steps and what they require (globs)"},
	{0, "skip", "STEP", NULL, FIELD_LIST, AT(skip), .worker = true,
		.help = "leave out these steps (globs)"},
	{0, "force", "STEP", "GROUNDWORK_FORCE", FIELD_LIST, AT(force), .separator = ' ',
		.worker = true,
		.help = "run these steps' commands even if all is in place (globs)"},
	{0, "wait", "WHAT", "GROUNDWORK_WAIT", FIELD_LIST, AT(wait), .separator = ' ',
		.worker = true,
		.help = "wait for a service (an address), or for steps that others make "
			"(globs)"},
	{0, "timeout", "T", "GROUNDWORK_TIMEOUT", FIELD_DURATION, AT(timeout_ms),
		.min = 1, .worker = true, .help = "how long services are waited for"},
	{0, "deadline", "T", "GROUNDWORK_DEADLINE", FIELD_DURATION, AT(deadline_ms),
		.min = 1, .help = "how long all steps together may take"},
	{0, "init", NULL, "GROUNDWORK_INIT", FIELD_BOOL, AT(init), .parse = parse_init,
		.value = "yes", .help = "supervise the application (default: as PID 1)"},
	{0, "no-init", NULL, NULL, FIELD_BOOL, AT(init), .parse = parse_init,
		.value = "no", .help = "become the application"},
	{'v', "verbose", NULL, NULL, FIELD_ENUM, AT(log_level), .value = "debug",
		.choices = log_level_names, .help = "log more: --log-level debug"},
	{'q', "quiet", NULL, NULL, FIELD_ENUM, AT(log_level), .value = "warn",
		.choices = log_level_names, .help = "log less: --log-level warn"},
	{0, "log-level", "L", "GROUNDWORK_LOG_LEVEL", FIELD_ENUM, AT(log_level),
		.choices = log_level_names, .help = "error, warn, info or debug"},
	{0, "log-format", "F", "GROUNDWORK_LOG_FORMAT", FIELD_ENUM, AT(log_format),
		.choices = log_format_names, .help = "text, or json: an object a line"},
	{0, "color", "WHEN", NULL, FIELD_ENUM, AT(color),
		.choices = (const char *const[]){"auto", "always", "never", NULL},
		.help = "auto, always or never"},
	{0, "report", "PATH", "GROUNDWORK_REPORT", FIELD_STRING, AT(report),
		.worker = true, .help = "write a JSON report to this file"},
	{0, "format", "F", NULL, FIELD_ENUM, AT(format), .choices = output_names,
		.parse = parse_format,
		.help = "text or json; of explain also markdown or mdoc, of list dot "
			"or mermaid, of status svg; json-schema of `report`, `plan` "
			"and `log`"},
	{0, "exit-code", NULL, NULL, FIELD_BOOL, AT(exit_code), .value = "yes",
		.help = "of plan: exit with 2 if something would or may change"},
	{0, "diff", NULL, NULL, FIELD_BOOL, AT(diff), .value = "yes",
		.help = "of plan: show the lines that would change in files"},
	{0, "online", NULL, NULL, FIELD_BOOL, AT(online), .value = "yes",
		.help = "of plan: ask services whether they answer"},
	{0, "rehearse", NULL, NULL, FIELD_BOOL, AT(rehearse), .value = "yes",
		.help = "of plan: try pending migrations on a copy of the database"},
	{'h', "help", NULL, NULL, FIELD_BOOL, AT(help), .value = "yes",
		.help = "print this"},
	{0, "version", NULL, NULL, FIELD_BOOL, AT(version), .value = "yes",
		.help = "print the versions of this program and its libraries"},
	{0},
};
