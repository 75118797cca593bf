/* SPDX-License-Identifier: MIT */
/* The members of the report and of a plan. */
#include "plan/report_member.h"

#include "base/buf.h"
#include "plan/run.h"

static const char *const statuses[] = {"success", "error", "running", NULL};
static const char *const ended[] = {"success", "error", NULL};
static const char *const phases[] = {"configuration", "steps", NULL};

static const struct member boot_members[] = {
	{"id", MEMBER_STRING, .help = "of the kernel's boot"},
	{"pid_namespace", MEMBER_INTEGER, .help = "its inode"},
	{"init_start", MEMBER_INTEGER,
		.help = "when PID 1 was started there, in clock ticks since the boot"},
	{0},
};

static const struct member file_members[] = {
	{"path", MEMBER_STRING, .help = "as it was found"},
	{"blake2b", MEMBER_STRING, .help = "its digest, BLAKE2b-256 in hexadecimal"},
	{0},
};

static const struct member error_members[] = {
	{"file", MEMBER_STRING, MEMBER_SOMETIMES, .help = "the drop-in"},
	{"line", MEMBER_COUNT, MEMBER_SOMETIMES, .help = "the line in it"},
	{"message", MEMBER_STRING, .help = "what is wrong"},
	{0},
};

static const struct member wait_members[] = {
	{"for", MEMBER_STRING, .choices = waited_for_names,
		.help = "services of `requires`, the lock of the state directory, the "
			"next try, or others who make it (`--wait`)"},
	{"started_ms", MEMBER_NUMBER, .help = "since the steps began"},
	{"duration_ms", MEMBER_NUMBER, .help = "how long"},
	{0},
};

static const struct member awaited_members[] = {
	{"services", MEMBER_STRINGS, .help = "their addresses"},
	{"status", MEMBER_STRING, MEMBER_SOMETIMES, .choices = ended,
		.help = "what came out; as they are waited for, there is none"},
	{"message", MEMBER_STRING, MEMBER_SOMETIMES,
		.help = "which were reached and when, or why not"},
	{"started_ms", MEMBER_NUMBER, MEMBER_SOMETIMES, .help = "0"},
	{"duration_ms", MEMBER_NUMBER, MEMBER_SOMETIMES, .help = "how long"},
	{0},
};

static const struct member step_members[] = {
	{"id", MEMBER_STRING, .help = "its id"},
	{"kind", MEMBER_STRING, .help = "its kind"},
	{"description", MEMBER_STRING, MEMBER_SOMETIMES,
		.help = "what it is for, as its `description` is written"},
	{"file", MEMBER_STRING, MEMBER_SOMETIMES, .help = "the file that declares it"},
	{"line", MEMBER_COUNT, MEMBER_SOMETIMES, .help = "the line in it"},
	{"order", MEMBER_INTEGER, .help = "its `order`"},
	{"status", MEMBER_STRING, .choices = status_names, .help = "what became of it"},
	{"result", MEMBER_STRING,
		.help = "the same in the word of the log: made, changed, removed, in "
			"place, kept as it was, left out, failed or not run"},
	{"message", MEMBER_STRING, .help = "what it has done, or why not"},
	{"warnings", MEMBER_STRINGS, .help = "what was warned of meanwhile"},
	{"started_ms", MEMBER_NUMBER, .help = "since the steps began"},
	{"duration_ms", MEMBER_NUMBER, .help = "how long it took"},
	{"waits", MEMBER_OBJECTS, .members = wait_members,
		.help = "what it has waited for within that time"},
	{"requires", MEMBER_STRINGS, .help = "ids of steps, and addresses of services"},
	{"changed", MEMBER_BOOL, .help = "whether it has changed something"},
	{"left_out", MEMBER_BOOL,
		.help = "whether it was skipped without a look at what is there"},
	{0},
};

const struct member report_members[] = {
	{"version", MEMBER_INTEGER, .help = "1; members may be added to it"},
	{"status", MEMBER_STRING, .choices = statuses, .help = "how it ended"},
	{"phase", MEMBER_STRING, .choices = phases, .help = "how far it came"},
	{"success", MEMBER_COUNT, MEMBER_AT_END,
		.help = "steps that have done something"},
	{"skipped", MEMBER_COUNT, MEMBER_AT_END,
		.help = "steps in place, and steps that were left out"},
	{"left_out", MEMBER_COUNT, MEMBER_AT_END,
		.help = "of these, those that were not selected, are not enabled, or "
			"whose `when` does not hold"},
	{"failed", MEMBER_COUNT, MEMBER_AT_END, .help = "steps that failed"},
	{"not_run", MEMBER_COUNT, MEMBER_AT_END, .help = "steps behind a failure"},
	{"total", MEMBER_COUNT, .help = "all steps"},
	{"started", MEMBER_TIME, .help = "when the steps began"},
	{"duration_ms", MEMBER_NUMBER, MEMBER_AT_END, .help = "how long they took"},
	{"groundwork", MEMBER_STRING, .help = "the version of the program"},
	{"host", MEMBER_STRING, .help = "the host name"},
	{"pid", MEMBER_INTEGER, .help = "the process that has written it"},
	{"pid_start", MEMBER_INTEGER,
		.help = "when that was started, in clock ticks since the boot"},
	{"boot", MEMBER_OBJECT, .members = boot_members,
		.help = "which boot of which container it is of"},
	{"step", MEMBER_STRING, MEMBER_MEANWHILE, .help = "the step that is at work"},
	{"step_started", MEMBER_TIME, MEMBER_MEANWHILE,
		.help = "when it had something to do"},
	{"config", MEMBER_OBJECTS, MEMBER_AT_END, .members = file_members,
		.help = "the drop-ins that were read"},
	{"errors", MEMBER_OBJECTS, MEMBER_AT_END, .members = error_members,
		.help = "what is wrong with the configuration, or ended the steps"},
	{"wait", MEMBER_OBJECT, MEMBER_SOMETIMES, .members = awaited_members,
		.help = "the services that were waited for before the steps (`--wait`)"},
	{"steps", MEMBER_OBJECTS, MEMBER_AT_END, .members = step_members,
		.help = "all steps, in the order in which they run"},
	{0},
};

void report_schema(struct buf *ret)
{
	member_schema("groundwork's report", report_members, ret);
	buf_puts(ret,
		",\"if\":{\"properties\":{\"status\":{\"const\":\"running\"}}},"
		"\"else\":{");
	member_required(report_members, MEMBER_AT_END, ret);
	buf_puts(ret, "}}\n");
}

/* ---- a plan ---- */

static const char *const marks[] = {"+", "~", "-", NULL};

static const struct member forecast_step_members[] = {
	{"id", MEMBER_STRING, .help = "its id"},
	{"kind", MEMBER_STRING, .help = "its kind"},
	{"description", MEMBER_STRING, MEMBER_SOMETIMES,
		.help = "what it is for, as its `description` is written"},
	{"order", MEMBER_INTEGER, .help = "its `order`"},
	{"requires", MEMBER_STRINGS, .help = "ids of steps, and addresses of services"},
	{"forecast", MEMBER_STRING, .choices = forecast_names,
		.help = "what would become of it; left out, too, if an earlier failure "
			"would keep it from its turn"},
	{"mark", MEMBER_STRING, MEMBER_SOMETIMES, .choices = marks,
		.help = "of a change, what kind of one: made, changed, removed"},
	{"message", MEMBER_STRING, .help = "what it would do, or why not"},
	{"diff", MEMBER_STRING, MEMBER_SOMETIMES,
		.help = "with `--diff`, the lines that would change"},
	{"warnings", MEMBER_STRINGS, .help = "what was warned of meanwhile"},
	{0},
};

static const struct member forecast_wait_members[] = {
	{"services", MEMBER_STRINGS, .help = "their addresses"},
	{"forecast", MEMBER_STRING, .choices = forecast_names,
		.help = "unknown, or with `--online` in place, where they answer"},
	{"message", MEMBER_STRING, .help = "what they answer now"},
	{0},
};

static const struct member forecast_members[] = {
	{"version", MEMBER_INTEGER, .help = "1; members may be added to it"},
	{"changes", MEMBER_COUNT, .help = "steps that would change something, or may"},
	{"errors", MEMBER_COUNT,
		.help = "steps that would fail, or else what is in `problems`"},
	{"problems", MEMBER_OBJECTS, MEMBER_SOMETIMES, .members = error_members,
		.help = "what is wrong with the configuration, or with the start"},
	{"wait", MEMBER_OBJECT, MEMBER_SOMETIMES, .members = forecast_wait_members,
		.help = "the services that are waited for before the steps (`--wait`)"},
	{"steps", MEMBER_OBJECTS, .members = forecast_step_members,
		.help = "all steps, in the order in which they would run"},
	{0},
};

void forecast_schema(struct buf *ret)
{
	member_schema("groundwork's plan", forecast_members, ret);
	buf_puts(ret, "}\n");
}
